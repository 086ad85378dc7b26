"""What is said in a video is written down by the engine, and found on the site, with nobody's help."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.api_client import ApiClient, api_client
from e2e.media.clips import run_ffmpeg
from e2e.site import start_site
from servers.speech import MODEL, talk

SENTENCES = [
    (1.0, "Good morning. The boat is in the harbour."),
    (9.0, "The cat sleeps under the table."),
]
SECONDS = 15


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ApiClient]:
    """Of a site that makes captions by itself."""
    settings = {"CAPTIONS": "auto", "CAPTIONS_MODEL": str(MODEL)}
    site = start_site(tmp_path / "data", **settings)
    yield api_client(site)
    site.stop()


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    voice = talk(SENTENCES, tmp_path / "talk.wav", seconds=SECONDS)
    film = tmp_path / "A talk.mp4"
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"testsrc2=s=320x180:r=10:d={SECONDS}", "-i", str(voice)],
        ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(film)],
    )
    return film


def test_d99_words_are_found_at_the_second_where_they_are_spoken(client: ApiClient, spoken: Path) -> None:
    """D99"""
    video_id, _ = client.upload(spoken)
    client.wait_until_finished(video_id)

    video = client.wait_until(video_id, lambda video: bool(video["captions"]))

    assert [track["source"] for track in video["captions"]] == ["automatic"]
    (hit,) = client.call("GET", "/videos?q=cat+table&place=spoken")["items"]
    assert hit["id"] == video_id
    assert hit["matches"][0]["seconds"] == pytest.approx(9.0, abs=1.0)
