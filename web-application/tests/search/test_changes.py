"""What is searched follows what changes: titles, tags, names, captions."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from search.asking import CUES, PUBLIC, answer, titles

from cattube.captions.formats.timed_text import TimedText
from cattube.search import indexing
from cattube.search.indexing import indexed_lines, remove_transcript, set_transcript
from cattube.search.models import IndexedText
from cattube.videos.models import Tag, Video


def test_spoken_words_of_each_language_are_found_until_they_are_removed_d63(
    client: Client, make_video: MakeVideo
) -> None:
    """D63"""
    video = make_video(title="Talk", **PUBLIC)
    set_transcript(video.pk, "de", [TimedText(5, 6, "Guten Morgen"), TimedText(7, 8, "das Seil")])
    set_transcript(video.pk, "en", CUES)

    assert answer(client, q="seil")["items"][0]["matches"][0]["seconds"] == 7
    assert answer(client, q="rope hand")["items"][0]["matches"][0]["seconds"] == 83.5

    set_transcript(video.pk, "en", [TimedText(9, 10, "a cord")])
    remove_transcript(video.pk, "de")

    assert titles(client, q="seil") == titles(client, q="rope") == []
    assert answer(client, q="cord")["items"][0]["matches"][0]["seconds"] == 9


def test_change_of_one_language_folds_no_other_d74(
    client: Client, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D74"""
    video = make_video(title="Talk", **PUBLIC)
    folded: list[str] = []

    def counted(lines: str) -> str:
        folded.append(lines)
        return indexed_lines(lines)

    monkeypatch.setattr(indexing, "indexed_lines", counted)
    for language, lines in [
        ("en", ["A cord", "♪"]),
        ("de", ["Das Seil", "…", "Ein Tau"]),
        ("fr", ["La corde"]),
        ("de", ["Ein Tau"]),
        ("en", ["A rope", "…", "A line", "…"]),
    ]:
        set_transcript(video.pk, language, [TimedText(1, 2, line) for line in lines])
    remove_transcript(video.pk, "de")

    assert folded[-2:] == ["Ein Tau", "A rope\n…\nA line\n…"]
    assert len(folded) == 5
    assert IndexedText.objects.get(entry__video=video).transcript == "a rope\n\na line\n\nla corde"


def test_captions_are_found_from_when_they_are_saved_until_they_are_deleted_d63(
    as_alice: Client, client: Client, make_video: MakeVideo
) -> None:
    """D63: with the marks that captions have, which nobody searches."""
    path = f"/api/videos/{make_video(title='Talk', **PUBLIC).pk}/captions/en"
    webvtt = "WEBVTT\n\n01:23.500 --> 01:26.000\n<v Ada>The <i>rope</i> &amp; the hand\n"

    assert as_alice.put(path, webvtt, "text/vtt").status_code == 204

    match = answer(client, q='"rope & the hand"')["items"][0]["matches"][0]
    assert (match["field"], match["seconds"]) == ("transcript", 83.5)
    assert as_alice.delete(path).status_code == 204
    assert titles(client, q="rope") == []


def test_transcript_of_no_video_is_nothing(db: None) -> None:
    set_transcript("aaaaaaaaaaa", "en", CUES)
    remove_transcript("aaaaaaaaaaa", "en")


def test_changed_words_are_found_and_old_ones_are_not_d63(
    client: Client, make_video: MakeVideo, alice: User
) -> None:
    """D63"""
    video = make_video(title="Прогулка", description="ginger", **PUBLIC)
    video.set_tags(["sea"])
    set_transcript(video.pk, "en", CUES)

    video.title = "Зима"
    video.save(update_fields=["title"])
    video.set_tags(["snow"])
    alice.username = "Ängström"
    alice.save()

    assert [titles(client, q=query) for query in ("прогулка", "sea", "alice")] == [[], [], []]
    for query in ("зима", "snow", "ängström", "ginger", "rope"):
        assert titles(client, q=query) == ["Зима"]


def test_tag_that_is_given_from_its_own_side_is_found_too_d63(client: Client, make_video: MakeVideo) -> None:
    """D63"""
    video = make_video(title="One", **PUBLIC)
    tag = Tag.objects.create(name="sea")

    tag.videos.add(video)
    assert titles(client, q="sea") == ["One"]

    video.tags.clear()
    assert titles(client, q="sea") == []


def test_tags_that_somebody_changed_meanwhile_stay_found_d63(client: Client, make_video: MakeVideo) -> None:
    """D63"""
    video = make_video(title="One", **PUBLIC)
    video.set_tags(["sea"])
    read_before = Video.objects.prefetch_related("tags").get()

    video.set_tags(["snow"])
    read_before.title = "Two"
    read_before.save(update_fields=["title"])

    assert titles(client, q="snow two") == ["Two"]
    assert titles(client, q="sea") == []


def test_deleted_video_is_found_no_more_d63(client: Client, make_video: MakeVideo) -> None:
    """D63"""
    video = make_video(**PUBLIC)
    set_transcript(video.pk, "en", CUES)

    video.delete()

    assert answer(client, q="rope") | {"items": []} == {
        "items": [],
        "next": None,
        "previous": None,
        "total": 0,
    }
