"""Queries that are compiled once. Django compiles a query each time, which takes longer than the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class _Compiled(Generic[M]):
    """SQL of the query; what makes Python's values of the database's, and instances of rows of them.

    related: add to an instance those that its row has beside it.
    """

    model: type[M]
    sql: str
    columns: Sequence[str]
    place: slice
    related: Sequence[Any]
    converted: Callable[[Rows], Rows]

    def instance(self, row: Sequence[Any]) -> M:
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.columns, row[self.place])
        for populator in self.related:
            populator.populate(row, found)
        return found


class PreparedQuery(Generic[M]):
    """A query for rows of one model, each with all its columns, and those of what `select_related` names.

    example: makes the query with any values. Where it has values, `read` takes others: texts and numbers, for
    the database may know a time, say, in another form than Python.
    """

    def __init__(self, example: Callable[[], QuerySet[M]]) -> None:
        self._example = example

    def read(self, *values: str | int) -> list[M]:
        """Instances as the query itself would give them, without what it would prefetch."""
        compiled = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, values)
            rows = compiled.converted(cursor.fetchall())
        return [compiled.instance(row) for row in rows]

    # Late: when this module is read, Django does not know all its models.
    @cached_property
    def _compiled(self) -> _Compiled[M]:
        queryset = self._example()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _ = compiler.as_sql()
        select, model = compiler.select, compiler.klass_info
        converters = compiler.get_converters([column for column, *_ in select])
        # As Django's own `ModelIterable` takes rows apart.
        place = slice(model["select_fields"][0], model["select_fields"][-1] + 1)
        return _Compiled(
            model=queryset.model,
            sql=sql,
            columns=[column.target.attname for column, *_ in select[place]],
            place=place,
            related=get_related_populators(model, select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
            converted=lambda rows: compiler.apply_converters(rows, converters) if converters else rows,
        )
