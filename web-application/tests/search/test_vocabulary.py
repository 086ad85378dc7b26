"""Words that a mistyped one may mean."""

import pytest
from conftest import MakeVideo

from cattube.captions.formats.timed_text import TimedText
from cattube.processing.expiry import clear_expired
from cattube.search import vocabulary
from cattube.search.indexing import remove_transcript, set_transcript
from cattube.search.models import KnownWord, Trigram
from cattube.search.vocabulary import distance, learn, similar


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("cat", "cat", 0),
        ("lighthuose", "lighthouse", 1),
        ("kepper", "keeper", 1),
        ("cat", "dog", 3),
        ("", "ab", 2),
    ],
)
def test_errors_between_words_are_counted(one: str, other: str, errors: int) -> None:
    assert distance(one, other) == distance(other, one) == errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lighthuose", ["lighthouse"]),
        ("lighthous", ["lighthouse"]),
        ("прогулкп", ["прогулка"]),
        ("keper", ["keeper"]),
        ("kepar", []),
        ("lighthouse", []),
        ("cat", []),
        ("x" * 40, []),
    ],
)
def test_mistyped_word_means_the_closest_known_one(typed: str, meant: list[str]) -> None:
    learn(["the lighthouse keeper", "прогулка cats"])
    learn(["lighthouse"])

    assert similar(typed) == meant


@pytest.mark.django_db
def test_of_a_file_of_words_made_up_the_first_are_learned_d72(monkeypatch: pytest.MonkeyPatch) -> None:
    """D72"""
    monkeypatch.setattr(vocabulary, "MOST_LEARNED", 2)

    learn(["the rudder rudder steers another vessel", "keel mast 2000"])

    assert {word.pk for word in KnownWord.objects.all()} == {"rudder", "steers", "keel", "mast"}


def test_words_that_no_text_has_are_forgotten_the_next_day_d72(
    make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D72"""
    monkeypatch.setattr(vocabulary, "_AT_ONCE", 2)
    video = make_video(title="Lighthouse", description="прогулка")
    set_transcript(video.pk, "en", [TimedText(1, 2, "keeper of the lighthouse, rudder and sails")])
    remove_transcript(video.pk, "en")

    clear_expired()

    assert {word.pk for word in KnownWord.objects.all()} == {"lighthouse", "прогулка", "alice"}
    assert {row.word_id for row in Trigram.objects.all()} == {"lighthouse", "прогулка", "alice"}
