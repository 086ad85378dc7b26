"""What there is to see of a video that is not ready: a stream at the engine, for whoever may watch."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import (
    ASSEMBLY_ID,
    completed_status,
    executing_status,
    failed_status,
    published_status,
    uploading_status,
)

from cattube.accounts.tokens.new_tokens import make_token
from cattube.accounts.tokens.token_scopes import Scope
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.models import BucketUpload
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.signed_urls import signed_path
from cattube.videos.models import Video, Visibility
from cattube.videos.trash import move_to_trash

FOLDER = f"/streams/{'d' * 32}"
PATH = f"{FOLDER}/live.m3u8"
# An engine tells the host under which the uploader called it, and that may be any.
TOLD = f"http://evil.example{PATH}?auth_key=k&exp=1&sig=sha256:0"
PLAYLIST = """#EXTM3U
#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-MAP:URI="init.mp4{permission}"
#EXTINF:2.0,
0.m4s{permission}
"""


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(assembly_id=ASSEMBLY_ID, visibility=Visibility.UNLISTED)


@pytest.fixture
def live_video(video: Video, engine_double: EngineDouble) -> Video:
    """One of which something can be seen at the engine."""
    engine_double.files[PATH] = PLAYLIST.format(permission="?auth_key=k&exp=1&sig=sha256:0")
    Video.objects.update(growing_hls_url=TOLD, status="processing", phase="processing")
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))
    video.refresh_from_db()
    return video


def growing_for(client: Client, video: Video) -> Any:
    Video.objects.filter(pk=video.pk).update(checked_at=None)
    return client.get(f"/api/videos/{video.pk}").json()["growing"]


def addresses_of(client: Client, video: Video) -> list[str]:
    """All that a player of this viewer asks the site for."""
    playlist = growing_for(client, video)["url"]
    names = re.findall(r"[\w.]+\.(?:mp4|m4s)", client.get(playlist).content.decode())
    return [playlist, *(urljoin(playlist, name) for name in names)]


def statuses(client: Client, addresses: list[str]) -> list[int]:
    return [client.get(address).status_code for address in addresses]


@pytest.mark.parametrize("report", [uploading_status, executing_status])
def test_everybody_who_may_watch_gets_the_growing_stream_from_the_site_they_are_at(
    as_alice: Client, as_bob: Client, client: Client, video: Video, engine_double: EngineDouble, report: Any
) -> None:
    engine_double.knows(report(video, growing_hls_url=TOLD))

    previews = [growing_for(viewer, video) for viewer in (as_alice, as_bob, client)]

    url = f"http://testserver/api/videos/{video.pk}/live/live.m3u8"
    assert previews == [{"url": url, "type": "application/vnd.apple.mpegurl"}] * 3


def test_w57_player_is_told_names_that_open_nothing_at_the_engine(client: Client, live_video: Video) -> None:
    answer = client.get(growing_for(client, live_video)["url"])

    assert answer.content.decode() == PLAYLIST.format(permission="")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/vnd.apple.mpegurl", "no-store")


def test_w57_piece_is_found_at_the_engine_that_the_viewer_reaches_with_a_permission_for_it_alone(
    client: Client, live_video: Video, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["192.168.1.7"]
    settings.TRANSLOADIT_SERVICE = ""
    path = f"/api/videos/{live_video.pk}/live/0.m4s"

    answer = client.get(path, headers={"Host": "192.168.1.7:8000"})

    url = urlsplit(answer["Location"])
    expires_ms = int(parse_qs(url.query)["exp"][0])
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"http://192.168.1.7:5678{FOLDER}/0.m4s"
    assert f"{url.path}?{url.query}" == signed_path(
        f"{FOLDER}/0.m4s", account=engine_account(), expires_ms=expires_ms
    )
    assert 0 < expires_ms / 1000 - time.time() <= 60


LOSSES: dict[str, Callable[[Video], object]] = {
    "private": lambda video: Video.objects.update(visibility=Visibility.PRIVATE),
    "trash": move_to_trash,
    "erased": lambda video: Video.objects.all().delete(),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_w57_stranger_with_the_addresses_sees_nothing_once_the_video_is_no_longer_for_them(
    as_bob: Client, client: Client, live_video: Video, loss: str
) -> None:
    addresses = addresses_of(client, live_video)
    before = [statuses(viewer, addresses) for viewer in (as_bob, client)]

    LOSSES[loss](live_video)

    assert before == [[200, 302, 302]] * 2
    assert [statuses(viewer, addresses) for viewer in (as_bob, client)] == [[404] * 3] * 2


def test_w57_owner_watches_on_when_others_no_longer_may(as_alice: Client, live_video: Video) -> None:
    addresses = addresses_of(as_alice, live_video)

    as_alice.patch(f"/api/videos/{live_video.pk}", {"visibility": "private"}, "application/json")

    assert statuses(as_alice, addresses) == [200, 302, 302]


def test_w57_token_that_may_not_read_opens_no_live_preview(
    client: Client, live_video: Video, alice: User
) -> None:
    _, words = make_token(alice, label="uploader", scopes=[Scope.UPLOAD], expires_at=None)
    answer = client.get(
        f"/api/videos/{live_video.pk}/live/0.m4s", headers={"Authorization": f"Bearer {words}"}
    )

    assert answer.status_code == 403


def test_who_watches_goes_on_while_the_engine_serves_although_the_video_is_ready(
    client: Client, live_video: Video, engine_double: EngineDouble
) -> None:
    addresses = addresses_of(client, live_video)
    engine_double.knows(published_status(live_video))

    assert growing_for(client, live_video) is None
    assert statuses(client, addresses) == [200, 302, 302]


@pytest.mark.parametrize(
    "name",
    [
        "..", "%2e%2e", "..%2f..%2fassemblies", "0.m4s%2f..%2finit.mp4", "%2fetc%2fpasswd", "live.m3u8.tmp",
        "made-1", "0.m4s%3fa=b", "0.m4s%0a", "٣.m4s.mp4", "https:%2f%2fevil.example%2f0.m4s",
        "a" * 99 + ".mp4",
    ],
)  # fmt: skip
def test_t14_site_gives_no_permission_for_anything_but_files_of_a_stream(
    client: Client, live_video: Video, name: str
) -> None:
    assert client.get(f"/api/videos/{live_video.pk}/live/{name}").status_code == 404


def test_stream_that_is_gone_at_the_engine_is_told_in_words(
    client: Client, live_video: Video, engine_double: EngineDouble
) -> None:
    del engine_double.files[PATH]

    answer = client.get(f"/api/videos/{live_video.pk}/live/live.m3u8")

    assert (answer.status_code, answer.json()["error"]) == (404, "NOT_FOUND")


def test_engine_that_is_away_is_no_error_of_the_site_f14(
    client: Client, live_video: Video, settings: Settings
) -> None:
    settings.TRANSLOADIT_SERVICE = "http://127.0.0.1:9"

    answer = client.get(f"/api/videos/{live_video.pk}/live/live.m3u8")

    assert (answer.status_code, answer.json()["error"]) == (503, "ENGINE_SILENT")


def test_strangers_learn_no_assembly_from_it(
    client: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(executing_status(video, growing_hls_url=f"http://x/{ASSEMBLY_ID}.m3u8"))

    assert growing_for(client, video) is None
    for path in (f"/api/videos/{video.pk}", f"/videos/{video.pk}", f"/embed/{video.pk}"):
        assert ASSEMBLY_ID not in client.get(path).content.decode()


def test_strangers_get_nothing_of_a_private_video(
    as_bob: Client, video: Video, engine_double: EngineDouble
) -> None:
    Video.objects.update(visibility=Visibility.PRIVATE)
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))

    assert as_bob.get(f"/api/videos/{video.pk}").status_code == 404


@pytest.mark.parametrize("end", [published_status, completed_status, failed_status])
def test_finished_video_grows_no_more(
    as_alice: Client, video: Video, engine_double: EngineDouble, end: Any
) -> None:
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))
    before = growing_for(as_alice, video)
    engine_double.knows(end(video, growing_hls_url=TOLD))

    assert before is not None
    assert growing_for(as_alice, video) is None


def test_new_attempt_begins_without_the_stream_of_the_one_before(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(video, growing_hls_url=TOLD))
    before = growing_for(as_alice, video)

    start_new_attempt(video.pk)

    assert before is not None
    assert growing_for(as_alice, video) is None


def test_stream_of_an_engine_that_pages_do_not_know_is_not_offered(
    as_alice: Client, video: Video, engine_double: EngineDouble, settings: Settings
) -> None:
    elsewhere = engine_double.address
    sizes = {"size_bytes": 4, "part_bytes": 4}
    BucketUpload.objects.create(video=video, attempt=1, object_key="a/b/c", service=elsewhere, **sizes)
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))
    same = growing_for(as_alice, video)
    settings.TRANSLOADIT_SERVICE = "http://127.0.0.1:9"
    engine_double.knows(executing_status(video, percent=50, growing_hls_url=TOLD))

    assert same is not None
    assert growing_for(as_alice, video) is None


def sources(client: Client, path: str, directive: str) -> list[str]:
    policy = client.get(path)["Content-Security-Policy"]
    return policy.partition(f"{directive} ")[2].partition(";")[0].split()


@pytest.mark.parametrize("page", ["videos", "embed"])
@pytest.mark.parametrize("directive", ["media-src", "connect-src"])
def test_page_reaches_the_engine_while_there_is_something_to_see_there(
    as_alice: Client, client: Client, video: Video, page: str, directive: str
) -> None:
    engine = "http://127.0.0.1:9"
    states = {
        ("uploading", "uploading"): True,
        ("processing", "storing"): True,
        ("ready", "improving"): False,
        ("ready", ""): False,
        ("failed", ""): False,
    }

    allowed = {}
    for status, phase in states:
        Video.objects.update(status=status, phase=phase)
        lists = [sources(viewer, f"/{page}/{video.pk}", directive) for viewer in (as_alice, client)]
        allowed[status, phase] = [engine in viewer for viewer in lists]

    assert allowed == {state: [expected] * 2 for state, expected in states.items()}
    # hls.js hands over what it has fetched as an object of the page.
    assert "blob:" in sources(client, f"/{page}/{video.pk}", "media-src")


def test_embed_page_of_an_unfinished_video_may_be_framed_as_ever(client: Client, video: Video) -> None:
    assert sources(client, f"/embed/{video.pk}", "frame-ancestors") == ["*"]
