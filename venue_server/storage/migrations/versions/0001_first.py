"""The first schema: tables of venue_server.storage.schema and the append-only triggers."""

from alembic import op

from venue_server.storage.schema import append_only_triggers, metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    metadata.create_all(op.get_bind())
    for statement in append_only_triggers():
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: append-only records are never dropped."""
    raise RuntimeError("the first schema cannot be removed")
