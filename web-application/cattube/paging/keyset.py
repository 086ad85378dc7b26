"""Pages that begin beside a row, by the values that lists are sorted by. They neither skip nor repeat.

A database finds the row in an index, so the two thousandth page costs what the first does.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q


def rows_beyond(columns: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after the row with these values in a list that is sorted by `columns`.

    columns: as `order_by` takes them. The last tells any two rows apart.
    """
    condition, equal = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        condition |= equal & Q((f"{name_of(column)}__{_side(column)}", value))
        equal &= Q((name_of(column), value))
    # Says nothing new, but lets a database begin in the middle of an index.
    return Q((f"{name_of(columns[0])}__{_side(columns[0])}e", values[0])) & condition


def reversed_order(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(column[1:] if column.startswith("-") else f"-{column}" for column in columns)


def name_of(column: str) -> str:
    return column.removeprefix("-")


def _side(column: str) -> str:
    return "lt" if column.startswith("-") else "gt"
