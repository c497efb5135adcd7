"""The first schema: tables of venue_server.storage.schema and the append-only triggers."""

from alembic import op

from venue_server.storage.ddl import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    connection = op.get_bind()
    for statement in statements():
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """There is no way back: append-only records are never dropped."""
    raise RuntimeError("the first schema cannot be removed")
