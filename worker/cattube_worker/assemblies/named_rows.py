"""Rows that have a name beside their id: templates and credentials."""

from __future__ import annotations

from typing import TypeGuard, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import StoredCredentials, StoredTemplate

LONGEST_NAME = 255

Row = TypeVar("Row", StoredTemplate, StoredCredentials)


def find_row(session: Session, table: type[Row], id_or_name: str) -> Row | None:
    """The row of that id, else of that name."""
    by_id = session.get(table, id_or_name)
    return by_id or session.scalar(select(table).filter_by(name=id_or_name))


def is_name(value: object) -> TypeGuard[str]:
    """True when the value is text that may name a row: printable, and 1 to LONGEST_NAME characters long."""
    return (
        isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_NAME and value.isprintable()
    )
