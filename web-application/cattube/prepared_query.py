"""Queries that are compiled once. Django compiles a query each time, which takes longer than the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class _Compiled(Generic[M]):
    """SQL of the query; the columns it reads of `model`; what makes Python's values of the database's."""

    model: type[M]
    sql: str
    columns: Sequence[str]
    converted: Callable[[Rows], Rows]


class PreparedQuery(Generic[M]):
    """A query for rows of one model, each with all its columns.

    example: makes the query with any values. Where it has values, `read` takes others: texts and numbers, for
    the database may know a time, say, in another form than Python.
    """

    def __init__(self, example: Callable[[], QuerySet[M]]) -> None:
        self._example = example

    def read(self, *values: str | int) -> list[M]:
        """Instances as the query itself would give them, without relations."""
        compiled = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, values)
            rows = compiled.converted(cursor.fetchall())
        return [compiled.model.from_db(DEFAULT_DB_ALIAS, compiled.columns, row) for row in rows]

    # Late: when this module is read, Django does not know all its models.
    @cached_property
    def _compiled(self) -> _Compiled[M]:
        queryset = self._example()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _ = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Compiled(
            model=queryset.model,
            sql=sql,
            columns=[field.attname for field in queryset.model._meta.concrete_fields],
            converted=lambda rows: compiler.apply_converters(rows, converters) if converters else rows,
        )
