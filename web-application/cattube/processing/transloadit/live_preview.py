"""Live preview of a video: a stream at the engine, which the site opens for one file at a time.

Players know addresses of the site alone. So each file is a question to the site, which answers whoever may
watch at this moment. What it answers with opens that one file at the engine, for a minute.
"""

import posixpath
import re
import time

from cattube.errors import NotFound
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.client import engine_client
from cattube.processing.transloadit.signed_urls import signed_path
from cattube.storage.media_types import PLAYLIST, piece_type
from cattube.videos.models import Video

# A redirect is followed at once. It opens the piece for so long at least, and for twice as long at most.
LINK_SECONDS = 30
MAX_PLAYLIST_BYTES = 4_000_000
# Names that ffmpeg gives the files of a stream, and no path that leads anywhere else.
FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}\.(m3u8|mp4|m4s)")
PERMISSION = re.compile(r'\?[^\s"]*')


class NoLivePreview(NotFound):
    def __init__(self) -> None:
        super().__init__("There is nothing to see of this video yet, or not any more.")


def playlist_name(video: Video) -> str | None:
    """Name of the playlist of what is encoded so far; None when there is none."""
    name = posixpath.basename(video.growing_hls_url)
    return name if FILE_NAME.fullmatch(name) and is_playlist(name) else None


def is_playlist(name: str) -> bool:
    return piece_type(name) == PLAYLIST


def engine_path(video: Video, name: str) -> str:
    """Path of one file of the stream at the engine, with a permission for a minute. Raises NoLivePreview."""
    folder = _folder(video)
    if not folder or not FILE_NAME.fullmatch(name):
        raise NoLivePreview
    # Equal for some seconds, so that a browser finds in its cache what it has.
    now = int(time.time())
    expires = now - now % LINK_SECONDS + 2 * LINK_SECONDS
    return signed_path(f"/{folder}/{name}", account=engine_account(), expires_ms=expires * 1000)


def read_playlist(video: Video, name: str) -> str:
    """The playlist, whose names are relative and open nothing. Raises NoLivePreview, EngineUnreachable."""
    text = engine_client().text(engine_path(video, name), at_most_bytes=MAX_PLAYLIST_BYTES)
    if text is None:
        raise NoLivePreview
    return PERMISSION.sub("", text)


def _folder(video: Video) -> str:
    """Path of the stream, which the engine has told with the host by which its uploader called it."""
    return posixpath.dirname(video.growing_hls_url.partition("://")[2].partition("/")[2])
