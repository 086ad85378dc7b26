"""Scopes of API tokens. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """What a token may do in the name of its owner."""

    READ = "read"
    UPLOAD = "upload"
    EDIT = "edit"
    DELETE = "delete"


MEANINGS = {
    Scope.READ: "See your videos, the private ones too",
    Scope.UPLOAD: "Upload videos",
    Scope.EDIT: "Change videos, captions, playlists, history and your channel; comment, like and follow",
    Scope.DELETE: "Delete videos, take them back; delete comments and playlists, empty your history",
}


def scopes_of(words: Iterable[str]) -> frozenset[Scope]:
    """Scopes of these names. Raises ValueError when one is unknown or there is none."""
    names = [word.strip() for word in words if word.strip()]
    unknown = [name for name in names if name not in list(Scope)]
    if unknown or not names:
        problem = f"there is no scope {unknown[0]}" if unknown else "a token needs a scope"
        raise ValueError(f"{problem}: expected some of {', '.join(Scope)}")
    return frozenset(map(Scope, names))


def in_order(scopes: Iterable[Scope]) -> list[Scope]:
    """The same scopes, in the order in which people are shown them."""
    return sorted(scopes, key=list(Scope).index)
