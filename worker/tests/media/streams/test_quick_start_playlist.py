"""The playlist of a live preview that begins with a quick start."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from cattube_worker.media.streams.live_playlist import viewers_playlist
from cattube_worker.media.streams.quick_playlist import broken_off

HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-PLAYLIST-TYPE:EVENT\n"
END = "#EXT-X-ENDLIST\n"
JOINT = ["#EXT-X-DISCONTINUITY", '#EXT-X-MAP:URI="init.mp4"']


def quick(count: int, *, end: str = "") -> str:
    """The quick start after so many pieces, as ffmpeg leaves it."""
    pieces = "".join(f"#EXTINF:0.500000,\nq{number}.m4s\n" for number in range(count))
    return f'{HEAD}#EXT-X-MAP:URI="quick.mp4"\n{pieces}{end}'


def slow(count: int, *, seconds: float = 0.5, end: str = "") -> str:
    """What the encoder of the file has made after so many pieces."""
    pieces = "".join(f"#EXTINF:{seconds:f},\n{number}.m4s\n" for number in range(count))
    return f'{HEAD}#EXT-X-MAP:URI="init.mp4"\n{pieces}{end}' if count else ""


def lines(playlist: str) -> list[str]:
    """All that says what is played, in order."""
    kept = ("#EXT-X-MAP", "#EXT-X-DISC", "#EXT-X-END")
    return [line for line in playlist.splitlines() if not line.startswith("#") or line.startswith(kept)]


def test_viewers_see_the_quick_start_alone_until_it_has_ended() -> None:
    seen = lines(viewers_playlist(slow(30), quick(3)))

    assert seen == ['#EXT-X-MAP:URI="quick.mp4"', "q0.m4s", "q1.m4s", "q2.m4s"]


def test_m60_it_ends_where_the_other_has_a_key_frame_and_the_other_goes_on_from_there() -> None:
    """M60"""
    seen = lines(viewers_playlist(slow(22), broken_off(quick(11))))

    assert seen[1:9] == [f"q{number}.m4s" for number in range(8)]
    assert seen[9:] == [*JOINT, *(f"{number}.m4s" for number in range(8, 16)), "16-19.m4s"]


@pytest.mark.parametrize("count", [1, 3])
def test_m61_one_that_broke_off_at_once_is_followed_from_the_next_key_frame_on(count: int) -> None:
    """M61"""
    seen = lines(viewers_playlist(slow(6), broken_off(quick(count))))

    assert seen[count + 1 :] == [*JOINT, "4.m4s", "5.m4s"]


def test_m61_without_pieces_of_the_other_viewers_wait_at_its_end() -> None:
    seen = lines(viewers_playlist(slow(8), broken_off(quick(8))))

    assert seen[-1] == "q7.m4s"


def test_a_video_that_is_over_ends_with_its_quick_start() -> None:
    seen = lines(viewers_playlist(slow(2), quick(11, end=END)))

    assert seen[-2:] == ["q10.m4s", "#EXT-X-ENDLIST"]


def test_a_quick_start_that_is_as_long_as_it_may_be_is_followed_by_the_rest() -> None:
    seen = lines(viewers_playlist(slow(122, end=END), quick(120, end=END)))

    assert seen[-5:] == [*JOINT, "120.m4s", "121.m4s", "#EXT-X-ENDLIST"]


def test_pieces_that_are_a_little_shorter_or_longer_join_at_the_same_moment() -> None:
    """At 30000/1001 frames a second, and where sound begins before the picture."""
    seen = lines(viewers_playlist(slow(10, seconds=0.5005), broken_off(quick(8))))

    assert seen[9:] == [*JOINT, "8.m4s", "9.m4s"]


def _stories() -> Iterator[list[str]]:
    """All that viewers may be told of one video, one after the other."""
    for broken_at in (2, 4, 9, 15):
        grown = [(slow(0), quick(count)) for count in range(1, broken_at + 1)]
        ends = [
            (slow(count, end=END if count == 40 else ""), broken_off(quick(broken_at))) for count in range(41)
        ]
        yield [viewers_playlist(*files) for files in (*grown, *ends)]
    yield [viewers_playlist(slow(count // 2), quick(count)) for count in range(1, 30)] + [
        viewers_playlist(slow(30, end=END), quick(30, end=END))
    ]


@pytest.mark.parametrize("told", list(_stories()))
def test_m60_what_was_named_once_stays_while_it_grows(told: list[str]) -> None:
    """M60: players read an EVENT again and again, and count."""
    for shorter, longer in itertools.pairwise(map(lines, told)):
        assert longer[: len(shorter)] == shorter
    assert told[-1].endswith(END)
