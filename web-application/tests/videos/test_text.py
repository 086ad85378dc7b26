"""Text that people typed: what is stored and what is compared."""

import pytest

from cattube.videos.text import comparable, is_blank, stored

DECOMPOSED = "U\u0308bung"


def test_letter_and_its_accent_are_one_however_they_were_typed() -> None:
    assert stored(DECOMPOSED) == "Übung"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Прогулка", "прогулка"),
        ("Übung", DECOMPOSED),
        ("Übung", "ubung"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("\uff23\uff21\uff34", "cat"),
        ("ﬁlm", "FILM"),
        ("ёлка", "Елка"),
    ],
)
def test_words_are_compared_without_case_accent_and_width(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("cat", "cut"), ("कि", "कु"), ("が", "か")])
def test_other_letters_stay_other_letters(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "\u200b", "\u2060\ufeff", "\u3164", "\u2800 \u00a0", "\u0301", "\ufe0f", "\U000e0020"],
)
def test_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "🐈", "…", "\u200bख", "1", "é"])
def test_text_that_shows_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)
