"""Records of videos in the web app's database, by bare SQL, and each state that was written into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

# Every write of a state is noted, also one that changes nothing.
_NOTES = """
CREATE TABLE campaign_states (number bigserial, video_id text, status text, phase text);
CREATE FUNCTION campaign_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaign_states (video_id, status, phase) VALUES (NEW.id, NEW.status, NEW.phase);
    RETURN NULL;
END $$;
CREATE TRIGGER campaign_states AFTER UPDATE OF status ON videos_video
FOR EACH ROW EXECUTE FUNCTION campaign_note();
"""
_RECORDS = "SELECT id, status, phase, error_code FROM videos_video WHERE assembly_id = %s"
_ASSETS = "SELECT object_key FROM videos_asset WHERE video_id = %s ORDER BY object_key"
_STATES = "SELECT status, phase FROM campaign_states WHERE video_id = %s ORDER BY number"
_UNSETTLED = "SELECT id FROM videos_video WHERE status NOT IN ('ready', 'failed') OR phase <> ''"


@dataclass(frozen=True)
class State:
    """phase: "" when nothing more comes."""

    status: str
    phase: str

    def __str__(self) -> str:
        return f"{self.status} ({self.phase})" if self.phase else self.status


@dataclass(frozen=True, kw_only=True)
class Record:
    """A video's record. written: its states, in the order in which they were written."""

    id: str
    state: State
    error_code: str
    object_keys: Sequence[str]
    written: Sequence[State]


class Records:
    """The records in the database at `url`, whose tables are there."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(_NOTES)

    def close(self) -> None:
        self._connection.close()

    def of(self, assembly_id: str) -> list[Record]:
        """All records that have the Assembly."""
        return [self._record(*row) for row in self._all(_RECORDS, assembly_id)]

    def unsettled(self) -> list[str]:
        """Ids of records of which more is expected."""
        return [str(row[0]) for row in self._all(_UNSETTLED)]

    def _record(self, video_id: str, status: str, phase: str, error_code: str) -> Record:
        return Record(
            id=video_id,
            state=State(status, phase),
            error_code=error_code,
            object_keys=[str(row[0]) for row in self._all(_ASSETS, video_id)],
            written=[State(*row) for row in self._all(_STATES, video_id)],
        )

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values or None).fetchall()
