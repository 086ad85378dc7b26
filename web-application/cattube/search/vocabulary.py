"""Words that stand in videos, and those that a mistyped word may mean: they share most of its trigrams."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Count

from cattube.search.fulltext.index import index
from cattube.search.models import KnownWord, Trigram

# Of shorter words a typing error makes another word; longer ones nobody types.
LEAST_CHARACTERS, MOST_CHARACTERS = 4, 32
# Of one text; who speaks for hours says fewer. A file of words made up has a hundred thousand.
MOST_LEARNED = 5_000
_AT_ONCE = 500
# Of those that share the most trigrams, this many are compared letter by letter.
_COMPARED = 50


def learn(texts: Iterable[str]) -> None:
    """Add the words of these texts, which are words with spaces between them, to those that are known.

    Of a text with more than MOST_LEARNED the first ones.
    """
    words = iter(sorted({word for text in texts for word in islice(_learnable(text), MOST_LEARNED)}))
    while chunk := list(islice(words, _AT_ONCE)):
        _learn(chunk)


def forget_unused(**_: Any) -> None:
    """Forget the words that stand in no text any more, a few in each transaction."""
    last = ""
    while words := list(KnownWord.objects.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = words[-1].pk
        KnownWord.objects.filter(pk__in=index().missing([word.pk for word in words])).delete()


def similar(word: str) -> list[str]:
    """Known words that `word` may be a mistyped form of, closest first."""
    if not is_correctable(word):
        return []
    sharing = (
        Trigram.objects.filter(letters__in=trigrams(word))
        .values_list("word_id")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word_id")[:_COMPARED]
    )
    most = 1 if len(word) < 8 else 2
    distances = [(distance(word, known), -shared, known) for known, shared in sharing if known != word]
    return [known for far, _, known in sorted(distances) if far <= most]


def trigrams(word: str) -> set[str]:
    """Each three letters in a row; the beginning counts twice, for it is seldom mistyped."""
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def distance(one: str, other: str) -> int:
    """Letters to add, leave out or replace, and neighbours to swap, to make one word the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for column, target in enumerate(other, 1):
            cost = min(row[-1] + 1, before[column] + 1, before[column - 1] + (letter != target))
            if place > 1 < column and letter == other[column - 2] and one[place - 2] == target:
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
    return row[-1]


def is_correctable(word: str) -> bool:
    """True for a word whose typing errors can be told: of letters, neither short nor endless."""
    return LEAST_CHARACTERS <= len(word) <= MOST_CHARACTERS and word.isalpha()


def _learnable(text: str) -> Iterator[str]:
    """Each word once, in the order of the text."""
    return iter(dict.fromkeys(word for word in text.split() if is_correctable(word)))


def _learn(words: list[str]) -> None:
    known = KnownWord.objects.filter(pk__in=words).values_list("pk", flat=True)
    new = sorted(set(words) - set(known))
    # In order, so that no two who learn the same words wait for each other; one of them is ignored.
    KnownWord.objects.bulk_create([KnownWord(word) for word in new], ignore_conflicts=True)
    Trigram.objects.bulk_create(
        [Trigram(letters=letters, word_id=word) for word in new for letters in sorted(trigrams(word))]
    )
