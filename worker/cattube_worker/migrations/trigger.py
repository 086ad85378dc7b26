"""A trigger in the words of either database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Trigger:
    """Executes `statement` after `event` on a row of `table`.

    name: of the trigger, and of the function that PostgreSQL wants for it.
    """

    name: str
    event: str
    table: str
    statement: str

    @property
    def _where(self) -> str:
        return f"AFTER {self.event} ON {self.table}"

    def create(self, connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER {self.name} {self._where} BEGIN {self.statement}; END"
            )
            return
        body = f"$$ BEGIN {self.statement}; RETURN NULL; END $$"
        connection.exec_driver_sql(
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS {body}"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {self.name} {self._where} FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )

    def remove(self, connection: Connection) -> None:
        """Remove the trigger if it is there."""
        is_sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            f"DROP TRIGGER IF EXISTS {self.name}"
            if is_sqlite
            else f"DROP FUNCTION IF EXISTS {self.name} CASCADE"
        )
