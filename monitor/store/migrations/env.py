"""Run by Alembic: on the connection that `upgrade` hands over, or printing SQL for a database that is not there."""

from alembic import context

from monitor.store.tables import Base

context.configure(
    connection=context.config.attributes.get("connection"),
    url=None if context.config.attributes.get("connection") else context.config.get_main_option("sqlalchemy.url"),
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite can, although the driver's habits make Alembic think otherwise
)
with context.begin_transaction():
    context.run_migrations()
