"""What Alembic runs: the missing versions, on the connection that `commons.database.migrate` hands over."""

from alembic import context

from api.database import SCHEMA, api_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=api_metadata(),
    transactional_ddl=False,
    version_table=SCHEMA.version_table,
)
context.run_migrations()
