"""Full-text index of PostgreSQL: columns of vectors beside the texts, and indexes of their words.

The vectors are made by a trigger of our own words (`triggers.py`), and queries are written out. So the
parsers and dictionaries of the server, which know some languages, have no say.
Source: PostgreSQL manual, "Text Search Types".
"""

from collections.abc import Sequence

from django.db import connection

from cattube.search.query import Term

# Names have a vector of their own: of words that are frequent in speech and rare in titles, the server would
# else expect many hits, and read all vectors instead of an index.
_MAKE = (
    "ALTER TABLE search_indexedtext ADD COLUMN names tsvector, ADD COLUMN vector tsvector",
    "CREATE INDEX search_index ON search_indexedtext USING gin (vector)",
    "CREATE INDEX search_index_of_names ON search_indexedtext USING gin (names)",
)
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
        weights = "".join(sorted({_WEIGHTS[field] for field in fields}))
        column, all_weights = ("names", "AB") if weights in ("A", "B", "AB") else ("vector", "ABCD")
        # With every weight there is nothing to look up in the vectors.
        label = "" if weights == all_weights else weights
        # As an array: of a subquery the server expects that half of its rows are read, and takes no index.
        found = f"SELECT entry_id FROM search_indexedtext WHERE {column} @@ %s::tsquery"  # noqa: S608
        return (
            f"SELECT unnest(ARRAY({found})) AS id",
            [" & ".join(_phrase(term, label) for term in terms)],
        )

    def values(self) -> str:
        return "SELECT value::bigint FROM json_array_elements_text(%s::json)"

    def _run(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _phrase(term: Term, weights: str) -> str:
    """Words by `<->`, each in quotes. Words have no quotes and no backslashes in them."""
    *before, last = term.words
    ending = ("*" if term.is_prefix else "") + weights
    parts = [f"'{word}'{':' + weights if weights else ''}" for word in before]
    parts.append(f"'{last}'{':' + ending if ending else ''}")
    return f"({' <-> '.join(parts)})"
