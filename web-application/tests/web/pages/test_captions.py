"""Pages of captions and chapters, as forms work without a script."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from cattube.captions.models import Captioning, CaptionTrack
from cattube.videos.models import Video

SUBRIP = "1\n00:00:01,000 --> 00:00:02,000\nTom & <i>Jerry</i>\n"
WEBVTT = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nMiau\r\n"
HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="unlisted", status="ready", duration_seconds=60)


def upload(client: Client, video: Video, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("captions.srt", content)
    data = {"language": "en", "label": "", "kind": "captions", "file": file, **fields}
    return client.post(f"/videos/{video.pk}/captions", data, follow=True)


def save(client: Client, video: Video, content: str, **fields: str) -> Any:
    return client.post(f"/videos/{video.pk}/captions/en", {"content": content, **fields}, follow=True)


def text_of(client: Client, video: Video) -> str:
    return client.get(f"/api/videos/{video.pk}/captions/en").content.decode()


class TestUpload:
    def test_file_is_uploaded_named_and_deleted_by_forms(self, as_alice: Client, video: Video) -> None:
        page = upload(as_alice, video, SUBRIP.encode(), language="PT-br", kind="subtitles")

        assert "Saved 1 cue in Português Brasileiro." in page.content.decode()
        track = CaptionTrack.objects.get()
        assert (track.language, track.kind, track.cues.get().text) == (
            "pt-BR",
            "subtitles",
            "Tom &amp; <i>Jerry</i>",
        )
        deleted = as_alice.post(f"/videos/{video.pk}/captions/pt-BR/delete", follow=True)
        assert "Deleted the captions in Português Brasileiro." in deleted.content.decode()
        assert not CaptionTrack.objects.exists()

    @pytest.mark.parametrize(
        ("content", "fields", "words"),
        [
            pytest.param(b"", {}, "There is no text in this file.", id="empty"),
            pytest.param(b"<html>", {}, "Line 1: expected the times", id="html"),
            pytest.param(SUBRIP.encode(), {"language": "<b>"}, "is no language tag", id="language"),
            pytest.param(SUBRIP.encode(), {"kind": "karaoke"}, "Add captions", id="kind"),
            pytest.param(b"x" * 2_000_001, {}, "has 2 MB at most", id="too-large"),
            pytest.param(b"x" * 9_000_000, {}, "has 2 MB at most", id="much-too-large"),
        ],
    )
    def test_what_is_no_captions_is_refused_in_words_d84(
        self, as_alice: Client, video: Video, content: bytes, fields: dict[str, str], words: str
    ) -> None:
        """D83, D84"""
        page = upload(as_alice, video, content, **fields)

        assert page.status_code == 200
        assert words in page.content.decode()
        assert not CaptionTrack.objects.exists()

    def test_file_that_is_too_large_is_not_read_to_its_end_d92(
        self, as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """D92"""
        from django.test import client as test_client

        read: list[int] = []
        whole = test_client.FakePayload.read

        def counted(self: Any, *args: Any) -> bytes:
            content = whole(self, *args)
            read.append(len(content))
            return content

        monkeypatch.setattr(test_client.FakePayload, "read", counted)
        upload(as_alice, video, b"x" * 9_000_000)

        assert sum(read) < 2_200_000

    def test_form_without_a_file_asks_for_one_or_opens_the_editor(
        self, as_alice: Client, video: Video
    ) -> None:
        address = f"/videos/{video.pk}/captions"
        data = {"language": "de_at", "kind": "captions"}

        assert "Choose a file." in as_alice.post(address, data).content.decode()
        assert as_alice.post(address, {**data, "write": "1"})["Location"] == f"{address}/de-AT"


class TestEditor:
    def test_file_is_written_and_changed_in_a_form(self, as_alice: Client, video: Video) -> None:
        first = save(as_alice, video, WEBVTT, etag="")
        etag = first.context["editor"]["etag"]

        save(as_alice, video, WEBVTT.replace("Miau", "Purr"), etag=etag)

        assert "Purr" in text_of(as_alice, video)

    def test_form_that_is_out_of_date_loses_nothing_d86(self, as_alice: Client, video: Video) -> None:
        """D86"""
        save(as_alice, video, WEBVTT, etag="")

        late = save(as_alice, video, WEBVTT.replace("Miau", "Purr"), etag="")

        assert "changed meanwhile" in late.content.decode()
        assert "Purr" in late.content.decode()
        assert "Miau" in text_of(as_alice, video)

    def test_mistake_is_named_with_its_line_and_the_text_stays(self, as_alice: Client, video: Video) -> None:
        page = save(as_alice, video, WEBVTT.replace("00:02", "00:00"), etag="").content.decode()

        assert "Line 3: this cue ends before it begins." in page
        assert "Miau" in page

    def test_texts_stay_texts_in_the_editor_d80(self, as_alice: Client, video: Video) -> None:
        """D80"""
        escaped = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
        save(as_alice, video, WEBVTT.replace("Miau", escaped + " & <v Anna>Hi"), etag="")

        page = as_alice.get(f"/videos/{video.pk}/captions/en")

        assert HOSTILE not in page.content.decode()
        assert page.context["editor"]["cues"][0]["text"] == f"{escaped.replace('&gt;', '>')} & <v Anna>Hi</v>"

    def test_what_is_no_language_has_no_editor(self, as_alice: Client, video: Video) -> None:
        assert as_alice.get(f"/videos/{video.pk}/captions/e").status_code == 404
        assert as_alice.post(f"/videos/{video.pk}/captions/de/delete").status_code == 404


class TestChapters:
    def test_chapters_are_written_in_lines(self, as_alice: Client, video: Video) -> None:
        as_alice.post(f"/videos/{video.pk}/chapters", {"chapters": "0:00 The loft\r\n0:37 Cloth"})

        page = as_alice.get(f"/videos/{video.pk}/chapters").content.decode()
        assert "00:00:00 The loft\n00:00:37 Cloth" in page

    def test_mistake_is_named_and_the_text_stays_d89(self, as_alice: Client, video: Video) -> None:
        """D89"""
        page = as_alice.post(f"/videos/{video.pk}/chapters", {"chapters": "0:00 The loft\nCloth"})

        assert "Line 2: begin with a time" in page.content.decode()
        assert "Cloth</textarea>" in page.content.decode()
        assert not video.chapters.exists()


class TestWatchPage:
    @pytest.mark.parametrize("address", ["/videos/{id}", "/embed/{id}"])
    def test_player_has_its_captions_before_any_script_runs(
        self, as_alice: Client, client: Client, ready_video: Video, address: str
    ) -> None:
        Video.objects.update(visibility="public")
        upload(as_alice, ready_video, SUBRIP.encode(), label='"><script>')

        page = client.get(address.format(id=ready_video.pk)).content.decode()

        assert (
            f'<track kind="captions" srclang="en" label="&quot;&gt;&lt;script&gt;" '
            f'src="/api/videos/{ready_video.pk}/captions/en">'
        ) in page

    def test_panel_is_there_only_with_something_to_show(self, as_alice: Client, video: Video) -> None:
        address = f"/videos/{video.pk}"
        assert "data-side" not in as_alice.get(address).content.decode()

        upload(as_alice, video, SUBRIP.encode())
        captions = as_alice.get(address).content.decode()
        Video.objects.update(description="0:00 One <b>\n0:10 Two\n0:20 Three")
        both = as_alice.get(address).content.decode()

        assert f'data-transcript="/api/videos/{video.pk}/transcript"' in captions
        assert 'role="tablist"' not in captions
        assert '<a class="cue" href="?t=10" data-seconds="10.000">' in both
        assert "One &lt;b&gt;</span>" in both
        assert 'role="tablist"' in both


class TestMaking:
    def test_page_says_how_far_captions_are_and_has_its_script_follow_them(
        self, as_alice: Client, video: Video, settings: Settings
    ) -> None:
        settings.CAPTIONS = "manual"
        making = Captioning.objects.create(video=video)

        waiting = page_of(as_alice, video)
        Captioning.objects.update(state="working", percent=40)
        working = page_of(as_alice, video)
        making.delete()
        none = page_of(as_alice, video)

        assert f'data-captioning="{video.pk}"' in waiting
        assert "Waiting for the engine" in waiting
        assert "Listening to the video, 40 %" in working
        assert "Make captions" not in working
        assert "data-captioning" not in none
        assert "Make captions" in none

    def test_failed_captions_say_why_and_can_be_asked_for_again(
        self, as_alice: Client, video: Video, settings: Settings
    ) -> None:
        settings.CAPTIONS = "manual"
        Captioning.objects.create(video=video, state="failed", error="Nobody speaks in this video.")

        page = page_of(as_alice, video)
        as_alice.post(f"/videos/{video.pk}/captions/automatic")

        assert "Nobody speaks in this video." in page
        assert "Make them again" in page
        assert "Waiting for the engine" in page_of(as_alice, video)


def page_of(client: Client, video: Video) -> str:
    return client.get(f"/videos/{video.pk}/captions").content.decode()
