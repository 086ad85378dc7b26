"""Live previews: videos while they are made, for players of HLS. See execution/previews/live_previews.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, request

from cattube_worker.errors import NotFound
from cattube_worker.execution.previews.joined_segment import joined_segment
from cattube_worker.execution.previews.live_previews import LivePreviews
from cattube_worker.media.streams.live_playlist import pieces_of
from cattube_worker.media.streams.live_preview import PLAYLIST
from cattube_worker.protocol.signed_urls import SignedUrls
from cattube_worker.routes.files import LinkExpired
from cattube_worker.routes.sent_files import file_answer
from cattube_worker.routes.services import service

blueprint = Blueprint("live_previews", __name__)
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
TYPES = {".mp4": "video/mp4", ".m4s": "video/iso.segment"}
# As ffmpeg names them: a segment on a line of its own, the first part of all in an attribute.
NAMED = re.compile(r'^[^#\s]\S*$|(?<=URI=")[^"]+', re.M)


@blueprint.get("/streams/<hex32:key>/<name>")
def show_live_preview(key: str, name: str) -> Response:
    """The playlist as far as it goes by now, or one of the files it names."""
    if not service(SignedUrls).allows(f"/streams/{key}/{name}", request.args):
        raise LinkExpired("This link is not valid, or not any more. Ask for the status to get a new one.")
    response = _playlist(key) if name == PLAYLIST else _file(key, name)
    if response is None:
        raise NotFound("There is no such stream here, or not any more.")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _playlist(key: str) -> Response | None:
    playlist = service(LivePreviews).playlist(key)
    if playlist is None:
        return None
    response = Response(_with_links(playlist, key), mimetype=PLAYLIST_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _file(key: str, name: str) -> Response | None:
    """One of the files, or the segment `name` of several pieces. Raises HTTPException."""
    paths = [service(LivePreviews).find(key, piece) for piece in pieces_of(name)]
    try:
        return None if None in paths else _answer([path for path in paths if path is not None], name)
    except FileNotFoundError:  # It went in this moment.
        return None


def _answer(paths: Sequence[Path], name: str) -> Response:
    """Raises FileNotFoundError, HTTPException."""
    # On the disk, not in memory: so the front can send it, and its readers hold no thread.
    path = paths[0] if len(paths) == 1 else joined_segment(paths, name)
    # Another attempt may put other bytes under the same name, so caches have to ask.
    response = file_answer(path, mimetype=TYPES[path.suffix])
    response.cache_control.no_cache, response.cache_control.private = True, True
    return response


def _with_links(playlist: str, key: str) -> str:
    """The playlist with a permission at each name."""
    urls, folder = service(SignedUrls), f"/streams/{key}/"
    return NAMED.sub(lambda name: urls.signed(folder + name[0]).removeprefix(folder), playlist)
