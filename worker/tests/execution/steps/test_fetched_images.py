from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.execution.steps.fetched_images import BUILTIN_WATERMARK_PATH, local_watermark
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.images import BUILTIN_WATERMARK
from cattube_worker.robots.video_encode.robot import VideoEncode
from cattube_worker.robots.video_thumbs import VideoThumbs
from cattube_worker.storage import Stores


class Shelf(http.server.ThreadingHTTPServer):
    """Serves our own mark at /mark.png and a text everywhere else; remembers what was asked for."""

    asked: list[str]


class Handler(http.server.BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = BUILTIN_WATERMARK_PATH.read_bytes() if self.path == "/mark.png" else b"#EXTM3U\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


# An operator who allows this machine to be asked.
TRUSTED = ("127.0.0.1:*",)


def workspace(folder: Path, *, import_hosts: tuple[str, ...] = ()) -> Workspace:
    return Workspace(
        folder=folder,
        tools=Tools(ffmpeg=Path("ffmpeg"), ffprobe=None, version="", sandbox=()),
        limits=Limits(),
        report=lambda share: None,
        stop=threading.Event(),
        stores=Stores(),
        import_hosts=import_hosts,
    )


def trusting(folder: Path) -> Workspace:
    return workspace(folder, import_hosts=TRUSTED)


def encode(watermark_url: str) -> VideoEncode:
    return VideoEncode.model_validate({"watermark_url": watermark_url})


def marked(shelf: Shelf, path: str) -> VideoEncode:
    return encode(f"http://127.0.0.1:{shelf.server_port}{path}")


def test_our_own_mark_needs_no_network(tmp_path: Path) -> None:
    assert (
        local_watermark(encode(BUILTIN_WATERMARK), tmp_path / "mark", workspace(tmp_path))
        == BUILTIN_WATERMARK_PATH
    )


def test_a_step_without_a_mark_has_none(tmp_path: Path) -> None:
    assert local_watermark(encode(""), tmp_path / "mark", workspace(tmp_path)) is None
    assert local_watermark(VideoThumbs.model_validate({}), tmp_path / "mark", workspace(tmp_path)) is None


def test_a_mark_is_fetched_into_the_jobs_folder(shelf: Shelf, tmp_path: Path) -> None:
    path = local_watermark(marked(shelf, "/mark.png"), tmp_path / "mark", trusting(tmp_path))

    assert path == tmp_path / "mark"
    assert path.read_bytes() == BUILTIN_WATERMARK_PATH.read_bytes()


def test_w16_a_mark_that_is_a_playlist_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="not a PNG"):
        local_watermark(marked(shelf, "/list.png"), tmp_path / "mark", trusting(tmp_path))


def test_w12_a_mark_on_a_private_address_is_never_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(AssemblyError):
        local_watermark(marked(shelf, "/mark.png"), tmp_path / "mark", workspace(tmp_path))

    assert shelf.asked == []
