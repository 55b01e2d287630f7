"""The trail of events is read by time, kind and person; auditors have a role and ask for checks of the chain."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None

_FORMER = "'clerk', 'decider', 'cashier', 'inspector', 'publisher', 'accountant', 'admin'"
_BUILT_IN = "'clerk', 'decider', 'cashier', 'inspector', 'publisher', 'accountant', 'auditor', 'admin'"

# Who holds a role of the city's own of that name must not read the trail because of an upgrade.
_REFUSE_OWN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM city_role WHERE key = 'auditor') THEN
        RAISE EXCEPTION 'the city has a role of its own called auditor: before the upgrade, make one with another key and remove this one';
    END IF;
END $$
"""


def upgrade() -> None:
    op.execute(_REFUSE_OWN)
    _tell_apart(_BUILT_IN)
    op.create_index("ix_event_at", "event", ["at", "id"])
    op.create_index("ix_event_name", "event", ["name", "at", "id"])
    op.create_index(
        "ix_event_staff", "event", ["actor_id", "at", "id"], postgresql_where=sa.text("actor_kind = 'staff'")
    )
    op.create_table(
        "audit_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_event", sa.BigInteger(), nullable=False),
        sa.Column("reached", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'walking', 'done', 'lost')", name="ck_audit_run_state"),
        sa.ForeignKeyConstraint(["check_id"], ["audit_check.id"], name="fk_audit_run_check_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_run"),
    )
    op.execute("CREATE UNIQUE INDEX uq_audit_run_under_way ON audit_run ((true)) WHERE state IN ('waiting', 'walking')")


def downgrade() -> None:
    op.drop_table("audit_run")
    for index in ("ix_event_staff", "ix_event_name", "ix_event_at"):
        op.drop_index(index, "event")
    op.execute("DELETE FROM staff_role WHERE role = 'auditor'")
    _tell_apart(_FORMER)


def _tell_apart(built_in: str) -> None:
    """The roles of the city's own are told from these by a generated column, whose rule cannot be changed in place."""
    op.drop_column("staff_role", "city_role")
    own = sa.Computed(f"CASE WHEN role IN ({built_in}) THEN NULL ELSE role END", persisted=True)
    op.add_column("staff_role", sa.Column("city_role", sa.Text(), own, nullable=True))
    op.create_foreign_key("fk_staff_role_city_role", "staff_role", "city_role", ["city_role"], ["key"])
    op.create_index("ix_staff_role_city_role", "staff_role", ["city_role"])
