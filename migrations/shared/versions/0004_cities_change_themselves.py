"""What a city says of itself is changed by the city: opening hours, the sender of its mails, a theme by its colour; its own row alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHANGED = (
    "name, name_kana, name_en, postal_code, address, phone, center, theme, opens, closes, mail_name, reply_to, number"
)
_OWN = "'city_' || replace(key, '-', '_') = current_user"


def upgrade() -> None:
    op.add_column("city", sa.Column("opens", sa.Text(), nullable=False, server_default="8:30"))
    op.add_column("city", sa.Column("closes", sa.Text(), nullable=False, server_default="17:15"))
    op.add_column("city", sa.Column("mail_name", sa.Text(), nullable=True))
    op.add_column("city", sa.Column("reply_to", sa.Text(), nullable=True))
    op.add_column("city", sa.Column("number", sa.BigInteger(), nullable=False, server_default="1"))
    # themes bore the names of the cities of the demo; any other name looked like the first of them
    op.execute("UPDATE city SET theme = CASE theme WHEN 'mitaka' THEN 'green' WHEN 'hino' THEN 'cyan' ELSE 'blue' END")
    for statement in (
        "ALTER TABLE city ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY read_by_all ON city FOR SELECT USING (true)",
        f"CREATE POLICY changed_by_itself ON city FOR UPDATE USING ({_OWN}) WITH CHECK ({_OWN})",
        "GRANT SELECT ON city TO PUBLIC",
        f"GRANT UPDATE ({_CHANGED}) ON city TO PUBLIC",
    ):
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        f"REVOKE UPDATE ({_CHANGED}) ON city FROM PUBLIC",
        "REVOKE SELECT ON city FROM PUBLIC",
        "DROP POLICY changed_by_itself ON city",
        "DROP POLICY read_by_all ON city",
        "ALTER TABLE city DISABLE ROW LEVEL SECURITY",
        "UPDATE city SET theme = CASE theme WHEN 'green' THEN 'mitaka' WHEN 'cyan' THEN 'hino' ELSE 'tachikawa' END",
    ):
        op.execute(statement)
    for column in ("number", "reply_to", "mail_name", "closes", "opens"):
        op.drop_column("city", column)
