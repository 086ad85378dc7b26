"""Triggers that renew an assembly's version with each change of a row that belongs to it.

They are there between migrations only. SQLite changes a table by making it anew: its triggers go, and those
of other tables that name it are in the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

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
DROP = {"sqlite": "DROP TRIGGER IF EXISTS {}", "postgresql": "DROP FUNCTION IF EXISTS {} CASCADE"}


@dataclass(frozen=True)
class Trigger:
    """Executes `statement` after `event` on a row of `table`. act: what it does to the version."""

    act: str
    event: str
    table: str
    statement: str

    @property
    def name(self) -> str:
        return f"{self.act}_version_after_{self.event.lower()}_in_{self.table}"


def create(connection: Connection) -> None:
    """Create the triggers, and versions where there are none, if there is the table for them."""
    if not inspect(connection).has_table("assembly_versions"):
        return
    dialect = connection.dialect.name
    version, commands_of = VERSION[dialect], {"sqlite": _in_sqlite, "postgresql": _in_postgresql}[dialect]
    missing = "FROM assemblies WHERE id NOT IN (SELECT assembly_id FROM assembly_versions)"
    connection.exec_driver_sql(f"{_insertion(version, 'id')} {missing}")
    for trigger in _triggers(version):
        for command in commands_of(trigger):
            connection.exec_driver_sql(command)


def remove(connection: Connection) -> None:
    """Remove the triggers that there are."""
    dialect = connection.dialect.name
    for trigger in _triggers(VERSION[dialect]):
        connection.exec_driver_sql(DROP[dialect].format(trigger.name))


def _insertion(version: str, assembly_id: str) -> str:
    return f"INSERT INTO assembly_versions (assembly_id, version) SELECT {assembly_id}, {version}"


def _triggers(version: str) -> Iterator[Trigger]:
    renewal = f"UPDATE assembly_versions SET version = {version} WHERE assembly_id = "  # noqa: S608
    yield Trigger("begin", "INSERT", "assemblies", _insertion(version, "NEW.id"))
    yield Trigger("end", "DELETE", "assemblies", "DELETE FROM assembly_versions WHERE assembly_id = OLD.id")
    for table, owner in OWNERS.items():
        for event, row in ROWS.items():
            yield Trigger("renew", event, table, renewal + owner.format(row=row))


def _in_sqlite(trigger: Trigger) -> Iterator[str]:
    where = f"AFTER {trigger.event} ON {trigger.table}"
    yield f"CREATE TRIGGER {trigger.name} {where} BEGIN {trigger.statement}; END"


def _in_postgresql(trigger: Trigger) -> Iterator[str]:
    body = f"$$ BEGIN {trigger.statement}; RETURN NULL; END $$"
    yield f"CREATE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS {body}"
    where = f"AFTER {trigger.event} ON {trigger.table} FOR EACH ROW"
    yield f"CREATE TRIGGER {trigger.name} {where} EXECUTE FUNCTION {trigger.name}()"
