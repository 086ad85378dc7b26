"""A script that sends a file by the options it got, and tells the site nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from e2e.api_client import ApiClient, api_client
from e2e.media.clips import make_full_hd_clip
from e2e.site import ROOT, Site, clean_environment

EXAMPLE = re.compile(r"^## Upload by script$.*?^```python$\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTED_SITE = "http://127.0.0.1:8000"
NAME = "walk.mp4"


@pytest.fixture
def client(site: Site) -> Iterator[ApiClient]:
    client = api_client(site)
    yield client
    for video in (video for video in client.call("GET", "/videos")["items"] if video["can_edit"]):
        client.call("DELETE", f"/videos/{video['id']}?permanent=true")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_full_hd_clip(tmp_path_factory.mktemp("walk") / NAME, seconds=2)


def documented_script(client: ApiClient) -> str:
    """The example of docs/api.md, for the token and the address of this site."""
    found = EXAMPLE.search((ROOT / "docs" / "api.md").read_text())
    assert found is not None
    assert DOCUMENTED_SITE in found[1]
    return f"token = {client.token!r}\n" + found[1].replace(DOCUMENTED_SITE, client.site.url)


def ids_of_videos(client: ApiClient) -> set[str]:
    return {video["id"] for video in client.call("GET", "/videos")["items"]}


def messages_taken(site: Site, assembly_id: str) -> int:
    """How many of the engine's messages about the Assembly the site has taken. It may be busy at first."""
    answer = httpx.get(f"{site.engine_url}/assembly_notifications/{assembly_id}")
    return [entry["response_code"] for entry in answer.json()["notifications"]].count(200)


def test_t72_documented_script_brings_a_video_of_which_the_site_knows_all(
    client: ApiClient, walk: Path
) -> None:
    script, others = documented_script(client), ids_of_videos(client)

    subprocess.run([sys.executable, "-c", script], cwd=walk.parent, env=clean_environment(), check=True)

    (video_id,) = ids_of_videos(client) - others
    begun = client.wait_until(video_id, lambda video: video["assembly_id"] is not None)
    assert begun["title"] == "A walk"
    assert client.wait_until_finished(video_id)["status"] == "ready"


def test_t72_documented_script_says_nothing_to_the_site_but_the_announcement(client: ApiClient) -> None:
    assert documented_script(client).count("{video_site}") == 1


def test_t72_site_shows_how_far_a_script_is_before_the_file_is_there(client: ApiClient, walk: Path) -> None:
    upload, body = client.begin_upload(walk), walk.read_bytes()
    half = len(body) // 2
    upload.engine.send_part(upload.address, body[:half], offset=0)

    halfway = client.wait_until(upload.video_id, lambda video: video["progress"] > 0)
    upload.engine.send_part(upload.address, body[half:], offset=half)

    assert (halfway["status"], halfway["progress"]) == ("uploading", 100 * half // len(body))
    assert halfway["assembly_id"] == upload.assembly_id
    assert client.wait_until_finished(upload.video_id)["status"] == "ready"


def test_t72_engine_tells_the_site_of_creation_publication_and_end(client: ApiClient, walk: Path) -> None:
    upload = client.begin_upload(walk)
    taken = partial(messages_taken, client.site, upload.assembly_id)

    client.wait_until(upload.video_id, lambda _: taken() == 1)
    upload.engine.send(upload.address, walk)
    client.wait_until(upload.video_id, lambda _: taken() == 3)


def test_t75_video_that_is_deleted_while_a_script_sends_it_is_stopped_at_the_engine(
    client: ApiClient, walk: Path
) -> None:
    upload = client.begin_upload(walk)
    client.wait_until(upload.video_id, lambda video: video["assembly_id"] is not None)

    client.call("DELETE", f"/videos/{upload.video_id}?permanent=true")

    stopped = httpx.get(f"{client.site.engine_url}/assemblies/{upload.assembly_id}").json()
    assert stopped["ok"] == "ASSEMBLY_CANCELED"
