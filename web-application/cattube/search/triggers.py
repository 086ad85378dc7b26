"""Triggers by which the database keeps the entries and the full-text index, whoever writes.

Most of what happens to a video is one UPDATE of some columns, in many places. A trigger forgets none of them.
"""

# ruff: noqa: S608 names in these statements are our own
from django.db.backends.base.base import BaseDatabaseWrapper

from cattube.search.trigger_statements import (
    ENTRY_COLUMNS,
    ENTRY_TRIGGERS,
    POSTGRESQL,
    SQLITE,
    assignments,
    entry_values,
)


def has_triggers(connection: BaseDatabaseWrapper) -> bool:
    """False when a migration has rewritten the table of videos on SQLite: its triggers went with it."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_entry_of_%'"
        )
        return bool(cursor.fetchone() == (len(ENTRY_TRIGGERS),))


def make_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make all triggers of this database; those that are there stay."""
    statements = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_entry_triggers(connection: BaseDatabaseWrapper) -> None:
    """Drop those on the videos, so that the tables they write may go."""
    on = "" if connection.vendor == "sqlite" else " ON videos_video"
    with connection.cursor() as cursor:
        for name in ENTRY_TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def renew_entries(connection: BaseDatabaseWrapper) -> None:
    """Make the entries those of the videos, as the triggers would have."""
    columns, values = ", ".join(ENTRY_COLUMNS), entry_values("video")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry WHERE video_id NOT IN (SELECT id FROM videos_video)")
        cursor.execute(
            f"INSERT INTO search_entry ({columns}) SELECT {values} FROM videos_video AS video "
            "WHERE id NOT IN (SELECT video_id FROM search_entry) ORDER BY uploaded_at, id"
        )
        cursor.execute(
            f"UPDATE search_entry SET {assignments('video')} FROM videos_video AS video "
            "WHERE search_entry.video_id = video.id"
        )
