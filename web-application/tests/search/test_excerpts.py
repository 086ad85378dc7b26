"""Marks in texts, and texts cut around them."""

from collections.abc import Iterable

import pytest

from cattube.search.excerpts import Part, excerpt, marked
from cattube.search.query import parse


def shown(parts: Iterable[Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Cat on a roof", "roof", "Cat on a [roof]"),
        ("Category", "cat", "[Category]"),
        ("Ein Übungsstück", "ubung", "Ein [Übungsstück]"),
        ("東京タワー", "京タ", "東[京タ]ワー"),
        ("on a roof, on a cat", '"on a cat"', "on a roof, [on a cat]"),
        ("roofs roof", '"roof"', "roofs [roof]"),
        ("<b>cat</b>", "cat", "<b>[cat]</b>"),
        ("dog", "cat", "dog"),
    ],
)
def test_hits_are_marked_where_they_are_written(text: str, query: str, expected: str) -> None:
    assert shown(marked(text, parse(query).terms)) == expected


def test_long_text_is_cut_around_its_first_hit() -> None:
    text = "word " * 200 + "needle " + "word " * 200

    cut = shown(excerpt(text, parse("needle").terms))

    assert "[needle]" in cut
    assert cut.startswith("…word ")
    assert cut.endswith("word…")
    assert len(cut) < 240


def test_long_text_without_gaps_is_cut_too() -> None:
    assert len(shown(excerpt("京" * 5000, parse("京").terms))) < 1000


def test_text_without_a_hit_has_no_excerpt() -> None:
    assert excerpt("dog", parse("cat").terms) == []
