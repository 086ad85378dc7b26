"""/file/decompress: the files in an archive."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from cattube_worker.media.workspace import Workspace
from cattube_worker.protocol.file_names import split_name
from cattube_worker.robots.file_decompress.bounded_reader import TooMuch
from cattube_worker.robots.file_decompress.bounds import Bounds, Member
from cattube_worker.robots.file_decompress.packed_file import unpacked_pieces
from cattube_worker.robots.file_decompress.tar_archive import is_tar, untar
from cattube_worker.robots.file_decompress.zip_archive import unzip
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.shared.values import Unsupported

_HEAD_BYTES = 512
# The second is the beginning of an archive without files.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED_ENDINGS = {"gz": "", "bz2": "", "xz": "", "tgz": ".tar", "tbz2": ".tar", "txz": ".tar"}
# What the parsers raise for archives that are damaged, by accident or on purpose.
_DAMAGED = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
    OverflowError, RecursionError, struct.error, ValueError,
)  # fmt: skip


class FileDecompress(FileRobot):
    """All files of each archive. Nothing is unpacked twice: an archive in an archive is a file of it.

    Source: Transloadit's `robots/file-decompress`.
    """

    name: ClassVar[str] = "/file/decompress"

    # Not done here: it is refused, because the archive would stay shut.
    password: Unsupported = None

    # Accepted, and without effect: other steps begin when all files are there.
    turbo: bool = True

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        outputs = []
        for index, file in enumerate(files):
            folder = workspace.folder / f"archive-{index}"
            folder.mkdir()
            outputs += [
                OutputFile(
                    path=member.path,
                    name=member.name,
                    source=file,
                    meta={"archive_directory": member.directory},
                )
                for member in _unpack(file, folder, workspace)
            ]
        return outputs


def _unpack(file: InputFile, folder: Path, workspace: Workspace) -> list[Member]:
    """The files in the archive. Raises ArchiveRefused, Stopped."""
    bounds = Bounds(
        name=file.name,
        archive_bytes=file.size_bytes,
        most_bytes=workspace.limits.max_upload_bytes,
        stop=workspace.stop,
    )
    try:
        members = list(_members(file, folder, bounds))
    except TooMuch:
        raise bounds.refused("has headers that are larger than is allowed") from None
    except _DAMAGED as error:
        raise bounds.refused("is damaged: it cannot be unpacked") from error
    except OSError as error:
        if error.errno is not None:  # of the disk
            raise
        raise bounds.refused("is damaged: it cannot be unpacked") from error
    if not members:
        raise bounds.refused("holds no files")
    return members


def _members(file: InputFile, folder: Path, bounds: Bounds) -> Iterator[Member]:
    head = _head_of(file.path)
    if head.startswith(_ZIP):
        yield from unzip(file.path, folder, bounds)
    elif is_tar(head):
        yield from untar(file.path, folder, bounds)
    elif (pieces := unpacked_pieces(file.path, head)) is not None:
        yield from _packed(pieces, file, folder, bounds)
    else:
        raise bounds.refused(
            "is no archive we can unpack: those are ZIP and TAR, and what gzip, bzip2 or xz packed"
        )


def _packed(pieces: Iterator[bytes], file: InputFile, folder: Path, bounds: Bounds) -> Iterator[Member]:
    """The file that was packed, or those in it where it is a TAR archive."""
    inner = folder / "packed"
    size_bytes = bounds.write(pieces, inner)
    if is_tar(_head_of(inner)):
        yield from untar(inner, folder, bounds.again())
        inner.unlink()
    elif size_bytes:
        yield bounds.member(_unpacked_name(file.name), inner)


def _unpacked_name(name: str) -> str:
    """ "cat.txt.gz" was "cat.txt"."""
    basename, ext = split_name(name)
    return basename + _PACKED_ENDINGS[ext.lower()] if ext.lower() in _PACKED_ENDINGS else name


def _head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)
