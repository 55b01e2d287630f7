"""Files of card companies, their lines, and what the headings of each company's files mean."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OUTCOMES = "'matches', 'amount', 'unknown', 'settled', 'reversed', 'twice', 'canceled', 'missing'"
_SAME = ("company", "slip_number", "brand", "day", "gross", "fee", "occurrence")
_OF_LINE = {
    "statement_id": "card_statement",
    "entry_id": "till_entry",
    "settlement_id": "card_settlement",
    "explained_by": "staff",
}


def upgrade() -> None:
    op.create_table(
        "card_company",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("columns", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_card_company"),
    )
    op.create_table(
        "card_statement",
        _id(),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("taken_at", _MOMENT),
        sa.ForeignKeyConstraint(["company"], ["card_company.name"], name="fk_card_statement_company"),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name="fk_card_statement_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_card_statement"),
    )
    op.create_index("ix_card_statement_company", "card_statement", ["company"])
    op.create_index(
        "uq_card_statement_taken",
        "card_statement",
        ["digest"],
        unique=True,
        postgresql_where=sa.text("taken_at IS NOT NULL"),
    )
    op.create_table(
        "card_statement_line",
        _id(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("company", "slip_number", "brand", "outcome")),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("gross", "fee", "occurrence", "difference")),
        *(sa.Column(name, sa.BigInteger(), nullable=name != "statement_id") for name in _OF_LINE),
        sa.Column("explanation", sa.Text()),
        sa.Column("explained_at", _MOMENT),
        sa.CheckConstraint(f"outcome IN ({_OUTCOMES})", name=op.f("ck_card_statement_line_outcome")),
        sa.CheckConstraint(
            "(explanation IS NULL) = (explained_at IS NULL)", name=op.f("ck_card_statement_line_explained")
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_card_statement_line_{name}")
            for name, table in _OF_LINE.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_card_statement_line"),
    )
    for name in ("statement_id", "entry_id", "settlement_id"):
        op.create_index(f"ix_card_statement_line_{name}", "card_statement_line", [name])
    _line_index("uq_card_statement_line_once", _SAME, "outcome <> 'missing'", unique=True)
    _line_index("uq_card_statement_line_missing", ("entry_id",), "outcome = 'missing'", unique=True)
    _line_index(
        "ix_card_statement_line_open", ("id",), "explained_at IS NULL AND (difference <> 0 OR outcome = 'missing')"
    )
    op.add_column("card_settlement", sa.Column("statement_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_card_settlement_statement_id", "card_settlement", "card_statement", ["statement_id"], ["id"]
    )
    op.create_index("uq_card_settlement_statement_day", "card_settlement", ["statement_id", "paid_on"], unique=True)
    op.drop_constraint("ck_card_settlement_fee", "card_settlement")
    op.create_check_constraint(
        op.f("ck_card_settlement_fee"), "card_settlement", "statement_id IS NOT NULL OR (0 <= fee AND fee <= gross)"
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _line_index(name: str, columns: tuple[str, ...], where: str, *, unique: bool = False) -> None:
    op.create_index(name, "card_statement_line", list(columns), unique=unique, postgresql_where=sa.text(where))
