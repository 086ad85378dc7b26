"""The full-text index: what the site asks of it, on either database."""

import json
from collections.abc import Sequence
from typing import Protocol

from django.db import connection
from django.db.models.expressions import RawSQL

from cattube.search.fulltext.postgresql import PostgresqlIndex
from cattube.search.fulltext.sqlite import SqliteIndex
from cattube.search.query import Term

# Texts of a video by what they say of it: what it is called, what else it goes by, all.
TITLE = ("title",)
NAMES = ("title", "tags", "channel")
SPOKEN = ("transcript",)
EVERYWHERE = ("title", "tags", "channel", "description", "transcript")


class FullTextIndex(Protocol):
    """Index of the words of all videos, as `IndexedText` has them. What is written there is in it at once."""

    def make(self) -> None:
        """Make the index, empty. Its triggers fill it."""

    def drop(self) -> None:
        """Undo `make`."""

    def rebuild(self) -> None:
        """Read all texts anew."""

    def query(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        """SQL, and its parameters, of the column `id` of entries that have all `terms` in these fields.

        A term may be in another field than the next; its own words stand side by side in one.
        terms: at least one.
        """

    def newest(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        """The same, sorted by `id` from the last to the first, of which only the first few are read."""

    def missing(self, words: Sequence[str]) -> list[str]:
        """Those of `words`, which are letters alone, that no text has."""

    def values(self) -> str:
        """SQL of the numbers in its one parameter, a JSON array."""


def index() -> FullTextIndex:
    """The index of the database that the site runs on."""
    return SqliteIndex() if connection.vendor == "sqlite" else PostgresqlIndex()


def entries_with(terms: Sequence[Term], fields: Sequence[str]) -> RawSQL:
    """Ids of entries that have every one of `terms` in these fields, for `pk__in`."""
    sql, params = index().query(terms, fields)
    return RawSQL(sql, params)  # noqa: S611 the words are parameters


def entries_among(ids: Sequence[int]) -> RawSQL:
    """These ids, for `pk__in`. As one parameter: a thousand cost Django more than all else of a page."""
    return RawSQL(index().values(), [json.dumps(ids)])  # noqa: S611


def newest_with(terms: Sequence[Term], fields: Sequence[str], *, at_most: int) -> RawSQL:
    """The same, but the last `at_most` that came: the database need not look at the others."""
    sql, params = index().newest(terms, fields)
    return RawSQL(f"{sql} LIMIT %s", [*params, at_most])  # noqa: S611
