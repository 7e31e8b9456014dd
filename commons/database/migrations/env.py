"""What Alembic runs: the missing versions, on the connection that `commons.database.migrate` hands over."""

from alembic import context

from commons.database.tables import store_metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=store_metadata(), transactional_ddl=False
)
context.run_migrations()
