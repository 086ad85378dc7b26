"""Conditions of the lists of assemblies, templates and credentials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_

from cattube_worker.protocol.params.list_params import ListParams

SECOND = 1.0


def created_within(column: Any, params: ListParams) -> Iterator[ColumnElement[bool]]:
    """Conditions that hold for rows created between the list's dates. column: the time of creation."""
    if params.fromdate is not None:
        yield column >= params.fromdate
    if params.todate is not None:
        # Dates are written to the second, and the last second belongs to the list.
        yield column < params.todate + SECOND


def contains_keyword(texts: Sequence[Any], keywords: Sequence[str]) -> ColumnElement[bool]:
    """Condition that holds for rows with one of the keywords in one of the columns `texts`."""
    return or_(*(text.icontains(keyword, autoescape=True) for text in texts for keyword in keywords))
