"""Chapters: in a description by the rules of YouTube, or as an owner writes them."""

from __future__ import annotations

import pytest

from cattube.captions.chapters import MOST_CHAPTERS, ChapterMark, chapters_in, checked_chapters, read_chapters
from cattube.errors import InvalidFields

GOOD = "My film\n\n0:00 The loft\n2:37 Cloth\n1:14:56 Up the mast\n"
CHAPTERS = [ChapterMark(0, "The loft"), ChapterMark(157, "Cloth"), ChapterMark(4496, "Up the mast")]


@pytest.mark.parametrize(
    "description",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        "(0:00) The loft\n[02:37] - Cloth\n• 1:14:56 \u2013 Up the mast",
        "Needles and wax. 0:00 is not at the beginning.\n0:00: The loft\n2:37 | Cloth\n01:14:56. Up the mast",
        "0:00 The loft · 2:37 Cloth · 1:14:56 Up the mast",
    ],
)
def test_time_stamps_in_a_description_are_chapters(description: str) -> None:
    assert chapters_in(description) == CHAPTERS


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("", id="nothing"),
        pytest.param("0:00 One\n2:37 Two", id="only-two"),
        pytest.param("0:01 One\n2:37 Two\n3:00 Three", id="not-from-the-start"),
        pytest.param("0:00 One\n3:00 Two\n2:37 Three", id="backwards"),
        pytest.param("0:00 One\n1:00 Two\n1:09 Three", id="too-short"),
        pytest.param("0:00\n1:00\n2:00", id="without-titles"),
        pytest.param("0:00 One\n1:75 Two\n3:00 Three", id="no-time"),
        pytest.param("We met at 0:00, 1:00 and 2:00", id="in-a-sentence"),
        pytest.param("\n".join(f"{n}:00 N" for n in range(MOST_CHAPTERS + 1)), id="too-many"),
    ],
)
def test_time_stamps_that_break_a_rule_are_no_chapters(description: str) -> None:
    assert chapters_in(description) == []


@pytest.mark.parametrize(("duration_seconds", "count"), [(None, 3), (4506, 3), (4505, 0), (60, 0)])
def test_last_chapter_lasts_ten_seconds_too(duration_seconds: float | None, count: int) -> None:
    assert len(chapters_in(GOOD, duration_seconds=duration_seconds)) == count


def test_owner_writes_one_chapter_in_each_line() -> None:
    assert read_chapters("0:00 The loft\n\n2:37.500 Cloth \n") == [
        ChapterMark(0, "The loft"),
        ChapterMark(157.5, "Cloth"),
    ]


def test_line_without_a_time_is_named() -> None:
    with pytest.raises(InvalidFields, match="Line 2: begin with a time"):
        read_chapters("0:00 The loft\nCloth")


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([(0, " ")], "Chapter 1: give it a title"),
        ([(0, "a" * 201)], "Chapter 1: give it a title"),
        ([(0, "a\0b")], "Chapter 1: give it a title"),
        ([(-1, "One")], "Chapter 1: this is no time"),
        ([(float("nan"), "One")], "Chapter 1: this is no time"),
        ([(float("inf"), "One")], "Chapter 1: this is no time"),
        ([(1e9, "One")], "Chapter 1: this is no time"),
        ([(5, "One"), (5.0001, "Two")], "Chapter 2: it begins before"),
        ([(5, "One"), (4, "Two")], "Chapter 2: it begins before"),
        ([(n, "One") for n in range(MOST_CHAPTERS + 1)], f"A video has {MOST_CHAPTERS} chapters at most"),
    ],
)
def test_chapters_that_are_none_are_refused_d89(marks: list[tuple[float, str]], words: str) -> None:
    """D89"""
    with pytest.raises(InvalidFields, match=words):
        checked_chapters([ChapterMark(*mark) for mark in marks])
