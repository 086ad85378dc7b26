"""Pieces in a playlist as ffmpeg writes it beside them, while it grows. Pure."""

from __future__ import annotations

import re

END = "#EXT-X-ENDLIST"
_PIECE = re.compile(r"#EXTINF:([0-9.]+),?\n(q?[0-9]+\.m4s)\n")


def pieces_in(playlist: str) -> list[tuple[float, str]]:
    """Seconds and name of each piece."""
    return [(float(seconds), name) for seconds, name in _PIECE.findall(playlist)]


def head_of(playlist: str) -> str:
    """All that stands before the first piece."""
    return _PIECE.split(playlist, maxsplit=1)[0].removesuffix(f"{END}\n")
