"""Run by Alembic: apply the revisions on the connection that `upgrade` or a developer gives."""

from alembic import context

from cattube_worker.assemblies.model import Base
from cattube_worker.database import Database
from cattube_worker.settings import load_settings


def migrate(connection):
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with Database(load_settings().worker_database_url).engine.begin() as connection:
        migrate(connection)
