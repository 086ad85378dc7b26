"""Strangers' files in Chromium: their colours, in the file and in the stream, and play to the very end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from e2e.api_client import api_client
from e2e.conftest import Visitor, delete_videos, sign_in
from e2e.media.strange_clips import CLIPS, Rgb, StrangeClip, make_turning_clip
from e2e.pages.player_page import VIDEO, is_stream, open_player, play
from e2e.site import Site
from playwright.sync_api import Browser, Page

# The middle of each quarter, but for the upper right one, where the watermark is.
PLACES = ((0.25, 0.25), (0.6, 0.42), (0.25, 0.75), (0.75, 0.75))
TURNING = "turned-on-the-way.ts"
NAMES = [*(clip.name for clip in CLIPS), TURNING]
TOLERANCE = 6

MEASURE = """([video, places]) => {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  const context = canvas.getContext('2d', { colorSpace: 'srgb' })
  context.drawImage(video, 0, 0)
  return places.map(([x, y]) =>
    [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data.slice(0, 3)])
}"""
# What was played, once it came to its end.
PLAYED = """video => {
  if (video.error) throw new Error(video.error.message)
  const { ended, played, duration } = video
  if (!ended) return null
  return { pieces: played.length, from: played.start(0), to: played.end(played.length - 1), duration }
}"""


@pytest.fixture(scope="module")
def watcher(site: Site, browser: Browser) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor(context, site)
    sign_in(visitor)
    yield visitor
    delete_videos(visitor)
    context.close()
    assert visitor.complaints == []


@pytest.fixture(scope="module")
def videos(site: Site, watcher: Visitor, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the API tells of each clip once all is made of it, by its name."""
    folder, client = tmp_path_factory.mktemp("strange"), api_client(site)
    paths = [*(clip.make(folder) for clip in CLIPS), make_turning_clip(folder)]
    uploads = {path.name: client.upload(path)[0] for path in paths}
    return {name: client.wait_until_finished(video_id) for name, video_id in uploads.items()}


def open_file(watcher: Visitor, video: dict[str, Any]) -> Page:
    """A page that plays the video's file and no stream."""
    page = watcher.open(f"/videos/{video['id']}")
    page.evaluate(
        """link => {
          document.body.replaceChildren(document.createElement('video'))
          const video = document.querySelector('video')
          video.muted = true
          video.src = link
        }""",
        video["transcoded"],
    )
    return page


def open_stream(watcher: Visitor, video: dict[str, Any]) -> Page:
    page = open_player(watcher, f"/videos/{video['id']}")
    play(page, beyond_seconds=0)
    page.wait_for_function(f"() => {VIDEO}.currentSrc.startsWith('blob:')")
    return page


OPENINGS = {"file": open_file, "stream": open_stream}


def measured(page: Page) -> list[list[int]]:
    play(page, beyond_seconds=0.2)
    page.evaluate(f"{VIDEO}.pause()")
    return list(page.evaluate(MEASURE, [page.query_selector("video"), PLACES]))


@pytest.mark.parametrize("source", OPENINGS)
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_m54_colours_are_those_of_the_file_that_was_sent(
    watcher: Visitor, videos: dict[str, Any], clip: StrangeClip, source: str
) -> None:
    page = OPENINGS[source](watcher, videos[clip.name])

    assert_close(measured(page), clip.fields)
    page.close()


def assert_close(colours: list[list[int]], fields: tuple[Rgb, ...]) -> None:
    for colour, field in zip(colours, fields, strict=True):
        assert colour == pytest.approx(list(field), abs=TOLERANCE), colours


@pytest.mark.parametrize("name", NAMES)
def test_m53_every_stream_plays_to_its_end(watcher: Visitor, videos: dict[str, Any], name: str) -> None:
    seconds = {clip.name: clip.seconds for clip in CLIPS}.get(name, 4)
    page = open_stream(watcher, videos[name])

    played = page.wait_for_function(PLAYED, arg=page.query_selector("video")).json_value()

    assert is_stream(page)
    assert played["duration"] == pytest.approx(seconds, abs=0.3)
    assert played["pieces"] == 1
    assert played["from"] == 0
    assert played["to"] == pytest.approx(played["duration"], abs=0.05)
    page.close()
