"""Documents that decisions issue, as anybody may check them, and the certificates that they are signed with."""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None

_BEFORE = "'payment_details', 'payment_confirmation', 'payment_slip', 'receipt', 'demand'"


def upgrade() -> None:
    op.create_table(
        "issued_document",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("check_code", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), server_default="valid", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('valid', 'superseded', 'revoked')", name=op.f("ck_issued_document_status")),
        sa.CheckConstraint("(status = 'valid') = (ended_at IS NULL)", name=op.f("ck_issued_document_ended")),
        sa.CheckConstraint(
            "(status = 'superseded') = (superseded_by IS NOT NULL)", name=op.f("ck_issued_document_superseded")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_issued_document_document_id_document")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_issued_document_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["document.id"], name=op.f("fk_issued_document_superseded_by_document")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("number", name=op.f("uq_issued_document_number")),
    )
    op.create_index("ix_issued_document_case_id", "issued_document", ["case_id"])
    op.create_table(
        "signing_certificate",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("issuers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_certificate")),
        sa.UniqueConstraint("certificate", name=op.f("uq_signing_certificate_certificate")),
    )
    op.drop_constraint("ck_document_kind", "document")
    op.create_check_constraint("ck_document_kind", "document", f"kind IN ({_BEFORE}, 'decision')")
    op.create_index(
        "ix_document_content_hash", "document", ["content_hash"], postgresql_where=sa.text("kind = 'decision'")
    )


def downgrade() -> None:
    op.drop_index("ix_document_content_hash", table_name="document")
    op.execute("DELETE FROM document_content WHERE document_id IN (SELECT id FROM document WHERE kind = 'decision')")
    op.drop_table("issued_document")
    op.execute("DELETE FROM document WHERE kind = 'decision'")
    op.drop_constraint("ck_document_kind", "document")
    op.create_check_constraint("ck_document_kind", "document", f"kind IN ({_BEFORE})")
    op.drop_table("signing_certificate")
