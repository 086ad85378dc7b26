from datetime import timedelta

import pytest
from django.utils import timezone

from cattube.design.templatetags.formats import age, clock, initials, tone


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0, "0:00"), (18.6, "0:19"), (59.7, "1:00"), (125, "2:05"), (4353, "1:12:33")],
)
def test_a_length_reads_as_on_a_player(seconds: float | None, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("elapsed", "text"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=20), "2 weeks ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_an_age_is_said_in_one_unit(elapsed: timedelta, text: str) -> None:
    assert age(timezone.now() - elapsed) == text


@pytest.mark.parametrize(
    ("name", "text"), [("alice", "AL"), ("Bo Hansen", "BH"), ("mina_okafor", "MO"), ("x", "X"), ("", "")]
)
def test_initials_are_two_letters_at_most(name: str, text: str) -> None:
    assert initials(name) == text


def test_a_name_keeps_its_colour() -> None:
    assert tone("alice") == tone("alice")
    assert {tone(f"user{number}") for number in range(50)} == {1, 2, 3, 4}
