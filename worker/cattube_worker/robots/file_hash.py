"""/file/hash: the digest of a file, or of its ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from cattube_worker.media.process.run import Stopped
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

_CHUNK_BYTES = 2**20


class FileHash(FileRobot):
    """Each file as it is, with the digest in `meta.hash`, in hexadecimal.

    Source: Transloadit's `robots/file-hash`.
    """

    name: ClassVar[str] = "/file/hash"

    algorithm: Literal["b2", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"] = "sha256"
    partial: Literal["full", "first", "last", "both"] = "full"
    partial_size: int = Field(2**20, ge=1)

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        return [
            self.unchanged(file, workspace.folder / f"hashed-{index}", meta=self._meta(file.path, workspace))
            for index, file in enumerate(files)
        ]

    def _meta(self, path: Path, workspace: Workspace) -> dict[str, Any]:
        """Keys of `meta` about the digest."""
        parts = self._parts(path.stat().st_size)
        digest = _ALGORITHMS[self.algorithm]()
        for chunk in _chunks(path, parts):
            if workspace.stop.is_set():
                raise Stopped
            digest.update(chunk)
        if self.partial == "full":
            return {"hash": digest.hexdigest()}
        return {
            "hash": digest.hexdigest(),
            "hash_partial": self.partial,
            "hash_partial_size": len(parts[0]),
        }

    def _parts(self, size_bytes: int) -> list[range]:
        """The bytes that count, of a file of that size; the two ends of a small file overlap."""
        length = min(self.partial_size, size_bytes)
        first, last = range(length), range(size_bytes - length, size_bytes)
        return {"full": [range(size_bytes)], "first": [first], "last": [last], "both": [first, last]}[
            self.partial
        ]


def _chunks(path: Path, parts: Sequence[range]) -> Iterator[bytes]:
    with path.open("rb") as file:
        for part in parts:
            file.seek(part.start)
            left = len(part)
            while left and (chunk := file.read(min(left, _CHUNK_BYTES))):
                left -= len(chunk)
                yield chunk


_ALGORITHMS: Mapping[str, Callable[[], Any]] = {
    "b2": hashlib.blake2b,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
