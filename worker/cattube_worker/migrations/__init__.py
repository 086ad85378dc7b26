"""Migrations of the database, applied at every start."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HERE = Path(__file__).parent


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
        _run(connection)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _run(connection: Connection) -> None:
    # Imported only when there is something to do: most starts need neither its time nor its memory.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
