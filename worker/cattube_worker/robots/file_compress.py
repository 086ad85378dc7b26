"""/file/compress: an archive of files."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, ClassVar, Literal

from pydantic import Field

from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.inspect.formats import Kind
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.workspace import Workspace
from cattube_worker.protocol.file_names import clean_name, split_name
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.shared.values import Unsupported
from cattube_worker.size_in_words import excess_in_words
from cattube_worker.storage.object_keys import object_key

_CHUNK_BYTES = 2**20
# The earliest time that a ZIP archive can tell.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_KINDS = {
    "tar": Kind("application/x-tar", None, "tar"),
    "tar.gz": Kind("application/gzip", None, "gz"),
    "zip": Kind("application/zip", None, "zip"),
}


class FileCompress(FileRobot):
    """One archive of all files of a bundle, whatever they are.

    Source: Transloadit's `robots/file-compress`.
    """

    name: ClassVar[str] = "/file/compress"
    # It may have variables of each file, of which there are several.
    own_variables: ClassVar[frozenset[str]] = Robot.own_variables | {"path"}

    format: Literal["tar", "zip"] = "tar"
    gzip: bool = False
    compression_level: int = Field(-6, ge=-9, le=0)
    file_layout: Literal["advanced", "simple", "relative-path"] = "advanced"
    archive_name: Annotated[str, Field(max_length=200)] = ""
    path: Annotated[str, Field(min_length=1, max_length=1000)] | None = None

    # Not done here: it is refused, because an archive that anybody can read would not be the one asked for.
    password: Unsupported = None

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        total_bytes = sum(file.size_bytes for file in files)
        if total_bytes > workspace.limits.max_output_bytes:
            raise InvalidInput(
                f"Together, the files have {excess_in_words(total_bytes, workspace.limits.max_output_bytes)} "
                "in an archive.",
                code=self.error_code("INVALID_INPUT"),
            )
        members = dict(zip(_told_apart(self._path(file) for file in files), files, strict=True))
        archive, target = _Archive(workspace, total_bytes), workspace.folder / "archive"
        if self.format == "zip":
            archive.write_zip(target, members, level=-self.compression_level)
        else:
            archive.write_tar(target, members, level=-self.compression_level if self.gzip else None)
        name = clean_name(self.archive_name) if self.archive_name else files[0].basename
        return [OutputFile(path=target, name=f"{name}.{self._ext}", source=files[0], kind=_KINDS[self._ext])]

    @property
    def _ext(self) -> str:
        return "tar.gz" if self.format == "tar" and self.gzip else self.format

    def _path(self, file: InputFile) -> str:
        """The path of a file in the archive, which nobody can use to leave a folder."""
        if self.path is not None:
            return object_key(str(file.read(self.path)) if self.may_interpolate("path") else self.path)
        return object_key(_LAYOUTS[self.file_layout](file))


def _advanced(file: InputFile) -> str:
    """A folder for each step, and names that tell which files belong to one upload."""
    step, name = file.read("${previous_step.name}"), file.name.replace("/", "_")
    own, original = file.read("${unique_prefix}")[:2], file.read("${unique_original_prefix}")[:2]
    return f"{step}/{own}_{name}" if step == ":original" else f"{step}/{original}_{own}_{name}"


def _relative(file: InputFile) -> str:
    folders = (file.meta.get("archive_directory"), file.meta.get("relative_path"))
    folder = next((text for text in folders if text is not None), file.read("${file.original_path}"))
    return f"{folder}/{file.name.replace('/', '_')}"


_LAYOUTS = {
    "advanced": _advanced,
    "simple": lambda file: file.name.replace("/", "_"),
    "relative-path": _relative,
}


def _told_apart(paths: Iterable[str]) -> list[str]:
    """The paths, those that are there already with a number before their ending."""
    taken: dict[str, None] = {}
    for path in paths:
        folder, slash, name = path.rpartition("/")
        basename, ext = split_name(name)
        number, apart = 0, path
        while apart in taken:
            number += 1
            apart = f"{folder}{slash}{basename}_{number}{'.' if ext else ''}{ext}"
        taken[apart] = None
    return list(taken)


@dataclass
class _Archive:
    """Writes archives, and reports how far it is. total_bytes: of all files."""

    workspace: Workspace
    total_bytes: int
    _done_bytes: int = 0

    def write_zip(self, target: Path, members: Mapping[str, InputFile], *, level: int) -> None:
        method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
        with zipfile.ZipFile(target, "w", method, compresslevel=level) as archive:
            for path, file in members.items():
                info = zipfile.ZipInfo(path, max(_ZIP_EPOCH, time.gmtime(_time_of(file))[:6]))
                info.compress_type, info.external_attr = method, 0o644 << 16
                is_large = file.size_bytes >= 2**31
                with self._open(file) as source, archive.open(info, "w", force_zip64=is_large) as member:
                    shutil.copyfileobj(source, member, _CHUNK_BYTES)

    def write_tar(self, target: Path, members: Mapping[str, InputFile], *, level: int | None) -> None:
        """level: of the compression; None leaves it out."""
        with target.open("wb") as plain:
            if level is None:
                self._add_all(plain, members)
            else:
                with gzip.GzipFile("", "wb", level, plain) as packed:
                    self._add_all(packed, members)

    def _add_all(self, target: BinaryIO | gzip.GzipFile, members: Mapping[str, InputFile]) -> None:
        with tarfile.TarFile(fileobj=target, mode="w", copybufsize=_CHUNK_BYTES) as archive:
            for path, file in members.items():
                info = tarfile.TarInfo(path)
                info.size, info.mtime = file.size_bytes, _time_of(file)
                with self._open(file) as source:
                    archive.addfile(info, source)

    def _open(self, file: InputFile) -> _WatchedFile:
        return _WatchedFile(file.path, self._advance)

    def _advance(self, read_bytes: int) -> None:
        if self.workspace.stop.is_set():
            raise Stopped
        self._done_bytes += read_bytes
        self.workspace.report(min(1.0, self._done_bytes / self.total_bytes))


class _WatchedFile(io.BufferedReader):
    """A file that tells how many bytes were read of it, each time."""

    def __init__(self, path: Path, on_read: Callable[[int], None]) -> None:
        super().__init__(io.FileIO(path))
        self._on_read = on_read

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self._on_read(len(piece))
        return piece


def _time_of(file: InputFile) -> int:
    """When the bytes were written, in seconds since 1970."""
    return int(file.path.stat().st_mtime)
