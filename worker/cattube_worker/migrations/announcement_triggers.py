"""Triggers that note each job which begins to wait, in the transaction that has it wait.

They are there between migrations only, as version_triggers.py says. A site of one machine has no rows of
hosts, and none of announcements.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from cattube_worker.migrations.trigger import Trigger

_NOTE = (
    "INSERT INTO announcements (job_id) SELECT NEW.id "
    "WHERE NEW.state = 'waiting' AND {begins} AND EXISTS (SELECT 1 FROM hosts)"
)
TRIGGERS = (
    Trigger("announce_job_after_insert", "INSERT", "jobs", _NOTE.format(begins="true")),
    Trigger("announce_job_after_update", "UPDATE", "jobs", _NOTE.format(begins="OLD.state <> 'waiting'")),
)


def create(connection: Connection) -> None:
    """Create the triggers, if there is the table for them."""
    if inspect(connection).has_table("announcements"):
        for trigger in TRIGGERS:
            trigger.create(connection)


def remove(connection: Connection) -> None:
    """Remove the triggers that there are."""
    for trigger in TRIGGERS:
        trigger.remove(connection)
