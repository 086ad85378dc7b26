"""The playlist of a live preview: short segments at first, longer ones later."""

from __future__ import annotations

import itertools

import pytest

from cattube_worker.media.streams.live_playlist import pieces_of, viewers_playlist

HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-PLAYLIST-TYPE:EVENT\n"
END = "#EXT-X-ENDLIST\n"


def made(count: int, *, seconds: float = 0.5, end: str = "") -> str:
    """The playlist as ffmpeg leaves it after so many pieces."""
    return HEAD + "".join(f"#EXTINF:{seconds:f},\n{number}.m4s\n" for number in range(count)) + end


def names(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if not line.startswith("#")]


def seconds(playlist: str) -> float:
    lengths = [line for line in playlist.splitlines() if line.startswith("#EXTINF")]
    return sum(float(line.removeprefix("#EXTINF:").rstrip(",")) for line in lengths)


def test_the_first_seconds_are_named_as_soon_as_they_are_made_and_the_rest_in_longer_segments() -> None:
    """W68"""
    first, later = viewers_playlist(made(1)), viewers_playlist(made(18))

    assert names(first) == ["0.m4s"]
    assert names(later) == [*(f"{number}.m4s" for number in range(8)), "8-11.m4s", "12-15.m4s"]
    assert seconds(later) == 8


def test_what_was_named_once_stays_while_it_grows() -> None:
    """W68: players read an EVENT again and again, and count."""
    lists = [names(viewers_playlist(made(count, end=END if count == 30 else ""))) for count in range(31)]

    for shorter, longer in itertools.pairwise(lists):
        assert longer[: len(shorter)] == shorter


@pytest.mark.parametrize(("count", "last"), [(8, "7.m4s"), (9, "8.m4s"), (11, "8-10.m4s"), (12, "8-11.m4s")])
def test_at_the_end_nothing_is_left_out(count: int, last: str) -> None:
    ended = viewers_playlist(made(count, end=END))

    assert names(ended)[-1] == last
    assert seconds(ended) == count / 2
    assert ended.endswith(END)


@pytest.mark.parametrize(("piece_seconds", "target"), [(0.5, 2), (0.51, 2), (1.0, 4)])
def test_no_segment_is_longer_than_the_playlist_says(piece_seconds: float, target: int) -> None:
    """One frame a second makes long pieces."""
    assert f"#EXT-X-TARGETDURATION:{target}\n" in viewers_playlist(made(16, seconds=piece_seconds))


def test_players_are_told_to_begin_at_the_start() -> None:
    assert viewers_playlist(made(0)).startswith("#EXTM3U\n#EXT-X-START:TIME-OFFSET=0\n#EXT-X-VERSION:7\n")


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("live.m3u8", ["live.m3u8"]),
        ("7.m4s", ["7.m4s"]),
        ("8-11.m4s", ["8.m4s", "9.m4s", "10.m4s", "11.m4s"]),
        ("8-9.m4s", ["8.m4s", "9.m4s"]),
        ("8-12.m4s", ["8-12.m4s"]),
        ("0-999999999.m4s", ["0-999999999.m4s"]),
        ("8-8.m4s", ["8-8.m4s"]),
        ("9-8.m4s", ["9-8.m4s"]),
    ],
)
def test_the_name_of_a_segment_tells_its_pieces_and_never_many(name: str, pieces: list[str]) -> None:
    assert pieces_of(name) == pieces
