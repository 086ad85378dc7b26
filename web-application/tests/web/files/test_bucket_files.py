"""Videos in a private bucket of a real S3 server, as browsers and scripts get them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from django.test import Client
from pytest_django import Settings
from servers.faults import Refusal, always, faulty
from servers.s3_server import S3Server
from statuses import ASSEMBLY_ID, OBJECT_BYTES

from cattube.processing.lifecycle.deletion import delete_forever
from cattube.storage import links
from cattube.storage.store import video_store
from cattube.videos.models import Asset, Video
from cattube.videos.trash import move_to_trash

STRANGER = "watermarked/ffffffffffffffffffffffffffffffff/cat.mp4"
FOLDER = f"hls/{ASSEMBLY_ID}/"
MASTER = f"{FOLDER}playlist.m3u8"


@pytest.fixture
def in_bucket(settings: Settings, s3_server: S3Server, b2_bucket: str, ready_video: Video) -> Video:
    """alice's video, with its objects in a bucket of the kind that B2 has."""
    use_bucket(settings, s3_server, b2_bucket)
    for key in [*Asset.objects.values_list("object_key", flat=True), STRANGER]:
        s3_server.client.put_object(Bucket=b2_bucket, Key=key, Body=OBJECT_BYTES)
    return ready_video


def use_bucket(settings: Settings, server: S3Server, name: str) -> None:
    settings.AWS_PRIVATE_BUCKET_NAME = name
    settings.AWS_S3_ENDPOINT_URL = settings.BUCKET_ORIGIN = server.endpoint_url
    settings.AWS_S3_REGION_NAME = server.region
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = server.key_id, server.secret


def transcoded(client: Client, video: Video) -> str:
    return str(client.get(f"/api/videos/{video.pk}").json()["transcoded"])


def test_api_gives_links_of_the_bucket_itself_with_ranges_s05(
    as_alice: Client, in_bucket: Video, s3_server: S3Server, b2_bucket: str
) -> None:
    video = as_alice.get(f"/api/videos/{in_bucket.pk}").json()

    part = httpx.get(video["transcoded"], headers={"Range": "bytes=-24"})

    assert video["transcoded"].startswith(f"{s3_server.endpoint_url}/{b2_bucket}/watermarked/")
    assert video["thumbnail"].startswith(f"{s3_server.endpoint_url}/{b2_bucket}/thumbnail/")
    assert (part.status_code, part.content) == (206, OBJECT_BYTES[-24:])
    assert 0 < video["links_last_seconds"] <= 3600


def test_pages_carry_the_cdn_of_the_settings(
    as_alice: Client, in_bucket: Video, settings: Settings, b2_bucket: str
) -> None:
    settings.BUCKET_ORIGIN = "https://cdn.example.org"

    library, watch = (as_alice.get(path).content.decode() for path in ("/", f"/videos/{in_bucket.pk}"))

    assert f"https://cdn.example.org/{b2_bucket}/thumbnail/" in library
    assert f"https://cdn.example.org/{b2_bucket}/watermarked/" in watch
    assert settings.AWS_S3_ENDPOINT_URL not in library + watch


def test_stranger_gets_no_link_and_guesses_none_s03(
    as_alice: Client, as_bob: Client, in_bucket: Video
) -> None:
    link = transcoded(as_alice, in_bucket)

    assert as_bob.get(f"/api/videos/{in_bucket.pk}").status_code == 404
    assert httpx.get(link.partition("?")[0]).status_code in (400, 401, 403)
    assert httpx.get(link.replace(ASSEMBLY_ID, "f" * 32)).status_code == 403


def test_link_of_the_bucket_lives_for_an_hour_at_most_s03(
    as_alice: Client, in_bucket: Video, settings: Settings
) -> None:
    assert f"X-Amz-Expires={int(settings.LINK_LIFETIME.total_seconds())}&" in transcoded(as_alice, in_bucket)
    assert settings.LINK_LIFETIME.total_seconds() <= 3600


def test_video_that_becomes_private_gives_no_new_link_to_others_s03(as_bob: Client, in_bucket: Video) -> None:
    Video.objects.update(visibility="public")
    before = as_bob.get(f"/api/videos/{in_bucket.pk}").status_code
    old = links.site_url(f"watermarked/{ASSEMBLY_ID}/cat.mp4", scope="public")

    Video.objects.update(visibility="private")

    assert before == 200
    assert as_bob.get(f"/api/videos/{in_bucket.pk}").status_code == 404
    assert as_bob.get(old).status_code == 403


def test_erasing_ends_the_link_and_frees_every_version_s03_s09(
    as_alice: Client, in_bucket: Video, s3_server: S3Server, b2_bucket: str
) -> None:
    link = transcoded(as_alice, in_bucket)
    resized = f"resized/{ASSEMBLY_ID}/cat.mp4"
    s3_server.client.put_object(Bucket=b2_bucket, Key=resized, Body=b"second")
    s3_server.client.delete_object(Bucket=b2_bucket, Key=resized)
    s3_server.client.create_multipart_upload(Bucket=b2_bucket, Key=f"watermarked/{ASSEMBLY_ID}/late.mp4")

    delete_forever(in_bucket)

    assert httpx.get(link).status_code == 404
    assert s3_server.versions(b2_bucket) == [STRANGER]
    assert s3_server.unfinished(b2_bucket) == []


def test_link_of_this_site_leads_to_the_bucket_and_carries_no_bytes(client: Client, in_bucket: Video) -> None:
    link = links.site_url(f"watermarked/{ASSEMBLY_ID}/cat.mp4", scope=in_bucket.visibility)

    response = client.get(link)

    assert (response.status_code, response["Cache-Control"]) == (302, "no-store")
    assert httpx.get(response["Location"]).content == OBJECT_BYTES


