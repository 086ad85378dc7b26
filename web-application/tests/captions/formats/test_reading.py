"""Files of captions: what is read of good ones, and how bad ones are refused."""

from __future__ import annotations

import pytest

from cattube.captions.formats.errors import MAX_CUES, MAX_FILE_BYTES, CaptionsTooLarge, UnreadableCaptions
from cattube.captions.formats.reading import read_captions
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.formats.webvtt import written_webvtt

WEBVTT = """WEBVTT - Cats
Kind: captions

NOTE made by hand
on a Monday

STYLE
::cue { background: url(https://evil.example/x) }

REGION
id:roof
width:40%

1
00:01.000 --> 00:03.500 line:0 region:roof align:start evil:1
<v Anna>Come <i>down</i>

00:00:04.000 --> 01:00:05.250
Two
lines
"""
SUBRIP = """1
00:00:01,000 --> 00:00:03,500
Come down

2
00:00:04,000 --> 00:00:05,250 X1:40 X2:600
{\\an8}<font color="#ffff00">Now</font>

"""


def texts(data: bytes) -> list[str]:
    return [cue.text for cue in read_captions(data)]


def refusal(data: bytes, *, is_webvtt: bool | None = None) -> str:
    with pytest.raises(UnreadableCaptions) as refused:
        read_captions(data, is_webvtt=is_webvtt)
    return str(refused.value)


def one_cue(times: str, text: str = "Hello") -> bytes:
    return f"WEBVTT\n\n{times}\n{text}\n".encode()


def test_webvtt_is_read_without_notes_styles_and_regions_d80() -> None:
    """D80"""
    assert read_captions(WEBVTT.encode(), is_webvtt=True) == [
        TimedText(1.0, 3.5, "<v Anna>Come <i>down</i></v>", "line:0 align:start"),
        TimedText(4.0, 3605.25, "Two\nlines"),
    ]


def test_subrip_is_read_and_written_as_webvtt() -> None:
    cues = read_captions(SUBRIP.encode())

    assert written_webvtt(cues) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nCome down\n\n00:00:04.000 --> 00:00:05.250\nNow\n"
    )


@pytest.mark.parametrize("text", [WEBVTT, SUBRIP], ids=["webvtt", "subrip"])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_ends_of_lines_and_byte_order_marks_change_nothing_d81(text: str, end: str, encoding: str) -> None:
    """D81"""
    assert read_captions(text.replace("\n", end).encode(encoding)) == read_captions(text.encode())


def test_file_of_an_old_program_is_read_in_its_encoding_d81() -> None:
    """D81"""
    assert (
        texts(SUBRIP.replace("Come down", "Größe\u2014“groß”").encode("windows-1252"))[0]
        == "Größe\u2014“groß”"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(
            WEBVTT.replace("Two", "Tw\xf6").encode("latin-1"), "Line 19: this is not text", id="latin"
        ),
        pytest.param(
            WEBVTT.replace("Two", "T\0o").encode(), "Line 19: this is not text: it has a NUL", id="nul"
        ),
        pytest.param(SUBRIP.replace("Now", "N\0w").encode(), "NUL", id="nul-subrip"),
        pytest.param(SUBRIP.encode("utf-16-le"), "NUL", id="utf-16-without-a-mark"),
        pytest.param(b"\xff\xfe\x00", "not text", id="half-a-letter"),
        pytest.param(bytes(range(128, 256)) * 9, "not text", id="bytes"),
    ],
)
def test_file_that_is_no_text_is_refused_d81(data: bytes, words: str) -> None:
    """D81"""
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ("00:05.000 --> 00:04.000", "Line 3: this cue ends before it begins."),
        ("00:05.000 --> 00:05.000", "Line 3: this cue ends before it begins."),
        ("1000000000:00:00.000 --> 1000000000:00:01.000", "Line 3: this time is beyond a hundred hours."),
        ("99999999999999999999999:00:00.000 --> 00:01.000", "Line 3: expected the times"),
        ("NaN --> NaN", "Line 3: expected the times"),
        ("-00:01.000 --> 00:02.000", "Line 3: expected the times"),
        ("00:61.000 --> 00:62.000", "Line 3: expected the times"),
        ("00:01.-04 --> 00:02.000", "Line 3: expected the times"),
        ("\u0660\u0660:\u0660\u0661.000 --> 00:02.000", "Line 3: expected the times"),
        ("00:01.000 -->", "Line 3: expected the times"),
        ("00:01.000 --> 00:02.000line:0", "Line 3: expected the times"),
    ],
)
def test_times_that_are_none_are_refused_with_their_line_d82(times: str, words: str) -> None:
    """D82"""
    assert refusal(one_cue(times)).startswith(words)


