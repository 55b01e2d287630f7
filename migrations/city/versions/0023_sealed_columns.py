"""An account is found by a keyed digest of its address, since the address itself is sealed from now on.

What other columns hold in clear stays readable and is sealed by `madoguchi keys reseal`.
"""

import sqlalchemy as sa
from alembic import op

from portal.core.crypto import fingerprint

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AT_A_TIME = 5000


def upgrade() -> None:
    op.add_column("account", sa.Column("email_fingerprint", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    last = 0
    while True:
        query = sa.text("SELECT id, email FROM account WHERE id > :last ORDER BY id LIMIT :most")
        rows = connection.execute(query, {"last": last, "most": _AT_A_TIME}).all()
        if not rows:
            break
        change = sa.text("UPDATE account SET email_fingerprint = :digest WHERE id = :id")
        connection.execute(change, [{"id": row.id, "digest": fingerprint("account.email", row.email)} for row in rows])
        last = rows[-1].id
    op.alter_column("account", "email_fingerprint", nullable=False)
    op.create_unique_constraint("uq_account_email_fingerprint", "account", ["email_fingerprint"])
    op.drop_constraint("uq_account_email", "account")
    op.drop_index("ix_login_code_email_created_at", "login_code")
