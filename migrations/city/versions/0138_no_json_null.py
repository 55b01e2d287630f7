"""No JSON null where a column keeps nothing: it could be neither opened nor sealed under another key."""

from alembic import op

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("case_file", "conditions"),
    ("case_file", "granted"),
    ("case_file", "taken_in"),
    ("draft", "taken_in"),
    ("payment_attempt", "voucher"),
    ("payment_attempt", "transfer_account"),
    ("payment_attempt", "payer"),
)


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.execute(f"UPDATE {table} SET {column} = NULL WHERE jsonb_typeof({column}) = 'null'")


def downgrade() -> None:
    pass
