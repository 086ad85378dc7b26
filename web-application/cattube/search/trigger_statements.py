"""Statements that make the triggers of the search, for either database. Pure.

Entries are made of videos (`ENTRY_COLUMNS`), and the full-text index of the texts (`TEXT_COLUMNS`).
"""

# ruff: noqa: S608 names in these statements are our own
from cattube.search.words import UNSPACED

# Of the entry, and what each is made of.
ENTRY_COLUMNS = {
    "video_id": "{row}.id",
    "owner_id": "{row}.owner_id",
    "title_key": "{row}.title_key",
    "visibility": "{row}.visibility",
    "status": "{row}.status",
    "uploaded_at": "{row}.uploaded_at",
    "trashed_at": "{row}.trashed_at",
    "length_seconds": "coalesce({row}.duration_seconds, 0)",
}
TEXT_COLUMNS = ("title", "tags", "channel", "description", "transcript")
ENTRY_TRIGGERS = ("search_entry_of_new", "search_entry_of_changed")
# Columns of a video that an entry has, but its id, which never changes.
COPIED = ("owner_id", "title_key", "visibility", "status", "uploaded_at", "trashed_at", "duration_seconds")


def entry_values(row: str) -> str:
    """Values of an entry, of a video that SQL calls `row`."""
    return ", ".join(value.format(row=row) for value in ENTRY_COLUMNS.values())


def assignments(row: str) -> str:
    """Assignments to the columns of an entry, of a video that SQL calls `row`."""
    return ", ".join(f"{name} = {value.format(row=row)}" for name, value in ENTRY_COLUMNS.items())


def _each(prefix: str) -> str:
    return ", ".join(f"{prefix}{name}" for name in TEXT_COLUMNS)


_INSERT_ENTRY = f"INSERT INTO search_entry ({', '.join(ENTRY_COLUMNS)}) VALUES ({entry_values('NEW')})"
_UPDATE_ENTRY = f"UPDATE search_entry SET {assignments('NEW')} WHERE video_id = NEW.id"

# The index is told the old words to take them away: it does not hold the texts itself.
_FORGET = (
    f"INSERT INTO search_index (search_index, rowid, {_each('')}) "
    f"VALUES ('delete', OLD.entry_id, {_each('OLD.')})"
)
_LEARN = f"INSERT INTO search_index (rowid, {_each('')}) VALUES (NEW.entry_id, {_each('NEW.')})"

_SQLITE_TRIGGERS = {
    "search_entry_of_new AFTER INSERT ON videos_video": _INSERT_ENTRY,
    f"search_entry_of_changed AFTER UPDATE OF {', '.join(COPIED)} ON videos_video": _UPDATE_ENTRY,
    "search_index_of_new AFTER INSERT ON search_indexedtext": _LEARN,
    "search_index_of_gone AFTER DELETE ON search_indexedtext": _FORGET,
    f"search_index_of_changed AFTER UPDATE OF {_each('')} ON search_indexedtext": f"{_FORGET}; {_LEARN}",
}
SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {event} BEGIN {action}; END" for event, action in _SQLITE_TRIGGERS.items()
)

# Compared inside: a column that a trigger itself names can change its type no more.
_CHANGED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in COPIED)

# Two such words side by side are a word of the index too: else nearly every text has both of them somewhere.
_UNSPACED_WORD = "^[{}]".format("".join(rf"\U{first:08X}-\U{last:08X}" for first, last in UNSPACED))

POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION search_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN {_INSERT_ENTRY};
        ELSIF {_CHANGED} THEN {_UPDATE_ENTRY};
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE OR REPLACE TRIGGER search_entry_of_new AFTER INSERT ON videos_video "
    "FOR EACH ROW EXECUTE FUNCTION search_keep_entry()",
    "CREATE OR REPLACE TRIGGER search_entry_of_changed AFTER UPDATE ON videos_video "
    "FOR EACH ROW EXECUTE FUNCTION search_keep_entry()",
    # Our own words, as they are: the parser of to_tsvector would cut them by rules for English and the Web.
    # Each stands there once, whatever its place: a vector keeps 256 places of a word, none above 16,383, and
    # in all a megabyte. A word takes its own bytes and five. What a text has beyond the bytes below is left
    # out; together they never make a vector too long.
    f"""
    CREATE OR REPLACE FUNCTION search_vector(words text, weight "char") RETURNS tsvector
    LANGUAGE sql IMMUTABLE AS $$
        WITH split AS (
            SELECT word, place, lead(word) OVER (ORDER BY place) AS following
            FROM unnest(string_to_array(translate(words, E'\\n', ' '), ' '))
                WITH ORDINALITY AS split (word, place)
            WHERE word <> ''
        ), placed AS (
            SELECT word AS lexeme, place FROM split
            UNION ALL
            SELECT word || following, place FROM split
            WHERE word ~ '{_UNSPACED_WORD}' AND following ~ '{_UNSPACED_WORD}'
        ), summed AS (
            SELECT lexeme, sum(octet_length(lexeme) + 5) OVER (ORDER BY min(place), lexeme) AS bytes
            FROM placed GROUP BY lexeme
        )
        SELECT coalesce(
            setweight(string_agg(quote_literal(lexeme) || ':1', ' ')::tsvector, weight), ''::tsvector
        )
        FROM summed WHERE bytes <= CASE weight WHEN 'D' THEN 750000 WHEN 'C' THEN 200000 ELSE 25000 END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION search_keep_vector() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.names = search_vector(NEW.title, 'A') || search_vector(NEW.tags, 'B')
            || search_vector(NEW.channel, 'B');
        NEW.vector = NEW.names || search_vector(NEW.description, 'C') || search_vector(NEW.transcript, 'D');
        RETURN NEW;
    END $$
    """,
    "CREATE OR REPLACE TRIGGER search_vector_of_text BEFORE INSERT OR UPDATE ON search_indexedtext "
    "FOR EACH ROW EXECUTE FUNCTION search_keep_vector()",
)
