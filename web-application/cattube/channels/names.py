"""Names of channels, as they stand in addresses. Pure."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

MAX_NAME_CHARACTERS = 40
PATTERN = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
# Room for a number behind it.
_MOST_OF_USERNAME = MAX_NAME_CHARACTERS - 8
_FALLBACK = "channel"


def name_from(username: str) -> str:
    """Name for the channel of this person: `José Ruiz` has jose-ruiz. Without Latin letters it is channel."""
    plain = unicodedata.normalize("NFKD", username).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9_]+", "-", plain)[:_MOST_OF_USERNAME].strip("-_")
    return words or _FALLBACK


def free_name(username: str, taken: Container[str]) -> str:
    """The name, with the first number that makes it one of its own."""
    name = name_from(username)
    if name not in taken:
        return name
    return next(numbered for number in count(2) if (numbered := f"{name}-{number}") not in taken)
