"""All that a viewer of a public video is given leads neither to its Assembly nor to its original (D45)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from conftest import MakeVideo
from django.test import Client
from engine_double import EngineDouble
from pytest_django import Settings
from servers.s3_server import S3Server
from statuses import (
    ASSEMBLY_ID,
    FILES,
    LADDER,
    NOTIFICATION_URL,
    STREAM,
    completed_status,
    executing_status,
    notification,
    result_of,
    stored,
)

from cattube.videos.models import Video, Visibility
from cattube.videos.trash import move_to_trash

# An answer that is closed by hand takes the connection along, which a transaction of the test would lose.
pytestmark = pytest.mark.django_db(transaction=True)

SITE = "http://testserver"
ORIGINAL_BYTES = b"the original, with the place where it was filmed"
ADDRESS = re.compile(r"""(?:https?:/)?/[\w%:@.~+-][^\s"'<>\\)]*""")
PLAYLISTS = {
    "playlist.m3u8": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n720p.m3u8\n",
    "720p.m3u8": '#EXTM3U\n#EXT-X-MAP:URI="720p.mp4",BYTERANGE="9@0"\n#EXTINF:4,\n720p.mp4\n#EXT-X-ENDLIST\n',
}


@pytest.fixture
def put_in_folder(settings: Settings) -> Callable[[str, bytes], None]:
    def put_file(object_key: str, content: bytes) -> None:
        path = Path(settings.BUCKET_FOLDER) / object_key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return put_file


@pytest.fixture(params=["folder", "bucket"])
def put(
    request: pytest.FixtureRequest, settings: Settings, put_in_folder: Callable[[str, bytes], None]
) -> Iterator[Callable[[str, bytes], None]]:
    """Puts an object where the site keeps them: into a folder, or into a bucket."""
    if request.param == "folder":
        yield put_in_folder
        return
    server: S3Server = request.getfixturevalue("s3_server")
    bucket: str = request.getfixturevalue("s3_bucket")
    settings.AWS_S3_ENDPOINT_URL, settings.AWS_S3_REGION_NAME = server.endpoint_url, server.region
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = server.key_id, server.secret
    settings.AWS_PRIVATE_BUCKET_NAME = bucket
    yield lambda key, content: server.client.put_object(Bucket=bucket, Key=key, Body=content)


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility=Visibility.PUBLIC, assembly_id=ASSEMBLY_ID)


def publish(client: Client, video: Video, put: Callable[[str, bytes], None]) -> None:
    """Have the engine report the end, with all that the template makes."""
    results = {step: [result_of(step, video.folder)] for step in (*FILES, *LADDER)}
    results["hls"] = [stored("hls", name, video.folder) for name in STREAM]
    for step, entries in results.items():
        for entry in entries:
            content = PLAYLISTS.get(entry["name"], "meow").encode()
            put(f"{step}/{video.folder}/{entry['name']}", ORIGINAL_BYTES if step == ":original" else content)
    report = completed_status(video, results=results)
    assert client.post(NOTIFICATION_URL, notification(report)).json()["outcome"] == "applied"


def walk(client: Client, start: list[str]) -> dict[str, bytes]:
    """All answers that a viewer reaches from these addresses by whatever is named in them."""
    waiting: list[str] = list(start)
    answers: dict[str, bytes] = {}
    while waiting:
        url = waiting.pop()
        path = url.removeprefix(SITE)
        is_known = path.partition("?")[0] in {urlsplit(known).path for known in answers}
        if is_known or not path.startswith(("/videos/", "/embed/", "/api/videos", "/files/", "/?")):
            continue
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        answer.close()
        told = body + str(dict(answer.headers)).encode()
        answers[url] = told
        text = html.unescape(told.decode(errors="replace")).replace("\\u0026", "&").replace("\\/", "/")
        waiting += [urljoin(url, found) for found in ADDRESS.findall(text)]
    return answers


