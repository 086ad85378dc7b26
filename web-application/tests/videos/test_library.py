"""Search and order, as they are on every database."""

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User

from cattube.videos.library import in_order, search
from cattube.videos.models import Tag, Video

pytestmark = pytest.mark.django_db
DECOMPOSED = "U\u0308bung"


def found(query: str = "", tag: str = "") -> list[str]:
    return [video.title for video in search(Video.objects.all(), query=query, tag=tag)]


@pytest.mark.parametrize("query", ["прогулка", "ПРОГУЛКА", "Прогулка"])
def test_word_of_any_alphabet_is_found_in_any_case(make_video: MakeVideo, query: str) -> None:
    make_video(title="Прогулка")

    assert found(query) == ["Прогулка"]


@pytest.mark.parametrize(
    ("title", "query"), [("Übung", DECOMPOSED), (DECOMPOSED, "übung"), ("Straße", "strasse")]
)
def test_word_is_found_however_it_was_typed(make_video: MakeVideo, title: str, query: str) -> None:
    make_video(title=title)

    assert len(found(query)) == 1


def test_word_is_found_in_description_tag_and_name_in_any_case(make_video: MakeVideo, alice: User) -> None:
    make_video(title="one", description="Ein Bär")
    make_video(title="two").set_tags(["лето"])

    assert found("BÄR") == ["one"]
    assert found("Лето") == ["two"]
    assert found(tag="ЛЕТО") == ["two"]
    assert len(found(alice.username.upper())) == 2


def test_changed_words_are_found_and_old_ones_are_not(make_video: MakeVideo) -> None:
    video = make_video(title="Прогулка")
    video.title = "Зима"

    video.save(update_fields=["title"])

    assert (found("зима"), found("прогулка")) == (["Зима"], [])


def test_videos_are_found_under_their_owners_new_name(make_video: MakeVideo, alice: User) -> None:
    make_video(title="Cat")
    alice.username = "Ängström"

    alice.save()

    assert (found("ängström"), found("alice")) == (["Cat"], [])


def test_titles_are_in_order_without_regard_to_case_and_accents(make_video: MakeVideo) -> None:
    for title in ("Zebra", "übung", "ananas", "Ubahn", "Čaj"):
        make_video(title=title)

    ordered = [video.title for video in in_order(Video.objects.all(), "title")]

    assert ordered == ["ananas", "Čaj", "Ubahn", "übung", "Zebra"]


def test_query_that_shows_nothing_finds_all(make_video: MakeVideo) -> None:
    make_video(title="Cat")

    assert found("\u0301") == ["Cat"]


def test_tags_typed_in_two_ways_are_one(make_video: MakeVideo) -> None:
    make_video().set_tags(["übung"])

    assert Tag.objects.get().key == "ubung"
