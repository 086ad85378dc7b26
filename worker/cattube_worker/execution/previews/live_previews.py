"""Live previews: addresses under which videos can be watched while they are made."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import threading
import uuid
from contextlib import suppress
from pathlib import Path

from cattube_worker.media.streams.live_playlist import viewers_playlist
from cattube_worker.media.streams.live_preview import INIT, PLAYLIST
from cattube_worker.media.streams.quick_start import QUICK_INIT, QUICK_PLAYLIST, WATCHED

log = logging.getLogger(__name__)
_KEY = re.compile(r"[0-9a-f]{32}")
_NAMES = re.compile(rf"{re.escape(INIT)}|{re.escape(QUICK_INIT)}|q?[0-9]{{1,9}}\.m4s")


class LivePreviews:
    """Links to the folders of live previews, under keys that do not tell the assembly.

    A status names the key, and a viewer who got to know the assembly's id could cancel it.

    links: the folder for the links. root: all that may be served lies below it.
    """

    def __init__(self, links: Path, *, root: Path, secret: str) -> None:
        self._links, self._root = links, root.resolve()
        # The text of earlier versions: with another, addresses would change amid a video.
        self._key = hmac.digest(secret.encode(), b"cattube growing streams", "sha256")
        self._lock = threading.Lock()

    def publish(self, assembly_id: str, folder: Path) -> None:
        """Link to the live preview in `folder`, in place of that of an earlier attempt."""
        link = self._link(assembly_id)
        new_link = link.with_suffix(f".{uuid.uuid4().hex}")
        try:
            new_link.symlink_to(folder)
            with self._lock:
                new_link.replace(link)
        except OSError as error:  # The video is made all the same.
            log.warning("what grows of assembly %s cannot be watched: %s", assembly_id, error)

    def withdraw(self, assembly_id: str, *, below: Path | None = None) -> None:
        """Remove the link. below: only one into that folder; the link of another attempt stays."""
        link = self._link(assembly_id)
        with self._lock, suppress(OSError):
            if below is None or link.readlink().is_relative_to(below):
                link.unlink()

    def path_of(self, assembly_id: str) -> str | None:
        """The path of the assembly's playlist on this engine, once there is something in it to watch.

        It is no permission to read it: routes/live_previews.py serves nothing that was not signed.
        """
        link = self._link(assembly_id)
        return f"/streams/{link.name}/{PLAYLIST}" if _has_begun(link) else None

    def playlist(self, key: str) -> str | None:
        """The playlist for viewers of the stream with that key, as far as it goes by now."""
        folder = self._links / key
        if not _KEY.fullmatch(key) or not folder.resolve().is_relative_to(self._root):
            return None
        # In this order: as long as the quick start may come, the other must not be shown.
        quick_start, playlist = _text(folder / QUICK_PLAYLIST), _text(folder / PLAYLIST)
        if quick_start is None:
            return None if playlist is None else viewers_playlist(playlist)
        with suppress(OSError):
            (folder / WATCHED).touch()
        return viewers_playlist(playlist or "", quick_start) if quick_start else None

    def find(self, key: str, name: str) -> Path | None:
        """The file of that name in the stream with that key: any that its playlist names."""
        if not _KEY.fullmatch(key) or not _NAMES.fullmatch(name):
            return None
        path = (self._links / key / name).resolve()
        return path if path.is_relative_to(self._root) and path.is_file() else None

    def sweep(self) -> None:
        """Remove links to folders that are gone."""
        for link in self._links.iterdir():
            with self._lock, suppress(OSError):
                if not link.exists():
                    link.unlink()

    def _link(self, assembly_id: str) -> Path:
        digest = hmac.new(self._key, assembly_id.encode(), hashlib.sha256)
        return self._links / digest.hexdigest()[:32]


def _has_begun(folder: Path) -> bool:
    """True when there is something to watch: ffmpeg writes a playlist when its first piece is complete.

    A quick start that is empty may still come; one that failed is gone.
    """
    try:
        return (folder / QUICK_PLAYLIST).stat().st_size > 0
    except OSError:
        return (folder / PLAYLIST).is_file()


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None