def assert_leads_nowhere(answers: dict[str, bytes], video: Video) -> None:
    for url, told in answers.items():
        text = unquote(url + told.decode(errors="replace"))
        assert ASSEMBLY_ID not in text, url
        assert f":original/{video.folder}" not in text, url
        assert ORIGINAL_BYTES.decode() not in text, url


def pages(video: Video) -> list[str]:
    return [
        "/?order=newest",
        f"/videos/{video.pk}",
        f"/embed/{video.pk}",
        "/api/videos",
        f"/api/videos/{video.pk}",
        f"/api/videos/{video.pk}/events",
        f"/api/videos/{video.pk}/storyboard.vtt",
    ]


@pytest.mark.parametrize("viewer", ["client", "as_bob"])
def test_d45_nothing_a_viewer_is_shown_leads_to_assembly_or_original(
    request: pytest.FixtureRequest,
    client: Client,
    video: Video,
    put: Callable[[str, bytes], None],
    viewer: str,
) -> None:
    publish(client, video, put)
    video.refresh_from_db()

    answers = walk(request.getfixturevalue(viewer), pages(video))

    reached = {unquote(urlsplit(url).path) for url in answers}
    assert f"/files/hls/{video.folder}/720p.m3u8" in reached
    assert any(
        f"watermarked/{video.folder}/cat.mp4" in told.decode(errors="replace") for told in answers.values()
    )
    assert_leads_nowhere(answers, video)


def test_d45_a_video_at_work_leads_a_viewer_to_its_live_preview_alone(
    client: Client, video: Video, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cattube.web.api.videos.events.LONGEST_SECONDS", 0.01)
    url = f"{engine_double.address}/results/{ASSEMBLY_ID}/{'a' * 32}/cat.mp4?signature=b"
    engine_double.knows(
        executing_status(
            video,
            growing_hls_url=f"{engine_double.address}/streams/{'d' * 32}/live.m3u8",
            uploads=[{"id": "a" * 32, "ssl_url": url, "mime": "video/mp4"}],
        )
    )

    answers = walk(client, pages(video)[2:7])

    document = client.get(f"/api/videos/{video.pk}").json()
    assert document["growing"]["url"].endswith("/live.m3u8")
    assert document["original"] is None
    assert_leads_nowhere(answers, video)


def status_of(client: Client, url: str) -> int:
    answer = client.get(url.removeprefix(SITE))
    answer.close()  # a stream holds its place until then
    return answer.status_code


LOSSES: dict[str, Callable[[Video], object]] = {
    "private": lambda video: Video.objects.update(visibility=Visibility.PRIVATE),
    "trash": move_to_trash,
    "erased": lambda video: Video.objects.all().delete(),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_d56_every_address_that_a_viewer_was_told_ends_with_the_visibility(
    client: Client, video: Video, put_in_folder: Callable[[str, bytes], None], loss: str
) -> None:
    publish(client, video, put_in_folder)
    video.refresh_from_db()
    told = [url for url in walk(client, pages(video)) if video.pk in url or video.folder in url]
    steps = {url.removeprefix(SITE).split("/")[2] for url in told if "/files/" in url}
    before = {url: status_of(client, url) for url in told}

    LOSSES[loss](video)

    assert steps >= {"watermarked", "thumbnail", "storyboard", "hls"}
    assert {url.removeprefix(SITE).split("/")[1] for url in told} >= {"videos", "embed", "api", "files"}
    # The address of the still that other sites are told leads on to one that ends.
    ways = {SITE + url.removeprefix(SITE) for url, status in before.items() if status == 302}
    assert (ways, {*before.values()}) == ({f"{SITE}/videos/{video.pk}/poster"}, {200, 302})
    assert {status_of(client, url) for url in told} <= {403, 404}


def test_owner_alone_is_told_the_assembly(as_alice: Client, as_bob: Client, video: Video) -> None:
    path = f"/api/videos/{video.pk}"

    assert as_alice.get(path).json()["assembly_id"] == ASSEMBLY_ID
    assert as_bob.get(path).json()["assembly_id"] is None
