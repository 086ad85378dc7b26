"""Captions by the API: set, read, deleted, searched."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.captions.models import CaptionTrack, Cue
from cattube.captions.signals import transcript_changed
from cattube.captions.tracks import MAX_LANGUAGES
from cattube.community.flood import MOST
from cattube.videos.models import Video

WEBVTT = """WEBVTT

STYLE
::cue { background: url(https://evil.example/x) }

00:01.000 --> 00:03.500 line:0
<v Anna>Come <script>alert(1)</script><i>down</i>

00:04.000 --> 00:05.000
From the Café
"""
CLEAN = """WEBVTT

00:00:01.000 --> 00:00:03.500 line:0
<v Anna>Come alert(1)<i>down</i></v>

00:00:04.000 --> 00:00:05.000
From the Café
"""
SUBRIP = "1\n00:00:01,000 --> 00:00:02,000\nKomm runter\n"


def put(client: Client, video: Video, language: str = "en", body: Any = WEBVTT, **more: Any) -> Any:
    content_type = more.pop("content_type", "text/vtt")
    address = f"/api/videos/{video.pk}/captions/{language}{more.pop('query', '')}"
    return client.put(address, body, content_type, **more)


def get(client: Client, video: Video, language: str = "en", **more: Any) -> Any:
    return client.get(f"/api/videos/{video.pk}/captions/{language}", **more)


def transcript(client: Client, video: Video, **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/videos/{video.pk}/transcript", query).json()
    return answer


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="unlisted", status="ready")


class TestFile:
    def test_captions_are_served_as_nothing_but_webvtt_d80(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        """D80"""
        assert put(as_alice, video).status_code == 204
        answer = get(client, video)

        assert answer.content.decode() == CLEAN
        assert answer["Content-Type"] == "text/vtt; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]

    def test_subrip_is_served_as_webvtt(self, as_alice: Client, client: Client, video: Video) -> None:
        put(as_alice, video, "de", SUBRIP, content_type="application/x-subrip; charset=utf-8")

        assert get(client, video, "de").content == b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nKomm runter\n"

    def test_unchanged_captions_are_not_sent_again(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        etag = put(as_alice, video)["ETag"]

        again = get(client, video, headers={"if-none-match": f'"x", {etag}'})
        put(as_alice, video)
        changed = get(client, video, headers={"if-none-match": etag})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert changed.status_code == 200

    def test_captions_follow_the_video_out_of_sight_d85(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        """D85: what a viewer's browser keeps is asked about each time."""
        etag = put(as_alice, video)["ETag"]
        assert "no-cache" in get(client, video)["Cache-Control"]

        Video.objects.update(visibility="private")

        assert get(client, video, headers={"if-none-match": etag}).status_code == 404
        assert client.get(f"/api/videos/{video.pk}/transcript").status_code == 404

    def test_language_that_is_not_there_is_not_found(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        for language in ("fr", "x_x_x", "%00"):
            assert get(client, video, language).status_code == 404
            assert as_alice.delete(f"/api/videos/{video.pk}/captions/{language}").status_code == 404


class TestChange:
    def test_video_names_its_captions(self, as_alice: Client, client: Client, video: Video) -> None:
        put(as_alice, video, "pt-br", query="?label=Falas&kind=subtitles")
        put(as_alice, video, "de")

        items = client.get(f"/api/videos/{video.pk}").json()["captions"]

        assert items == client.get(f"/api/videos/{video.pk}/captions").json()["items"]
        assert [(item["language"], item["label"], item["kind"], item["source"]) for item in items] == [
            ("de", "Deutsch", "captions", "uploaded"),
            ("pt-BR", "Falas", "subtitles", "uploaded"),
        ]
        assert items[1]["url"] == f"http://testserver/api/videos/{video.pk}/captions/pt-BR"
        assert client.get(items[1]["url"]).content.decode() == CLEAN

    def test_same_language_in_another_spelling_takes_its_place_d87(
        self, as_alice: Client, video: Video
    ) -> None:
        """D87: label and kind stay, unless they are sent."""
        put(as_alice, video, "en-gb", query="?label=Talk&kind=subtitles")
        put(as_alice, video, "EN_GB", SUBRIP, content_type="application/x-subrip")

        track = CaptionTrack.objects.get()
        assert (track.language, track.label, track.kind, track.cues.count()) == (
            "en-GB",
            "Talk",
            "subtitles",
            1,
        )

    def test_deleted_captions_are_gone(self, as_alice: Client, client: Client, video: Video) -> None:
        put(as_alice, video)

        assert as_alice.delete(f"/api/videos/{video.pk}/captions/en").status_code == 204
        assert get(client, video).status_code == 404
        assert not Cue.objects.exists()

    @pytest.mark.parametrize(
        ("body", "content_type", "status", "code"),
        [
            pytest.param(WEBVTT, "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE", id="plain"),
            pytest.param("{}", "application/json", 415, "UNSUPPORTED_MEDIA_TYPE", id="json"),
            pytest.param("\n", "text/vtt", 400, "CAPTIONS_UNREADABLE", id="empty"),
            pytest.param(SUBRIP, "text/vtt", 400, "CAPTIONS_UNREADABLE", id="subrip-called-webvtt"),
            pytest.param("<html></html>", "application/x-subrip", 400, "CAPTIONS_UNREADABLE", id="html"),
            pytest.param(b"x" * 2_000_001, "text/vtt", 413, "TOO_LARGE", id="too-large"),
        ],
    )
    def test_what_is_no_captions_is_refused_and_changes_nothing_d84(
        self,
        as_alice: Client,
        client: Client,
        video: Video,
        body: Any,
        content_type: str,
        status: int,
        code: str,
    ) -> None:
        """D83, D84"""
        put(as_alice, video)

        answer = put(as_alice, video, body=body, content_type=content_type)

        assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert get(client, video).content.decode() == CLEAN

    @pytest.mark.parametrize("language", ["english", "e", "en-", "<b>", "x" * 50])
    def test_what_is_no_language_is_refused_d87(self, as_alice: Client, video: Video, language: str) -> None:
        """D87"""
        expected = 204 if language == "english" else 400  # which the syntax allows

        assert put(as_alice, video, language).status_code == expected

    @pytest.mark.parametrize("query", ["?kind=karaoke", f"?label={'a' * 101}"])
    def test_details_that_do_not_fit_are_refused(self, as_alice: Client, video: Video, query: str) -> None:
        assert put(as_alice, video, query=query).status_code == 400

    def test_number_of_languages_is_limited_d83(self, as_alice: Client, video: Video) -> None:
        """D83"""
        CaptionTrack.objects.bulk_create(
            CaptionTrack(video=video, language=f"en-x-{number}") for number in range(MAX_LANGUAGES)
        )

        assert put(as_alice, video, "de").json()["error"] == "TOO_MANY_LANGUAGES"
        assert put(as_alice, video, "en-x-1").status_code == 204

    def test_text_of_all_languages_together_is_limited_d73(
        self, as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """D73: what takes the place of other captions does not count twice."""
        monkeypatch.setattr("cattube.captions.tracks.MAX_CHARACTERS", 40)
        assert put(as_alice, video, "de", SUBRIP, content_type="application/x-subrip").status_code == 204

        refused = put(as_alice, video, "en")

        assert (refused.status_code, refused.json()["error"]) == (409, "TOO_MUCH_TEXT")
        assert put(as_alice, video, "de", SUBRIP * 3, content_type="application/x-subrip").status_code == 204

    @pytest.mark.parametrize(("characters", "most"), [(6, "captions"), (3_000, "long_captions")])
    def test_flood_of_captions_is_told_to_wait_d73(
        self, as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch, characters: int, most: str
    ) -> None:
        """D73: of long ones sooner."""
        monkeypatch.setattr("cattube.web.caption_floods.LONG_CHARACTERS", 2_000)
        monkeypatch.setitem(MOST, most, 2)
        body = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'x' * characters}\n"

        answers = [put(as_alice, video, body=body) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [204, 204, 429]
        page = as_alice.post(f"/videos/{video.pk}/captions/en", {"content": body}).content.decode()
        assert "That was a lot at once." in page

    def test_token_needs_the_scope_of_changes(self, video: Video) -> None:
        for scope, status in ((Scope.READ, 403), (Scope.EDIT, 204)):
            token = ApiToken.objects.issue_with(video.owner, scopes=[scope])[1]
            script = Client(headers={"authorization": f"Bearer {token}"})

            assert put(script, video).status_code == status

    def test_video_that_goes_to_the_trash_meanwhile_takes_no_captions_d88(
        self, as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """D88"""

        def trash(*_: Any, **__: Any) -> list[Any]:
            Video.objects.update(trashed_at=timezone.now())
            return []

        monkeypatch.setattr("cattube.web.api.captions.captions.read_captions", trash)

        assert put(as_alice, video).status_code == 404
        assert not CaptionTrack.objects.exists()

    def test_captions_go_with_their_video_d88(self, as_alice: Client, video: Video) -> None:
        """D88"""
        put(as_alice, video)

        as_alice.delete(f"/api/videos/{video.pk}?permanent=true")

        assert (CaptionTrack.objects.count(), Cue.objects.count()) == (0, 0)


class TestConflict:
    def test_change_of_what_somebody_else_has_changed_is_refused_d86(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        """D86"""
        first = put(as_alice, video)["ETag"]
        second = put(as_alice, video, body=WEBVTT.replace("From", "Of"), headers={"if-match": first})["ETag"]

        late = put(as_alice, video, headers={"if-match": first})
        late_end = as_alice.delete(f"/api/videos/{video.pk}/captions/en", headers={"if-match": first})

        assert (late.status_code, late.json()["error"]) == (412, "CHANGED_MEANWHILE")
        assert late_end.status_code == 412
        assert "Of the Café" in get(client, video).content.decode()
        assert get(client, video)["ETag"] == second != first

    @pytest.mark.parametrize(
        ("header", "is_there", "status"),
        [
            ({"if-none-match": "*"}, False, 204),
            ({"if-none-match": "*"}, True, 412),
            ({"if-match": "*"}, True, 204),
            ({"if-match": "*"}, False, 412),
            ({"if-match": '"1-1"'}, False, 412),
        ],
    )
    def test_new_captions_can_be_kept_from_replacing_others_d86(
        self, as_alice: Client, video: Video, header: dict[str, str], is_there: bool, status: int
    ) -> None:
        """D86"""
        if is_there:
            put(as_alice, video)

        assert put(as_alice, video, headers=header).status_code == status

    def test_each_change_is_told_apart_though_the_clock_is_set_back_d86(
        self, as_alice: Client, video: Video
    ) -> None:
        """D86"""
        etags = {put(as_alice, video)["ETag"]}
        CaptionTrack.objects.update(updated_at=timezone.now() + timedelta(days=1))

        etags |= {put(as_alice, video)["ETag"] for _ in range(3)}

        assert len(etags) == 4


class TestTranscript:
    def test_transcript_is_plain_text_with_times(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        put(as_alice, video)

        assert transcript(client, video) == {
            "items": [
                {"start_seconds": 1.0, "end_seconds": 3.5, "text": "Anna: Come alert(1)down"},
                {"start_seconds": 4.0, "end_seconds": 5.0, "text": "From the Café"},
            ],
            "next": None,
        }

    @pytest.mark.parametrize(
        ("query", "starts"),
        [
            ("CAFE", [4.0]),
            ("down from", [1.0]),
            ("o", [1.0, 4.0]),
            ("dog", []),
            ("%", []),
            ("\0", [1.0, 4.0]),
            (" ", [1.0, 4.0]),
        ],
    )
    def test_words_are_found_whatever_their_case_and_across_cues(
        self, as_alice: Client, client: Client, video: Video, query: str, starts: list[float]
    ) -> None:
        put(as_alice, video)

        assert [item["start_seconds"] for item in transcript(client, video, q=query)["items"]] == starts

    def test_transcript_is_of_what_people_wrote_unless_another_language_is_asked_for(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        put(as_alice, video, "en")
        put(as_alice, video, "fr", WEBVTT.replace("From the", "Du"))
        CaptionTrack.objects.filter(language="en").update(source="automatic")

        assert transcript(client, video)["items"][1]["text"] == "Du Café"
        assert transcript(client, video, language="EN")["items"][1]["text"] == "From the Café"
        assert transcript(client, video, language="de")["error"] == "NOT_FOUND"

    def test_transcript_comes_in_pages_and_a_forged_cursor_is_refused(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        put(as_alice, video)

        first = transcript(client, video, limit=1)
        second = transcript(client, video, limit=1, cursor=first["next"])

        assert [page["items"][0]["start_seconds"] for page in (first, second)] == [1.0, 4.0]
        assert second["next"] is None
        assert transcript(client, video, cursor="9999")["items"] == []
        for cursor in ("-1", "1; DROP", "9" * 30, "\u0661"):
            assert transcript(client, video, cursor=cursor)["error"] == "INVALID_FIELDS"

    def test_video_without_captions_has_an_empty_transcript(self, client: Client, video: Video) -> None:
        assert transcript(client, video) == {"items": [], "next": None}

    def test_others_are_told_of_each_change_in_plain_words(self, as_alice: Client, video: Video) -> None:
        heard: list[tuple[str, str, list[str]]] = []

        def hear(track: CaptionTrack, cues: list[Any], **_: Any) -> None:
            heard.append((track.video_id, track.language, [cue.text for cue in cues]))

        transcript_changed.connect(hear)
        try:
            put(as_alice, video)
            as_alice.delete(f"/api/videos/{video.pk}/captions/en")
        finally:
            transcript_changed.disconnect(hear)

        assert heard == [
            (video.pk, "en", ["Anna: Come alert(1)down", "From the Café"]),
            (video.pk, "en", []),
        ]


class TestChapters:
    MINE = [{"start_seconds": 0, "title": "Roof"}, {"start_seconds": 2.5, "title": "Wall <b>"}]

    def set(self, client: Client, video: Video, items: Any) -> Any:
        return client.put(
            f"/api/videos/{video.pk}/chapters", json.dumps({"items": items}), "application/json"
        )

    def test_own_chapters_come_before_those_of_the_description(
        self, as_alice: Client, client: Client, video: Video
    ) -> None:
        Video.objects.update(description="0:00 One\n0:10 Two\n0:20 Three")
        told = [chapter["title"] for chapter in client.get(f"/api/videos/{video.pk}").json()["chapters"]]

        answer = self.set(as_alice, video, self.MINE)
        own = client.get(f"/api/videos/{video.pk}/chapters").json()["items"]
        self.set(as_alice, video, [])

        assert told == ["One", "Two", "Three"]
        assert answer.json()["items"] == own == self.MINE
        assert len(client.get(f"/api/videos/{video.pk}/chapters").json()["items"]) == 3

    @pytest.mark.parametrize(
        "items",
        [
            "x",
            [{"title": "No time"}],
            [{"start_seconds": "x", "title": "No time"}],
            [{"start_seconds": -1, "title": "Before"}],
            [{"start_seconds": float("nan"), "title": "Never"}],
            [{"start_seconds": 1e300, "title": "Late"}],
            [{"start_seconds": 0, "title": ""}],
            [{"start_seconds": 0, "title": "\0"}],
            [{"start_seconds": 0, "title": "\ud800"}],
            [{"start_seconds": 5, "title": "B"}, {"start_seconds": 1, "title": "A"}],
            [{"start_seconds": n, "title": "N"} for n in range(501)],
        ],
    )
    def test_chapters_that_are_none_are_refused_and_change_nothing_d89(
        self, as_alice: Client, client: Client, video: Video, items: Any
    ) -> None:
        """D89"""
        self.set(as_alice, video, self.MINE)

        answer = self.set(as_alice, video, items)

        assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
        assert client.get(f"/api/videos/{video.pk}/chapters").json()["items"] == self.MINE


@pytest.mark.parametrize(("mode", "queries"), [("off", 8), ("manual", 9)])
def test_list_of_videos_costs_the_same_however_many_have_captions_d90(
    as_alice: Client,
    make_video: MakeVideo,
    django_assert_num_queries: Any,
    settings: Settings,
    mode: str,
    queries: int,
) -> None:
    """D90"""
    settings.CAPTIONS = mode
    for number in range(3):
        put(as_alice, make_video(title=f"Cat {number}"))
    as_alice.get("/api/videos")  # That she was here is noted now and then.

    with django_assert_num_queries(queries):
        items = as_alice.get("/api/videos").json()["items"]

    assert [len(item["captions"]) for item in items] == [1, 1, 1]
