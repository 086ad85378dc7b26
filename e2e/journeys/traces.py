"""What the site still says of a video to somebody who may not see it."""

from __future__ import annotations

import re

from playwright.sync_api import APIResponse

from e2e.conftest import Visitor, call_api
from e2e.journeys.content import Film, Playlist

UNKNOWN = "neverwas000"
# Words of its title and of what is spoken in it, none of which the lists below are asked for.
TRACES = ("harvest", "stands behind")
DOORS = (
    "/videos/{id}",
    "/videos/{id}/edit",
    "/videos/{id}/captions",
    "/embed/{id}",
    "/api/videos/{id}",
    "/api/videos/{id}/events",
    "/api/videos/{id}/captions",
    "/api/videos/{id}/captions/en",
    "/api/videos/{id}/transcript",
    "/api/videos/{id}/chapters",
    "/api/videos/{id}/comments",
    "/api/videos/{id}/storyboard.vtt",
    "/api/videos/{id}/live/live.m3u8",
)
# With one word of the title, one that is spoken, and one that is mistyped.
LISTS = (
    "/",
    "/?q=unspoken",
    "/?q=barley",
    "/?q=harvst",
    "/?channel={owner}",
    "/channels/{owner}",
    "/playlists/{list}",
    "/history/",
    "/later/",
    "/api/videos",
    "/api/videos?q=unspoken",
    "/api/videos?q=barley",
    "/api/videos?q=harvst",
    "/api/suggest?q=unsp",
    "/api/suggest?q=harvst",
    "/api/channels/{owner}",
    "/api/playlists/{list}",
    "/api/history",
    "/api/playlists/later",
)
_TOKEN = re.compile(r'((?:csrf-token" content|csrfmiddlewaretoken" value)=)"\w+"')


def doors_that_differ(visitor: Visitor, film: Film) -> dict[str, str]:
    """Doors of the film that answer otherwise than those of one that never was, and how they answer."""
    differing = {}
    for door in DOORS:
        answer, other = (_get(visitor, door.format(id=video_id)) for video_id in (film.id, UNKNOWN))
        if not answer.status == other.status == 404 or _said(answer, film.id) != _said(other, UNKNOWN):
            differing[door] = f"{answer.status}: {answer.text()}"
    return differing


def traces_left(visitor: Visitor, film: Film, playlist: Playlist) -> dict[str, list[str]]:
    """Lists that still tell of the film: what of it each has."""
    left = {}
    for path in LISTS:
        text = _get(visitor, path.format(owner=film.owner, list=playlist.id)).text()
        if found := [trace for trace in (film.id, *TRACES) if trace in text]:
            left[path] = found
    return left


def links_of(visitor: Visitor, film: Film) -> list[str]:
    """Links to its files, good for somebody who may watch it."""
    video = call_api(visitor, "GET", f"/videos/{film.id}")
    links = [video["transcoded"], video["thumbnail"]]
    assert dead_links(visitor, links) == []
    return links


def dead_links(visitor: Visitor, links: list[str]) -> list[str]:
    return [link for link in links if not visitor.context.request.get(link).ok]


def _get(visitor: Visitor, path: str) -> APIResponse:
    return visitor.context.request.get(f"{visitor.site.url}{path}")


def _said(answer: APIResponse, video_id: str) -> str:
    """What it says, but for what differs from one answer to the next."""
    return _TOKEN.sub(r"\1", answer.text()).replace(video_id, "")
