"""Files that were fetched from other hosts, kept for the next job that needs them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event

from cattube_worker.assemblies.model import Upload
from cattube_worker.assembly_folders import folder_name, names_of, remove_folder, remove_tree
from cattube_worker.disk_room import CHECK_BYTES, DiskRoom
from cattube_worker.media.process.run import Stopped
from cattube_worker.tus.upload_files import held_name

_PART, _LOCK = ".part", ".lock"
_POLL_SECONDS = 0.1


class FileCache:
    """Files below `root`, in a folder per assembly, of together at most `max_bytes`.

    Those that jobs hold, of whichever process of this host, stay even above that. Of the others, those go
    first that were not used for longest.
    """

    def __init__(self, root: Path, *, max_bytes: int, room: DiskRoom) -> None:
        self._root, self._max_bytes, self._room = root, max_bytes, room

    def hold(
        self,
        assembly_id: str,
        name: str,
        *,
        size_bytes: int,
        fetch: Callable[[Path], None],
        held: ExitStack,
        stop: Event,
    ) -> Path:
        """Path of the file, which stays until `held` is closed.

        fetch: brings it where it is not here; what an earlier attempt brought of it may lie there already.
        Of several jobs that need it at once, one fetches. Raises Stopped, DiskFull, and what `fetch` raises.
        """
        path = self._path(assembly_id, name)
        with _locked(path.with_suffix(_LOCK), stop):
            while not _share(path, held):
                part = path.with_suffix(_PART)
                self._make_room(size_bytes, but=part)
                fetch(part)
                part.replace(path)
            os.utime(path)
        return path

    @contextmanager
    def growing(self, assembly_id: str, name: str, *, stop: Event) -> Iterator[tuple[Path, GrowingRoom]]:
        """A file to which bytes are added, and the room for them; `hold` goes on with them after the block.

        Nothing makes way for bytes that were announced and may never come. Raises Stopped, DiskFull.
        """
        path = self._path(assembly_id, name)
        with _locked(path.with_suffix(_LOCK), stop):
            part = path.with_suffix(_PART)
            self._room.check()
            part.touch()
            yield part, GrowingRoom(self._room, lambda: self._make_way(part.stat().st_size, but=part))

    def remove_assembly(self, assembly_id: str) -> None:
        remove_folder(self._root, assembly_id)

    def sweep(self, at_work: Callable[[], Iterable[str]]) -> None:
        """Remove the folders of all assemblies but those at work."""
        folders = list(self._root.iterdir())
        # Asked afterwards: the folder of an assembly that begins meanwhile is not among these.
        names = {name for assembly_id in at_work() for name in names_of(assembly_id)}
        for folder in folders:
            if folder.name not in names:
                remove_tree(folder)

    def _path(self, assembly_id: str, name: str) -> Path:
        path = self._root / folder_name(assembly_id) / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def _make_room(self, size_bytes: int, *, but: Path) -> None:
        """Remove files until there is room for one more of that size. Raises DiskFull."""
        self._make_way(size_bytes, but=but)
        self._room.check(size_bytes)

    def _make_way(self, size_bytes: int, *, but: Path) -> None:
        """Remove files until all are within the bound together with one of that size."""
        files = {path: facts for path, facts in self._files() if path != but}
        excess_bytes = sum(facts.st_size for facts in files.values()) + size_bytes - self._max_bytes
        for path, facts in sorted(files.items(), key=lambda item: item[1].st_mtime):
            if excess_bytes <= 0:
                break
            if _remove_unless_held(path):
                excess_bytes -= facts.st_size

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self._root.glob("*/*"):
            if path.suffix != _LOCK:
                with suppress(FileNotFoundError):  # Another job has removed it.
                    yield path, path.stat()


class GrowingRoom:
    """Room for a file that grows in the cache. make_way: removes others, now that it has its size."""

    def __init__(self, room: DiskRoom, make_way: Callable[[], None]) -> None:
        self._room, self._make_way, self._unchecked_bytes = room, make_way, 0

    def note_written(self, size_bytes: int) -> None:
        """Count bytes that were written. Raises DiskFull."""
        self._unchecked_bytes += size_bytes
        if self._unchecked_bytes >= CHECK_BYTES:
            self._make_way()
            self._unchecked_bytes = 0
        self._room.note_written(size_bytes)


def cached_name(upload: Upload) -> str:
    """Name of its bytes here, whichever steps have handed them on: that of its file on the other host."""
    return held_name(upload.id).partition("/")[2]


def _share(path: Path, held: ExitStack) -> bool:
    """Keep the file here until `held` is closed; False when it is not here."""
    with suppress(FileNotFoundError):
        file = held.enter_context(path.open("rb"))
        # Shared among jobs; whoever makes room wants it alone. It ends with the file, or the process.
        fcntl.flock(file, fcntl.LOCK_SH)
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    return False


def _remove_unless_held(path: Path) -> bool:
    """Remove the file unless a job holds it, or fetches it; tell if it went."""
    lock = path.with_suffix(_LOCK) if path.suffix == _PART else path
    with suppress(OSError), lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
        return True
    return False


@contextmanager
def _locked(path: Path, stop: Event) -> Iterator[None]:
    """Hold the lock file, which one job of this host has at a time. Raises Stopped."""
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if stop.wait(_POLL_SECONDS):
                    raise Stopped from None
        try:
            yield
        finally:
            # Closing is not enough: a program just being started holds a copy of the descriptor.
            fcntl.flock(file, fcntl.LOCK_UN)
