"""Runs migrations on the connection that `storage.schema.upgrade` hands over."""

from alembic import context

from badge_service.storage.schema import is_described
from badge_service.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=is_described,
)
with context.begin_transaction():
    context.run_migrations()
