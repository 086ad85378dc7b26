"""Migrations of the database, applied at every start."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, text

from cattube_worker.assemblies.model import Base
from cattube_worker.migrations import announcement_triggers, version_triggers

HERE = Path(__file__).parent
# As Alembic makes it.
VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def newest() -> str:
    """Newest revision; revisions are numbered by their file names."""
    return max(path.name for path in (HERE / "versions").glob("[0-9]*.py")).split("_")[0]


def upgrade(engine: Engine) -> None:
    """Migrate the database to the newest revision. Raises RuntimeError when it is newer than this release."""
    with engine.begin() as connection:
        current = _current(connection)
        if current == newest():
            return
        if current is not None and current > newest():
            raise RuntimeError(f"The database has shape {current}, this release knows up to {newest()}.")
        if inspect(connection).get_table_names():
            _run(connection)
        else:
            _create(connection)


def _create(connection: Connection) -> None:
    """Tables of an empty database, as all revisions together make them; a test compares the two.

    An engine that was never started before is as small as it will be after its next start.
    """
    Base.metadata.create_all(connection)
    version_triggers.create(connection)
    announcement_triggers.create(connection)
    VERSION.create(connection)
    connection.execute(VERSION.insert().values(version_num=newest()))


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION.name):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _run(connection: Connection) -> None:
    # Imported only to change what is there: most starts need neither its time nor its memory.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
