"""Times in a description or a comment lead there. Hazard W130: text of strangers becomes HTML."""

import re

import pytest

from cattube.design.templatetags.time_links import time_links


def links(text: str, duration_seconds: float | None = None) -> list[tuple[str, str]]:
    """Address and words of every link that `text` becomes."""
    return re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', time_links(text, duration_seconds))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00 The loft", [0]),
        ("Cloth (2:37), rope 06:10.", [157, 370]),
        ("1:02:37 Up the mast", [3757]),
        ("from 2:37-3:10", [157, 190]),
        ("123:45", [7425]),
        ("at 1:23, and 12:34.", [83, 754]),
        ("(59:59)", [3599]),
    ],
)
def test_a_time_in_a_text_is_a_link_that_seeks(text: str, seconds: list[int]) -> None:
    assert [address for address, _ in links(text)] == [f"?t={second}" for second in seconds]


NOT_TIMES = [
    "",
    "16:9",
    "1:60",
    "1:2:33",
    "1:23:4",
    "1:2:3:45",
    "10.1:23",
    "2:37.5",
    "x1:23",
    "12:30pm",
    "1:23:45:67",
    "1:75:00",
    "/12:30",
    "\uff11:\uff12\uff13",  # wide digits
]


@pytest.mark.parametrize("text", NOT_TIMES)
def test_what_only_looks_like_a_time_stays_text(text: str) -> None:
    assert links(text) == []


def test_a_time_after_the_end_of_the_video_stays_text() -> None:
    assert links("2:37 and 12:30", duration_seconds=200.5) == [("?t=157", "2:37")]


def test_w130_addresses_stay_whole_and_markup_stays_text() -> None:
    html = time_links("<b onclick=x>1:23</b> https://cats.example/12:30?t=1:23")

    assert "<b" not in html
    assert links("<b onclick=x>1:23</b> https://cats.example/12:30?t=1:23") == [
        ("?t=83", "1:23"),
        ("https://cats.example/12:30?t=1%3A23", "https://cats.example/12:30?t=1:23"),
    ]
