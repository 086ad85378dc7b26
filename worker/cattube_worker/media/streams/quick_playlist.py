"""Playlist of a quick start: the pieces of it that viewers get, and whether more of them come. Pure."""

from __future__ import annotations

import math

from cattube_worker.media.streams.piece_list import END, pieces_in
from cattube_worker.media.streams.quick_start import KEY_FRAME_SECONDS, MOST_SECONDS, PIECE_SECONDS

# Pieces from one key frame of the slow encoder to the next.
_PIECES_OF_A_GROUP = round(KEY_FRAME_SECONDS / PIECE_SECONDS)
# A comment to players.
_BROKEN_OFF = "#BROKEN-OFF"


def shown_pieces(playlist: str) -> list[tuple[float, str]]:
    """Seconds and name of the pieces that viewers get: what follows them has to begin with a key frame.

    Those of the first group come one by one, because somebody waits for them.
    """
    pieces, count = pieces_in(playlist), _PIECES_OF_A_GROUP
    is_cut = len(pieces) > count and END not in playlist
    return pieces[: len(pieces) // count * count] if is_cut else pieces


def seconds_shown(playlist: str) -> float:
    return math.fsum(seconds for seconds, _ in shown_pieces(playlist))


def has_ended(playlist: str) -> bool:
    """True when no piece is added any more, so that others may follow."""
    return END in playlist or _BROKEN_OFF in playlist


def is_whole_video(playlist: str) -> bool:
    """True when nothing follows: the video has ended, and not only its quick start."""
    return END in playlist and seconds_shown(playlist) < MOST_SECONDS - PIECE_SECONDS


def broken_off(playlist: str) -> str:
    """The playlist of an encoder that was ended before it came to its own end."""
    return playlist if has_ended(playlist) else f"{playlist}{_BROKEN_OFF}\n"
