"""What both histories share: run on the owner's connection, inside the schema that `core.migrate` names."""

from alembic import context
from sqlalchemy import MetaData
from sqlalchemy.schema import SchemaItem

NOT_IN_MODELS = ("procrastinate_", "spatial_ref_sys", "event_chain", "alembic_version")
"""Beginnings of the names of tables that belong to somebody else, or to no model."""


def _ours(_thing: SchemaItem, name: str | None, kind: str, reflected: bool, _other: SchemaItem | None) -> bool:
    return not (kind == "table" and reflected and (name or "").startswith(NOT_IN_MODELS))


def run(metadata: list[MetaData]) -> None:
    """Run the history's migrations against `metadata`'s schema."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=context.config.attributes["schema"],
        include_object=_ours,
        compare_server_default=False,
    )
    context.run_migrations()
