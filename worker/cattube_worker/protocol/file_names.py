"""Names that clients give to files, made safe to show, to log and to put into object keys."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 255


def clean_name(raw: str) -> str:
    """The last part of a client's file name, without control characters and of bounded length.

    It names the file to people only: on disk every file has a name of our own.
    """
    last = re.split(r"[/\\]", raw)[-1]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    if visible in {"", ".", ".."}:
        return "file"
    stem, extension = split_name(visible)
    return visible if len(visible) <= LONGEST else f"{stem[: LONGEST - 20]}.{extension[:19]}"


def split_name(name: str) -> tuple[str, str]:
    """A name as (basename, extension without its dot)."""
    basename, dot, extension = name.rpartition(".")
    return (basename, extension) if dot and basename else (name, "")
