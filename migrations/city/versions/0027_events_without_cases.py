"""An event is part of the history of anything, not of a case alone: the table and its chain name no case.

Rows of before keep their hash; `chain_version` says by which columns it was made. What belonged to no case is now part of the
history of its own subject.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CHAIN = """
CREATE OR REPLACE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, public AS $$
BEGIN
    SELECT hash INTO NEW.prev_hash FROM event_chain FOR UPDATE;
    NEW.chain_version := 3;
    NEW.hash := sha256(NEW.prev_hash || convert_to(jsonb_build_array(3, NEW.id, NEW.history_kind, NEW.history_id,
        NEW.subject_kind, NEW.subject_id, NEW.name, NEW.actor_kind, NEW.actor_id, NEW.actor_name,
        extract(epoch FROM NEW.at)::text, NEW.data)::text, 'UTF8'));
    UPDATE event_chain SET hash = NEW.hash;
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute("ALTER TABLE case_event DROP CONSTRAINT IF EXISTS fk_case_event_case_id")
    op.drop_index("ix_case_event_case_id", "case_event")
    op.drop_index("ix_case_event_views", "case_event")
    op.rename_table("case_event", "event")
    op.execute("ALTER INDEX pk_case_event RENAME TO pk_event")
    op.alter_column("event", "case_id", new_column_name="history_id")
    op.add_column("event", sa.Column("history_kind", sa.Text(), server_default="case", nullable=False))
    op.alter_column("event", "history_kind", server_default=None)
    op.alter_column("event", "chain_version", server_default="3")
    op.execute("UPDATE event SET history_kind = subject_kind, history_id = subject_id WHERE history_id IS NULL")
    chain = CHAIN.replace("{schema}", context.config.attributes["schema"])
    op.get_bind().connection.cursor().execute(chain)
    op.create_index("ix_event_history", "event", ["history_kind", "history_id", "id"])
    op.create_index(
        "ix_event_views", "event", ["actor_id", "name", "at"], postgresql_where=sa.text("name LIKE '%viewed'")
    )
