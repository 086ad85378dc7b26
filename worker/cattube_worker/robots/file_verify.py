"""/file/verify: lets those files pass that are, by their bytes, of the type they are to be."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from cattube_worker.errors import AssemblyError
from cattube_worker.media.inspect.formats import Kind, kind_of_other
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.shared.values import Unsupported

_HEAD_BYTES = 4096
# Readers of PDF look for its end in so many bytes.
_PDF_TAIL_BYTES = 1024
_MEDIA = frozenset({"audio", "image", "video"})


class InvalidFile(AssemblyError):
    """A file is not of the type that it is to be, where that is an error."""

    code, status = "FILE_VERIFY_INVALID_FILE", 400


class FileVerify(FileRobot):
    """Each file that is of the type asked for, as it is; its name counts for nothing.

    Source: Transloadit's `robots/file-verify`.
    """

    name: ClassVar[str] = "/file/verify"

    verify_to_be: Annotated[str, Field(min_length=1, max_length=100)] = "pdf"
    error_on_decline: bool = False
    error_msg: str = "One of your files was declined"

    # Not done here: it is refused, because what is broken would stay so.
    repair_pdf: Unsupported = False

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        verified = [file for file in files if self._is_wanted(_kind(file))]
        if self.error_on_decline and len(verified) < len(files):
            raise InvalidFile(self.error_msg)
        return [
            self.unchanged(file, workspace.folder / f"verified-{index}")
            for index, file in enumerate(verified)
        ]

    def _is_wanted(self, kind: Kind) -> bool:
        """True when the type asked for is this one: "image/png", "image" and "png" are one file's."""
        group, _, detail = (kind.mime or "").partition("/")
        return self.verify_to_be.strip().lower() in {kind.mime, kind.type, group, detail} - {None, ""}


def _kind(file: InputFile) -> Kind:
    """The kind of a file by its bytes alone; of none where its beginning promises more than there is."""
    if file.type in _MEDIA and file.meta:
        return Kind(file.mime, file.type, file.ext)
    with file.path.open("rb") as reading:
        head = reading.read(_HEAD_BYTES)
        reading.seek(max(0, file.size_bytes - _PDF_TAIL_BYTES), os.SEEK_SET)
        tail = reading.read(_PDF_TAIL_BYTES)
    kind = kind_of_other(head, name="")
    is_cut_off = kind.type == "pdf" and b"%%EOF" not in tail
    return Kind(None, None, "") if is_cut_off or kind.type in {"audio", "video"} else kind
