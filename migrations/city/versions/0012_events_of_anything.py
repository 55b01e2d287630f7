"""Events can be of anything, not of cases alone; their chain covers every column; what people wrote and applicants' names leave it.

Rows of before keep their hash and are checked by the rule of before (`chain_version` 1). It did not cover the actor's name, so an
applicant's name can go without breaking anything. The reason of a refund, which staff wrote, stood in `data`, which it did cover:
such rows become `chain_version` 0, whose content is not compared any more, and one event in the chain names them.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHAIN = """
CREATE OR REPLACE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, public AS $$
BEGIN
    SELECT hash INTO NEW.prev_hash FROM event_chain FOR UPDATE;
    NEW.chain_version := 2;
    NEW.hash := sha256(NEW.prev_hash || convert_to(jsonb_build_array(2, NEW.id, NEW.case_id, NEW.subject_kind, NEW.subject_id,
        NEW.name, NEW.actor_kind, NEW.actor_id, NEW.actor_name, extract(epoch FROM NEW.at)::text, NEW.data)::text, 'UTF8'));
    UPDATE event_chain SET hash = NEW.hash;
    RETURN NEW;
END $$;
GRANT SELECT ON event_chain TO {schema};
"""
"""A list in JSON keeps its members apart, whatever is in them. The serving role may read where the chain ends, to check it."""

REDACT = """
WITH redacted AS (
    UPDATE case_event SET data = data - 'reason', chain_version = 0
    WHERE name = 'refund.requested' AND data ? 'reason' RETURNING id
)
INSERT INTO case_event (subject_kind, name, actor_kind, at, data)
SELECT 'chain', 'chain.redacted', 'system', clock_timestamp(), jsonb_build_object('key', 'reason', 'ids', jsonb_agg(id ORDER BY id))
FROM redacted HAVING count(*) > 0
"""


def upgrade() -> None:
    op.add_column("case_event", sa.Column("subject_kind", sa.Text(), server_default="case", nullable=False))
    op.add_column("case_event", sa.Column("subject_id", sa.BigInteger(), nullable=True))
    op.add_column("case_event", sa.Column("chain_version", sa.SmallInteger(), server_default="1", nullable=False))
    op.alter_column("case_event", "subject_kind", server_default=None)
    op.alter_column("case_event", "chain_version", server_default="2")
    op.alter_column("case_event", "case_id", nullable=True)
    op.execute(
        "UPDATE case_event SET subject_id = case_id, actor_name = CASE WHEN actor_kind = 'staff' THEN actor_name END"
    )
    chain = CHAIN.replace("{schema}", context.config.attributes["schema"])
    op.get_bind().connection.cursor().execute(chain)
    op.execute(REDACT)
    op.create_index("ix_case_event_case_id", "case_event", ["case_id", "id"])
    op.create_index(
        "ix_case_event_views",
        "case_event",
        ["actor_id", "name", "at"],
        postgresql_where=sa.text("name IN ('case.viewed', 'case.status_viewed', 'list.viewed')"),
    )