@pytest.fixture(scope="module")
def hls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two renditions of two seconds, one with fragmented MP4 and one with MPEG-TS segments."""
    folder = tmp_path_factory.mktemp("hls")
    for name, segments in (("720p", "fmp4"), ("360p", "mpegts")):
        (folder / name).mkdir()
        picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=2", "-c:v", "libx264", "-g", "10"]
        cut = ["-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod", "-hls_segment_type", segments]
        argv = ["ffmpeg", "-nostdin", "-v", "error", *picture, *cut, f"{folder}/{name}/{name}.m3u8"]
        subprocess.run(argv, check=True)
    master = "".join(
        f"#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=320x180\n{name}/{name}.m3u8\n"
        for name in ("720p", "360p")
    )
    (folder / "playlist.m3u8").write_text(f"#EXTM3U\n#EXT-X-VERSION:7\n{master}")
    return folder


@pytest.fixture(params=["local", "bucket"])
def hls_video(request: pytest.FixtureRequest, ready_video: Video, hls: Path, settings: Settings) -> Video:
    """alice's video with an HLS set, in a folder and in a bucket."""
    Asset.objects.create(video=ready_video, role="hls", object_key=MASTER, folder=FOLDER)
    if request.param == "local":
        shutil.copytree(hls, Path(settings.BUCKET_FOLDER) / FOLDER)
        return ready_video
    server: S3Server = request.getfixturevalue("s3_server")
    name: str = request.getfixturevalue("s3_bucket")
    use_bucket(settings, server, name)
    for path in (path for path in hls.rglob("*") if path.is_file()):
        key = FOLDER + path.relative_to(hls).as_posix()
        server.client.put_object(Bucket=name, Key=key, Body=path.read_bytes())
    return ready_video


def master_link(video: Video) -> str:
    return Asset.objects.select_related("video").get(video=video, role="hls").url


def fetch(client: Client, link: str) -> bytes:
    """What a player gets that knows nothing but the link: of this site, or of another origin."""
    if link.startswith("http"):
        return httpx.get(link).raise_for_status().content
    response = client.get(link)
    assert response.status_code == 200, link
    return b"".join(response)


def named_in(playlist: bytes) -> list[str]:
    lines = playlist.decode().splitlines()
    maps = [line.split('URI="')[1].split('"')[0] for line in lines if line.startswith("#EXT-X-MAP")]
    return maps + [line for line in lines if line and not line.startswith("#")]


@pytest.mark.ffmpeg
def test_player_gets_every_piece_of_a_private_stream_by_links_alone(hls_video: Video, hls: Path) -> None:
    player, link = Client(), master_link(hls_video)
    renditions = named_in(fetch(player, link))

    pieces = [
        [fetch(player, piece) for piece in named_in(fetch(player, rendition))] for rendition in renditions
    ]

    fragments = [hls / "720p/init.mp4", *sorted(hls.glob("720p/*.m4s"))]
    assert pieces == [
        [path.read_bytes() for path in fragments],
        [path.read_bytes() for path in sorted(hls.glob("360p/*.ts"))],
    ]
    assert all(rendition.startswith("/files/hls/") for rendition in renditions)


@pytest.mark.ffmpeg
def test_playlist_is_served_as_what_it_is_and_kept_by_nobody(hls_video: Video) -> None:
    response = Client().get(master_link(hls_video))

    assert response["Content-Type"] == "application/vnd.apple.mpegurl"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.ffmpeg
def test_stream_ends_for_others_when_the_video_becomes_private_or_goes_to_the_trash_s03(
    hls_video: Video,
) -> None:
    link = master_link(hls_video)
    rendition = named_in(fetch(Client(), link))[0]

    Video.objects.update(visibility="public")
    after_flip = [Client().get(url).status_code for url in (link, rendition)]
    move_to_trash(hls_video)
    after_trash = [Client().get(url).status_code for url in (link, rendition)]

    assert (after_flip, after_trash) == ([403, 403], [404, 404])


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    "name", ["720p/../../../thumbnail/x/cat.jpg", "..%2f..%2fsecrets.env", "720p/none.m3u8", "720p/none.ts"]
)
def test_name_that_is_no_piece_of_the_stream_is_not_there_s04(hls_video: Video, name: str) -> None:
    link = links.site_url(FOLDER + name, scope=hls_video.visibility)

    answer = Client().get(urljoin("http://testserver", link).removeprefix("http://testserver"))

    is_left_to_the_bucket = answer.status_code == 302 and httpx.get(answer["Location"]).status_code == 404
    assert answer.status_code == 404 or is_left_to_the_bucket


@pytest.mark.ffmpeg
def test_erasing_frees_every_piece_s09(hls_video: Video) -> None:
    link = master_link(hls_video)
    before = [stored.object_key for stored in video_store().objects() if stored.object_key.startswith(FOLDER)]

    delete_forever(hls_video)

    assert len(before) > 7
    assert Client().get(link).status_code == 404
    assert [stored for stored in video_store().objects() if stored.object_key.startswith(FOLDER)] == []


def test_playlist_that_the_bucket_does_not_give_is_asked_for_again_s07(
    client: Client, in_bucket: Video, settings: Settings, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    Asset.objects.create(video=in_bucket, role="hls", object_key=MASTER, folder=FOLDER)
    with faulty(s3_server) as faults:
        faults.rule = always(Refusal(503, "ServiceUnavailable"))
        settings.AWS_S3_ENDPOINT_URL = faults.server.endpoint_url
        response = client.get(master_link(in_bucket))

    assert (response.status_code, response.json()["error"]) == (503, "BUCKET_SILENT")
    assert response["Retry-After"]
