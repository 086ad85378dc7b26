"""Full-text index of SQLite: FTS5 over the table of texts.

Source: https://sqlite.org/fts5.html, "External Content Tables" and "Full-text Query Syntax".
"""

import json
from collections.abc import Sequence

from django.db import connection

from cattube.search.query import Term

_MISSING = """
    SELECT value FROM json_each(%s)
    WHERE NOT EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH '"' || value || '"')
"""
# `ascii` cuts at spaces and keeps every letter beyond ASCII as it is: the words are made already. Prefixes of
# two and three letters have indexes of their own; longer ones belong to few words.
_MAKE = """
    CREATE VIRTUAL TABLE search_index USING fts5(
        title, tags, channel, description, transcript,
        content='search_indexedtext', content_rowid='entry_id', tokenize='ascii', prefix='2 3'
    )
"""


class SqliteIndex:
    def make(self) -> None:
        self._run(_MAKE)

    def drop(self) -> None:
        self._run("DROP TABLE search_index")

    def rebuild(self) -> None:
        self._run("INSERT INTO search_index (search_index) VALUES ('rebuild')")

    def query(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        match = " AND ".join(map(_phrase, terms))
        return (
            "SELECT rowid AS id FROM search_index WHERE search_index MATCH %s",
            [f"{{{' '.join(fields)}}} : ({match})"],
        )

    def newest(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        sql, params = self.query(terms, fields)
        return f"{sql} ORDER BY id DESC", params

    def missing(self, words: Sequence[str]) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, [json.dumps(words)])
            return [word for (word,) in cursor.fetchall()]

    def values(self) -> str:
        return "SELECT value FROM json_each(%s)"

    def _run(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _phrase(term: Term) -> str:
    # Words have no quotes in them, and in quotes nothing is syntax.
    return f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}'
