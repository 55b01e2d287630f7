"""Pictures that definitions show."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "procedure_picture",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("published", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name="fk_procedure_picture_procedure_id"),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name="fk_procedure_picture_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_procedure_picture"),
        sa.UniqueConstraint("procedure_id", "name", name="uq_procedure_picture_procedure_id_name"),
    )
