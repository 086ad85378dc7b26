"""Names of files: as clients send them, and safe to show, to log, and to put into URLs and object keys."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 255
_LONGEST_SLUG = 100
_UNSAFE_IN_URL = re.compile(r"[^A-Za-z0-9._-]+")


def clean_name(raw: str) -> str:
    """The last part of a client's file name, without control characters and of bounded length.

    For people only: on disk every file has a name of the engine's.
    """
    last = re.split(r"[/\\]", raw)[-1]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    if visible in {"", ".", ".."}:
        return "file"
    stem, extension = split_name(visible)
    return visible if len(visible) <= LONGEST else f"{stem[: LONGEST - 20]}.{extension[:19]}"


def split_name(name: str) -> tuple[str, str]:
    """(basename, extension without its dot) of a file name."""
    basename, dot, extension = name.rpartition(".")
    return (basename, extension) if dot and basename else (name, "")


def url_name(name: str) -> str:
    """A file name that is safe in a URL and as one part of an object key; never empty, never a dot file."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = _UNSAFE_IN_URL.sub("-", ascii_name)
    basename, dot, ext = slug.rpartition(".")
    if not dot:
        basename, ext = slug, ""
    basename = basename.strip("-._")[:_LONGEST_SLUG].rstrip("-._") or "file"
    ext = ext.strip("-._")[:16]
    return f"{basename}.{ext}" if ext else basename
