"""A public video of a whole site: what a stranger makes of its addresses (D45, D49)."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pytest
from e2e.api_client import ApiClient, api_client
from e2e.media.clips import run_ffmpeg
from e2e.site import Site

LINK = re.compile(r"/files/[^\s\"'<>]+")
HEX_32 = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(scope="module")
def client(site: Site) -> ApiClient:
    return api_client(site)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("clips") / "Public.mp4"
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=1"], ["-pix_fmt", "yuv420p", str(target)])
    return target


def seen_by_a_stranger(site: Site, video_id: str) -> dict[str, str]:
    """All that is told without an account: the API, the pages, and the playlists that they name."""
    paths = [f"/api/videos/{video_id}", "/api/videos", f"/videos/{video_id}", f"/embed/{video_id}", "/"]
    answers = {path: httpx.get(site.url + path).text for path in paths}
    playlists = [link for text in answers.values() for link in LINK.findall(text) if ".m3u8" in link]
    while playlists:
        url = urljoin(site.url, playlists.pop().replace("&amp;", "&").replace("\\u0026", "&"))
        if url not in answers:
            answers[url] = httpx.get(url).raise_for_status().text
            playlists += [link for link in LINK.findall(answers[url]) if ".m3u8" in link]
    return answers


def test_d45_stranger_finds_neither_assembly_nor_original_by_the_addresses_of_a_video(
    client: ApiClient, site: Site, clip: Path
) -> None:
    video_id, assembly_id = client.upload(clip)
    client.call("PATCH", f"/videos/{video_id}", visibility="public", assembly_id=assembly_id)
    video = client.wait_until_finished(video_id)

    answers = seen_by_a_stranger(site, video_id)

    told = unquote(" ".join([*answers, *answers.values()]))
    folder = urlsplit(video["transcoded"]).path.split("/")[3]
    assert any(".m3u8" in url for url in answers)
    assert folder in told
    assert assembly_id not in told
    for name in set(HEX_32.findall(told)):
        asked = [
            httpx.get(f"{site.engine_url}/assemblies/{name}"),
            httpx.get(f"{site.engine_url}/events?assembly={name}"),
            httpx.delete(f"{site.engine_url}/assemblies/{name}"),
            httpx.get(f"{site.engine_url}/files/%3Aoriginal/{name}/Public.mp4"),
            httpx.get(f"{site.url}/files/%3Aoriginal/{name}/Public.mp4"),
        ]
        assert {answer.status_code for answer in asked} <= {403, 404}

    status = httpx.get(f"{site.engine_url}/assemblies/{assembly_id}").json()
    addresses = [entry["ssl_url"] for entries in status["results"].values() for entry in entries]
    assert {httpx.get(address).status_code for address in addresses} == {403}
    assert httpx.delete(f"{site.engine_url}/assemblies/{assembly_id}").status_code == 403
    client.call("DELETE", f"/videos/{video_id}?permanent=true")
    assert not [key for key in site.files_in("bucket") if folder in key]
