"""Triggers that renew an assembly's version with each change of a row that belongs to it.

They are there between migrations only. SQLite changes a table by making it anew: its triggers go, and those
of other tables that name it are in the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect

from cattube_worker.migrations.trigger import Trigger

# The assembly that a row belongs to.
OWNERS = {
    "assemblies": "{row}.id",
    "uploads": "{row}.assembly_id",
    "files": "{row}.assembly_id",
    "jobs": "{row}.assembly_id",
    "notifications": "{row}.assembly_id",
    "delivery_attempts": "(SELECT assembly_id FROM notifications WHERE id = {row}.notification_id)",
}
ROWS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
# Random, not counted: an id that is used anew after its assembly was deleted must not meet its old versions.
VERSION = {"sqlite": "random()", "postgresql": "CAST(random() * 9007199254740992 AS bigint)"}


def create(connection: Connection) -> None:
    """Create the triggers, and versions where there are none, if there is the table for them."""
    if not inspect(connection).has_table("assembly_versions"):
        return
    version = VERSION[connection.dialect.name]
    missing = "FROM assemblies WHERE id NOT IN (SELECT assembly_id FROM assembly_versions)"
    connection.exec_driver_sql(f"{_insertion(version, 'id')} {missing}")
    for trigger in _triggers(version):
        trigger.create(connection)


def remove(connection: Connection) -> None:
    """Remove the triggers that there are."""
    for trigger in _triggers(VERSION[connection.dialect.name]):
        trigger.remove(connection)


def _insertion(version: str, assembly_id: str) -> str:
    return f"INSERT INTO assembly_versions (assembly_id, version) SELECT {assembly_id}, {version}"


def _triggers(version: str) -> Iterator[Trigger]:
    renewal = f"UPDATE assembly_versions SET version = {version} WHERE assembly_id = "  # noqa: S608
    yield _trigger("begin", "INSERT", "assemblies", _insertion(version, "NEW.id"))
    yield _trigger("end", "DELETE", "assemblies", "DELETE FROM assembly_versions WHERE assembly_id = OLD.id")
    for table, owner in OWNERS.items():
        for event, row in ROWS.items():
            yield _trigger("renew", event, table, renewal + owner.format(row=row))


def _trigger(act: str, event: str, table: str, statement: str) -> Trigger:
    """act: what it does to the version."""
    return Trigger(f"{act}_version_after_{event.lower()}_in_{table}", event, table, statement)
