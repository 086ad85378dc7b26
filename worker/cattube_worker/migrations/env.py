"""Run by Alembic: apply the revisions.

On the connection that `upgrade` gives, else on the database of the settings.
"""

from alembic import context

from cattube_worker.assemblies.model import Base
from cattube_worker.database import Database
from cattube_worker.migrations import announcement_triggers, version_triggers
from cattube_worker.settings import load_settings


def migrate(connection):
    version_triggers.remove(connection)
    announcement_triggers.remove(connection)
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    version_triggers.create(connection)
    announcement_triggers.create(connection)


open_connection = context.config.attributes.get("connection")
if open_connection is not None:
    migrate(open_connection)
else:
    database_url = load_settings().worker_database_url.get_secret_value()
    with Database(database_url).engine.begin() as connection:
        migrate(connection)
