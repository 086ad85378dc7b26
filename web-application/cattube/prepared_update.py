"""Updates that are compiled once, as prepared_query.py does it for queries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class PreparedUpdate(Generic[M]):
    """An update of some columns of rows that are known by their keys. fields: names, without relations."""

    def __init__(self, model: type[M], fields: Sequence[str]) -> None:
        self._model, self._names = model, fields

    def write(self, instances: Sequence[M]) -> None:
        """Write the columns of the instances into their rows, without signals. Rows that are gone stay so."""
        with connection.cursor() as cursor:
            cursor.executemany(self._sql, [self._values(instance) for instance in instances])

    def _values(self, instance: M) -> list[Any]:
        values = [
            field.get_db_prep_save(getattr(instance, field.attname), connection) for field in self._fields
        ]
        return [*values, instance.pk]

    # Late: a model's fields are complete only when all models are known.
    @cached_property
    def _fields(self) -> list[Any]:
        return [self._model._meta.get_field(name) for name in self._names]

    @cached_property
    def _sql(self) -> str:
        quote, meta = connection.ops.quote_name, self._model._meta
        columns = ", ".join(f"{quote(field.column)} = %s" for field in self._fields)
        return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608
