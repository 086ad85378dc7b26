"""Migrations of the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import JSON, Column, Connection, Integer, MetaData, Table

from cattube_worker import migrations
from cattube_worker.assemblies.model import Base
from cattube_worker.database import Database
from cattube_worker.migrations import version_triggers

from .databases import database_url


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(database_url(tmp_path) or f"sqlite:///{tmp_path / 'worker.sqlite3'}")


def test_migrated_tables_are_those_of_the_model(database: Database) -> None:
    with database.engine.begin() as connection:
        upgrade_to("head", connection)

    with database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def test_an_empty_database_gets_the_tables_that_migrations_would_make(database: Database) -> None:
    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert MigrationContext.configure(connection).get_current_revision() == migrations.newest()
        upgrade_to("head", connection)  # finds nothing to do
    database.close()


def test_second_start_changes_nothing(database: Database) -> None:
    migrations.upgrade(database.engine)
    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    assert versions == [migrations.newest()]
    database.close()


def test_database_of_a_newer_release_is_refused(database: Database) -> None:
    """F26"""
    migrations.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(RuntimeError, match="9999"):
        migrations.upgrade(database.engine)
    database.close()


def test_uploads_of_an_earlier_release_keep_the_order_in_which_they_came(database: Database) -> None:
    with database.engine.begin() as connection:
        upgrade_to("0002", connection)
        insert(connection, "assemblies", id="cats")
        for upload_id, created_at in (("c", 1.0), ("a", 3.0), ("b", 1.0)):
            insert(connection, "uploads", id=upload_id, assembly_id="cats", created_at=created_at)

    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        order = connection.exec_driver_sql("SELECT id, place FROM uploads ORDER BY place").all()
    assert [tuple(row) for row in order] == [("b", 0), ("c", 1), ("a", 2)]
    database.close()


def test_jobs_of_an_earlier_release_wait_in_their_queues(database: Database) -> None:
    with database.engine.begin() as connection:
        upgrade_to("0004", connection)
        insert(connection, "assemblies", id="cats")
        for job_id, node in (("look", ":original"), ("work", "resized+watermarked")):
            insert(connection, "jobs", id=job_id, node=node, assembly_id="cats", inputs=job_id)

    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        queues = connection.exec_driver_sql("SELECT id, queue FROM jobs ORDER BY id").all()
    assert [tuple(row) for row in queues] == [("look", "looks"), ("work", "work")]
    database.close()


def test_jobs_of_an_earlier_release_keep_their_turn(database: Database) -> None:
    with database.engine.begin() as connection:
        upgrade_to("0008", connection)
        for assembly_id, owner in (("begun", "alice"), ("new", None)):
            insert(connection, "assemblies", id=assembly_id, owner=owner)
            job = {"assembly_id": assembly_id, "queue": "work", "state": "waiting"}
            insert(connection, "jobs", id=assembly_id, inputs="b", **job)
        job = {"assembly_id": "begun", "queue": "work", "state": "done"}
        insert(connection, "jobs", id="done", inputs="a", **job)

    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT id, owner, is_new FROM jobs WHERE id <> 'done' ORDER BY id")
        assert [tuple(row) for row in rows] == [("begun", "alice", False), ("new", "", True)]
    database.close()


def test_m103_transcriptions_of_an_earlier_release_keep_no_ladder_waiting(
    database: Database,
) -> None:
    """M103"""
    steps = {"small": {"robot": "/video/encode"}, "text": {"robot": "/speech/transcribe"}}
    with database.engine.begin() as connection:
        upgrade_to("0013", connection)
        insert(connection, "assemblies", id="cats", steps=json.dumps(steps))
        jobs = (("waits", "text", "waiting"), ("runs", "text", "running"), ("ended", "text", "done"))
        for job_id, node, state in (*jobs, ("ladder", "small", "waiting")):
            job = {"id": job_id, "node": node, "state": state, "inputs": job_id, "is_new": True}
            insert(connection, "jobs", assembly_id="cats", queue="batch", **job)

    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        queues = {row.id: row.queue for row in connection.exec_driver_sql("SELECT id, queue FROM jobs")}
    assert queues == {"waits": "speech", "runs": "speech", "ended": "batch", "ladder": "batch"}
    database.close()


def test_f98_migration_that_makes_tables_anew_leaves_the_versions_as_they_work(database: Database) -> None:
    """F98: SQLite makes a table anew to change it, and forgets its triggers."""
    migrations.upgrade(database.engine)
    with database.engine.begin() as connection:
        insert(connection, "assemblies", id="cats")
        before = versions(connection)
        version_triggers.remove(connection)
        operations = Operations(MigrationContext.configure(connection))
        recreate: Any = "always" if connection.dialect.name == "sqlite" else "never"
        for name in ("assemblies", "notifications", "assembly_versions"):
            with operations.batch_alter_table(name, recreate=recreate) as table:
                table.add_column(Column("new", Integer))
        upgrade_to("head", connection)

        insert(connection, "uploads", id="roof", assembly_id="cats")
        insert(connection, "assemblies", id="dogs")

        assert versions(connection)["cats"] != before["cats"]
        assert versions(connection).keys() == {"cats", "dogs"}
    database.close()


def test_assemblies_of_an_earlier_release_have_versions(database: Database) -> None:
    with database.engine.begin() as connection:
        upgrade_to("0007", connection)
        insert(connection, "assemblies", id="cats")

    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        assert versions(connection).keys() == {"cats"}
    database.close()


def versions(connection: Connection) -> dict[str, int]:
    rows = connection.exec_driver_sql("SELECT assembly_id, version FROM assembly_versions")
    return {row.assembly_id: row.version for row in rows}


def upgrade_to(revision: str, connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def insert(connection: Connection, name: str, **values: object) -> None:
    """Insert a row into a table as it is now; columns without a value are empty."""
    table = Table(name, MetaData(), autoload_with=connection)
    needed = [column for column in table.columns if not column.nullable]
    connection.execute(table.insert(), {column.name: empty(column) for column in needed} | values)


def empty(column: Column[Any]) -> object:
    return {} if isinstance(column.type, JSON) else column.type.python_type()
