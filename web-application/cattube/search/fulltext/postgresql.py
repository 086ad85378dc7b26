"""Full-text index of PostgreSQL: columns of vectors beside the texts, and indexes of their words.

The vectors are made by a trigger of our own words (`trigger_statements.py`), and queries are written out. So
the parsers and dictionaries of the server, which know some languages, have no say. A vector tells which words
a text has. Whether they stand side by side the text itself is asked, of those that have them all.
Source: PostgreSQL manual, "Text Search Types".
"""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db import connection

from cattube.search.query import Term
from cattube.search.words import is_unspaced

# Names have a vector of their own: of words that are frequent in speech and rare in titles, the server would
# else expect many hits, and read all vectors instead of an index.
_MAKE = (
    "ALTER TABLE search_indexedtext ADD COLUMN names tsvector, ADD COLUMN vector tsvector",
    "CREATE INDEX search_index ON search_indexedtext USING gin (vector)",
    "CREATE INDEX search_index_of_names ON search_indexedtext USING gin (names)",
)
_MISSING = """
    SELECT value FROM json_array_elements_text(%s::json)
    WHERE NOT EXISTS (SELECT 1 FROM search_indexedtext WHERE vector @@ quote_literal(value)::tsquery)
"""
# As the trigger has them.
_WEIGHTS = {"title": "A", "tags": "B", "channel": "B", "description": "C", "transcript": "D"}


class PostgresqlIndex:
    def make(self) -> None:
        self._run(*_MAKE)

    def drop(self) -> None:
        self._run("ALTER TABLE search_indexedtext DROP COLUMN names, DROP COLUMN vector")

    def rebuild(self) -> None:
        self._run("UPDATE search_indexedtext SET title = title")

    def query(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        condition, params = self._condition(terms, fields)
        # As an array: of a subquery the server expects that half of its rows are read, and takes no index.
        found = f"SELECT entry_id FROM search_indexedtext WHERE {condition}"  # noqa: S608
        return f"SELECT unnest(ARRAY({found})) AS id", params

    def newest(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        condition, params = self._condition(terms, fields)
        # What many texts have is soon found among the last, and what few have by the index: it may choose.
        texts = "SELECT entry_id AS id FROM search_indexedtext"
        return f"{texts} WHERE {condition} ORDER BY entry_id DESC", params

    def missing(self, words: Sequence[str]) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, [json.dumps(words)])
            return [word for (word,) in cursor.fetchall()]

    def values(self) -> str:
        return "SELECT value::bigint FROM json_array_elements_text(%s::json)"

    def _condition(self, terms: Sequence[Term], fields: Sequence[str]) -> tuple[str, list[str]]:
        weights = "".join(sorted({_WEIGHTS[field] for field in fields}))
        column, all_weights = ("names", "AB") if weights in ("A", "B", "AB") else ("vector", "ABCD")
        # With every weight there is nothing to look up in the vectors.
        label = "" if weights == all_weights else weights
        conditions = [f"{column} @@ %s::tsquery"]
        params = [" & ".join(_lexemes(term, label) for term in terms)]
        for pattern in (_pattern(term) for term in terms if not _is_told_by_vector(term)):
            conditions.append(f"({' OR '.join(f'{field} ~ %s' for field in fields)})")
            params += [pattern] * len(fields)
        return " AND ".join(conditions), params

    def _run(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _lexemes(term: Term, weights: str) -> str:
    """All that a vector has of the term, each in quotes. Words have no quotes and no backslashes in them."""
    *whole, last = _parts(term)
    ending = ("*" if term.is_prefix else "") + weights
    lexemes = [f"'{part}'{':' + weights if weights else ''}" for part in whole]
    return " & ".join([*lexemes, f"'{last}'{':' + ending if ending else ''}"])


def _parts(term: Term) -> Iterator[str]:
    """Two by two the words of scripts without spaces, as the trigger has them; the others one by one."""
    in_pair = False
    for word, following in pairwise([*term.words, " "]):
        starts_pair = is_unspaced(word) and is_unspaced(following)
        if starts_pair:
            yield word + following
        elif not in_pair:
            yield word
        in_pair = starts_pair


def _is_told_by_vector(term: Term) -> bool:
    return len(list(_parts(term))) == 1


def _pattern(term: Term) -> str:
    """Regular expression of the words side by side. They have no ASCII in them but letters and digits."""
    return r"(?:^|[ \n])" + r"[ \n]+".join(term.words) + ("" if term.is_prefix else r"(?:[ \n]|$)")
