"""The tree of a published version is kept in the order of its text, so that a definition can be made of it without reading the text."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE procedure_version ALTER COLUMN document TYPE json USING document::text::json")
