"""The database's shape over time."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cattube_worker import migrations
from cattube_worker.assemblies.model import Base
from cattube_worker.database import Database

from .databases import database_url


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(database_url(tmp_path) or f"sqlite:///{tmp_path / 'worker.sqlite3'}")


def test_revisions_lead_to_what_the_code_expects(database: Database) -> None:
    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def test_second_start_changes_nothing(database: Database) -> None:
    migrations.upgrade(database.engine)
    migrations.upgrade(database.engine)

    with database.engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    assert found == [migrations.newest()]
    database.close()


def test_database_of_a_newer_release_is_refused(database: Database) -> None:
    """F26"""
    migrations.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(RuntimeError, match="9999"):
        migrations.upgrade(database.engine)
    database.close()
