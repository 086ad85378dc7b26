"""Subtitles: reading SRT and VTT, writing SRT and ASS."""

from __future__ import annotations

import pytest

from cattube_worker.media.filter_escaping import in_filter
from cattube_worker.media.geometry import Size
from cattube_worker.media.subtitles.ass_script import Style, ass
from cattube_worker.media.subtitles.cues import Cue, part_of
from cattube_worker.media.subtitles.reading import read_cues
from cattube_worker.media.subtitles.writing import srt

SRT = (
    "1\r\n00:00:00,500 --> 00:00:01,500\r\n<i>Miau</i>\r\nund {\\b1}schnurr\r\n\r\n"
    "2\r\n00:01:00,000 --> 01:00:02,25\r\nEnde\r\n"
)
VTT = (
    "WEBVTT\n\nNOTE nothing\n\nfirst\n00:00.500 --> 00:01.500 line:0\n<v Cat>Miau &amp; so\n\n"
    "01:00.000 --> 01:00:02.250\nEnde"
)


@pytest.mark.parametrize(
    ("data", "first"),
    [
        pytest.param(SRT.encode(), "Miau\nund schnurr", id="srt"),
        pytest.param(VTT.encode("utf-8-sig"), "Miau & so", id="vtt"),
        pytest.param(VTT.encode("utf-16"), "Miau & so", id="utf-16"),
    ],
)
def test_srt_and_vtt_are_read_without_their_markup(data: bytes, first: str) -> None:
    cues = read_cues(data)

    assert cues == [Cue(0.5, 1.5, first), Cue(60, 3602.25, "Ende")]


@pytest.mark.parametrize("data", [b"", b"meow", b"\xff\xfe\xff", b"00:00:02,000 --> 00:00:01,000\nback\n"])
def test_a_file_without_a_cue_gives_none(data: bytes) -> None:
    assert read_cues(data) == []


def test_old_files_for_windows_keep_their_umlauts() -> None:
    (cue,) = read_cues("00:00:00,000 --> 00:00:01,000\nGrüße\n".encode("cp1252"))

    assert cue.text == "Grüße"


def test_cues_are_written_as_they_were_read() -> None:
    cues = [Cue(0.5, 1.5, "Miau"), Cue(3600.25, 3602, "a\nb")]

    assert read_cues(srt(cues).encode()) == cues


def test_m22_text_cannot_hold_commands_of_ass() -> None:
    script = ass([Cue(0, 1, "{\\fs99}big \\N\nsmall")], Style(), Size(320, 180))

    assert "Dialogue: 0:00:00.00,0:00:01.00,Default,(\\\u2060fs99)big \\\u2060N\\Nsmall" in script


def test_colours_begin_with_their_transparency() -> None:
    script = ass([], Style(font_color="12abcdef", border_color="F00"), Size(320, 180))

    assert ",&H12EFCDAB,&H000000FF," in script


def test_a_path_is_escaped_for_the_option_and_for_the_graph() -> None:
    assert in_filter("/a:b/c'd,e") == r"/a\\:b/c\\\'d\,e"


def test_cues_of_a_part_are_in_its_own_time() -> None:
    cues = [
        Cue(0, 1, "before"),
        Cue(1, 3, "into"),
        Cue(3, 4, "within"),
        Cue(4.5, 6, "out of"),
        Cue(5, 6, "after"),
    ]

    assert part_of(cues, 2, 5) == [Cue(0, 1, "into"), Cue(1, 2, "within"), Cue(2.5, 3, "out of")]
