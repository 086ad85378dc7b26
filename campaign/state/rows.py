"""The engines' rows, by bare SQL: what waits, what runs and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

_RUNNING = """
SELECT split_part(lease_owner, ':', 1), node, COALESCE(part->>'is_cut' = 'true', false)
FROM jobs WHERE assembly_id = %s AND state = 'running' AND lease_owner IS NOT NULL
"""
_PRESENT = "SELECT name FROM hosts WHERE seen_at > extract(epoch FROM clock_timestamp()) - 10"
# Rows that say that something is not done with yet, by what that is.
_LEFT = {
    "Assemblies that are not tidied up": "SELECT id FROM assemblies WHERE tidied_at IS NULL",
    "open jobs": "SELECT node FROM jobs WHERE state IN ('waiting', 'running')",
    "leases": "SELECT node FROM jobs WHERE lease_until IS NOT NULL",
    "leases of uploads": "SELECT node FROM streaming_leases",
    "announcements": "SELECT job_id FROM announcements",
    "notifications": "SELECT assembly_id FROM notifications WHERE state <> 'sent'",
}
# Places of those that are sent earlier are below zero.
_TOLD_ENDS = "SELECT id FROM notifications WHERE assembly_id = %s AND place >= 0 AND state = 'sent'"
_INDEXES = """
SELECT bt_index_check(index.indexrelid, true) FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid JOIN pg_am AS am ON am.oid = class.relam
WHERE am.amname = 'btree' AND class.relpersistence = 'p' AND index.indisvalid
"""


@dataclass(frozen=True)
class Running:
    """A job under way. is_join: it joins the parts of a video."""

    host: str
    node: str
    is_join: bool


class Rows:
    """The rows of the database at `url`."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def running(self, assembly_id: str) -> list[Running]:
        return [Running(*row) for row in self._all(_RUNNING, [assembly_id])]

    def is_followed(self, assembly_id: str) -> bool:
        """True while a host encodes an upload of the Assembly that arrives at another."""
        query = "SELECT 1 FROM streaming_leases JOIN uploads ON uploads.id = upload_id WHERE assembly_id = %s"
        return bool(self._all(query, [assembly_id]))

    def told_ends(self, assembly_id: str) -> int:
        """Notifications of the Assembly's end that have been taken."""
        return len(self._all(_TOLD_ENDS, [assembly_id]))

    def now(self) -> float:
        return float(self._all("SELECT extract(epoch FROM clock_timestamp())")[0][0])

    def present_since(self, moment: float) -> set[str]:
        """Names of the hosts that joined after that moment, by this database's clock, and are there."""
        return {row[0] for row in self._all(f"{_PRESENT} AND started_at > %s", [moment])}

    def left(self) -> list[str]:
        """What is not done with yet, in words."""
        rows = {what: self._all(query) for what, query in _LEFT.items()}
        return [f"{what}: {', '.join(str(row[0]) for row in left)}" for what, left in rows.items() if left]

    def check_indexes(self) -> None:
        """Check that each index fits its table. Raises psycopg.Error."""
        self._all("CREATE EXTENSION IF NOT EXISTS amcheck")
        self._all(_INDEXES)

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(query, values or None)
        return cursor.fetchall() if cursor.description else []
