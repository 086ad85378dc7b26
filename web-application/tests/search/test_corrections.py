"""Typing errors in whole queries."""

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cattube.search.corrections import corrected
from cattube.search.query import parse

MOST_QUERIES = 35


def correction(query: str) -> str | None:
    better = corrected(parse(query), AnonymousUser())
    return better.text if better else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lighthuose keeper", "lighthouse keeper"),
        ("a lighthuose qqqqqqq kepeer", "a lighthouse qqqqqqq keeper"),
        ("aa bb cc dd ee lighthuose", "aa bb cc dd ee lighthouse"),
        ("lighthouse keeper", None),
    ],
)
def test_few_words_are_corrected_and_the_others_stay(
    make_video: MakeVideo, typed: str, meant: str | None
) -> None:
    make_video(title="The lighthouse keeper", visibility="public", status="ready")

    assert correction(typed) == meant


@pytest.mark.parametrize("word", ["lighthause", "zzzz"])
def test_query_of_mistyped_words_alone_asks_the_database_some_times_d75(
    make_video: MakeVideo, word: str
) -> None:
    """D75: those that are like words of videos which nobody may see cost the most."""
    make_video(title="lighthousa lighthouse lighthousi lighthouso lighthousu")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert correction(" ".join(word + letter for letter in "abcdefghijklmnopq")) is None

    assert len(queries) <= MOST_QUERIES
