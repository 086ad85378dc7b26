"""Texts with the places that a search hit, as parts that a template or a script marks. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cattube.search.query import Term
from cattube.search.words import Word, words_in

# Of a long text, this much before the first hit and in all.
LEAD_CHARACTERS, EXCERPT_CHARACTERS = 60, 220


@dataclass(frozen=True)
class Part:
    text: str
    is_hit: bool


def marked(text: str, terms: Sequence[Term]) -> list[Part]:
    """The whole text in parts; none of them is a hit when no term is in it."""
    return list(_parts(text, _hits(text, terms)))


def excerpt(text: str, terms: Sequence[Term]) -> list[Part]:
    """The text around its first hit, in parts; empty without a hit."""
    hits = _hits(text, terms)
    if not hits:
        return []
    start, end = _window(text, hits[0])
    inside = [hit for hit in hits if hit[1] <= end]
    parts = list(_parts(text[start:end], [(first - start, last - start) for first, last in inside]))
    before, after = [Part("…", False)] if start else [], [Part("…", False)] if end < len(text) else []
    return [*before, *parts, *after]


def has_hit(parts: Iterable[Part]) -> bool:
    return any(part.is_hit for part in parts)


def _window(text: str, hit: tuple[int, int]) -> tuple[int, int]:
    """Start and end of an excerpt with `hit` in it, at gaps between words where there are any near."""
    start = max(0, hit[0] - LEAD_CHARACTERS)
    if start:
        gap = text.find(" ", start, hit[0])
        start = start if gap < 0 else gap + 1
    end = min(len(text), max(start + EXCERPT_CHARACTERS, hit[1]))
    if end < len(text):
        gap = text.rfind(" ", hit[1], end)
        end = end if gap < 0 else gap
    return start, end


def _parts(text: str, hits: Iterable[tuple[int, int]]) -> Iterator[Part]:
    place = 0
    for start, end in hits:
        if start > place:
            yield Part(text[place:start], False)
        yield Part(text[start:end], True)
        place = end
    if place < len(text):
        yield Part(text[place:], False)


def _hits(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Places of all terms in the text, apart from each other and in order."""
    words = words_in(text)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_spans(words, terms)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _spans(words: Sequence[Word], terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    # Most terms are one word, and most words of a text none of them.
    whole = {term.words[0] for term in terms if len(term.words) == 1 and not term.is_prefix}
    beginnings = tuple(term.words[0] for term in terms if len(term.words) == 1 and term.is_prefix)
    phrases = [term for term in terms if len(term.words) > 1]
    for place, word in enumerate(words):
        if word.text in whole or word.text.startswith(beginnings):
            yield word.start, word.end
        for term in phrases:
            if word.text == term.words[0] and _stands_at(term, words, place):
                yield word.start, words[place + len(term.words) - 1].end


def _stands_at(term: Term, words: Sequence[Word], place: int) -> bool:
    *before, last = term.words
    there = [word.text for word in words[place : place + len(term.words)]]
    if len(there) < len(term.words) or there[:-1] != before:
        return False
    return there[-1].startswith(last) if term.is_prefix else there[-1] == last