def test_cues_out_of_order_are_sorted_and_may_overlap_d82() -> None:
    """D82"""
    late, early = "00:05.000 --> 00:09.000\nLate", "00:01.000 --> 00:06.000\nEarly"

    assert texts(f"WEBVTT\n\n{late}\n\n{early}\n".encode()) == ["Early", "Late"]


def test_file_above_two_megabytes_is_refused_d83() -> None:
    """D83"""
    with pytest.raises(CaptionsTooLarge):
        read_captions(b"WEBVTT\n\n" + b"x" * MAX_FILE_BYTES)


def test_hundred_thousand_cues_are_refused_at_the_first_that_is_too_much_d83() -> None:
    """D83"""
    data = b"WEBVTT\n\n" + b"0:0.000-->0:1.000\n\n" * 100_000

    assert refusal(data[:MAX_FILE_BYTES]) == f"Line {3 + 2 * MAX_CUES}: there are more than {MAX_CUES} cues."


def test_most_cues_that_are_allowed_are_read_d83() -> None:
    """D83"""
    assert len(read_captions(b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\nA\n\n" * MAX_CUES)) == MAX_CUES


def test_text_of_a_cue_has_a_limit_d83() -> None:
    """D83"""
    assert "5000 characters" in refusal(one_cue("00:01.000 --> 00:02.000", "A" * 5001))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "There is no text", id="nothing"),
        pytest.param(b"\xef\xbb\xbf", "There is no text", id="mark-alone"),
        pytest.param(b" \r\n\r\n", "There is no text", id="empty-lines"),
        pytest.param(b"WEBVTT\n", "There is no text", id="no-cues"),
        pytest.param(one_cue("00:01.000 --> 00:02.000", "<i> </i>"), "There is no text", id="no-words"),
        pytest.param(b"<!doctype html>\n<script>alert(1)</script>", "Line 1: expected the times", id="html"),
        pytest.param(b'{"a": 1}', "Line 1: expected the times", id="json"),
        pytest.param(b"WEBVTTX\n\n00:01.000 --> 00:02.000\nA\n\nx", "Line 1: expected", id="other-word"),
        pytest.param(WEBVTT.encode() + b"\nlost words\n", "Line 22: this belongs to no cue", id="lost-words"),
    ],
)
def test_file_that_is_no_captions_is_refused_d84(data: bytes, words: str) -> None:
    """D84"""
    assert refusal(data).startswith(words)


def test_subrip_that_is_called_webvtt_is_refused_d84() -> None:
    """D84"""
    assert refusal(SUBRIP.encode(), is_webvtt=True) == "Line 1: a WebVTT file begins with the word WEBVTT."


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        pytest.param(
            "1\n00:00:01,000 --> 00:00:02,000\nOne\n\nstill one\n\n2\n\n00:00:03,000 --> 00:00:04,000\nTwo",
            ["One\nstill one", "Two"],
            id="empty-lines",
        ),
        pytest.param(
            "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:03,000 --> 00:00:04,000\nTwo",
            ["One", "Two"],
            id="no-empty-line",
        ),
        pytest.param("0:00:01 --> 0:00:02\nOne\n\n", ["One"], id="short-times-without-a-number"),
    ],
)
def test_common_slips_of_subrip_files_lose_no_words(broken: str, expected: list[str]) -> None:
    assert texts(broken.encode()) == expected
