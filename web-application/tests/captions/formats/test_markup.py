"""Texts of cues: what markup stays, and that nothing else does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cattube.captions.formats.markup import clean_text, editable_text, plain_text
from cattube.captions.formats.reading import read_captions
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.formats.webvtt import written_webvtt

PIECES = [
    *("<i>", "</i>", "<b.loud>", "</b>", "<u>", "<v Anna>", "<v.x B&ob>", "</v>", "<v a-->", "<v a-&#45;>"),
    *(
        "<",
        ">",
        "&",
        ";",
        "/",
        "-->",
        "--",
        "\n",
        "\n\n",
        "\r",
        " ",
        "&amp;",
        "&lt;",
        "&#60;",
        "&#x0;",
        "&nosuch;",
    ),
    *(
        "script",
        "<script>",
        "<00:01.000>",
        "<c.red>",
        "{\\an8}",
        "{",
        "\\}",
        "lt;",
        "\u0338",
        "\u0301",
        "\x0b",
        "a",
    ),
]
ALLOWED = re.compile(r"(?:</?[ibu]>|<v [^<>&\n]+>|</v>|&(?:amp|lt|gt);|[^&<>])*")
hostile_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<i>Come</i> <b>down</b>", "<i>Come</i> <b>down</b>"),
        ("<v.first.loud Anna Bell>Hi", "<v Anna Bell>Hi</v>"),
        ("<v Anna>Hi <v Bob>Ho", "<v Anna>Hi </v><v Bob>Ho</v>"),
        ("<v>Hi", "Hi"),
        ("<i><b>over</i>lap</b>", "<i><b>over</b></i>lap"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>Hi", "Hi"),
        ("<c.yellow>col<00:00:01.000>our</c>", "colour"),
        ("<font color=red>red</font>", "red"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("&#60;script&#62;", "&lt;script&gt;"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("Tom &amp; Jerry &nosuch;", "Tom &amp; Jerry &amp;nosuch;"),
        ("{\\an8\\c&H00&}Up", "Up"),
        ("a\n\n \nb", "a\nb"),
        ("U\u0308bung \x07\x85", "Übung"),
        ("<i>\u0338", "&lt;i\u226f"),
        ("<v a-&#45;>b", "<v a>b</v>"),
    ],
)
def test_text_keeps_what_players_show_and_nothing_else_d80(text: str, expected: str) -> None:
    """D80"""
    assert clean_text(text) == expected


@given(hostile_texts)
def test_no_text_has_any_other_markup_or_ends_its_cue_d80(text: str) -> None:
    """D80"""
    cleaned = clean_text(text)

    assert ALLOWED.fullmatch(cleaned)
    assert "-->" not in cleaned
    assert "\n\n" not in f"\n{cleaned}\n" or not cleaned
    assert cleaned.count("<") == 2 * cleaned.count("</")
    if cleaned:
        cue = TimedText(1.0, 2.0, cleaned)
        assert read_captions(written_webvtt([cue]).encode()) == [cue]


@given(hostile_texts)
def test_text_that_is_edited_and_saved_unchanged_stays_the_same_d80(text: str) -> None:
    """D80"""
    cleaned = clean_text(text)

    assert clean_text(editable_text(cleaned)) == cleaned


@pytest.mark.parametrize(
    ("clean", "plain", "editable"),
    [
        ("<v Anna>Come <i>down</i></v>\nnow", "Anna: Come down now", "<v Anna>Come <i>down</i></v>\nnow"),
        ("Tom &amp; Jerry", "Tom & Jerry", "Tom & Jerry"),
        ("1 &lt; 2 &gt; 1", "1 < 2 > 1", "1 < 2 > 1"),
        ("1 &lt;\u0338 2", "1 <\u0338 2", "1 &lt;\u0338 2"),
        ("the tag &lt;b&gt;", "the tag <b>", "the tag &lt;b>"),
        ("&amp;amp;", "&amp;", "&amp;amp;"),
    ],
)
def test_text_is_shown_as_words_and_edited_as_people_write_it(clean: str, plain: str, editable: str) -> None:
    assert plain_text(clean) == plain
    assert editable_text(clean) == editable
    assert clean_text(editable) == clean
