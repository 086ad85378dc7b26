"""The kind of robot that works on files in its own way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cattube_worker.media.inspect.formats import Kind
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile, link_or_copy


class FileRobot(Robot):
    """A robot that works its own way, on one file or on all files of a bundle together."""

    @abstractmethod
    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        """The files made in `workspace.folder`; none when there is nothing among `files` that it handles.

        Raises AssemblyError, Stopped.
        """

    def unchanged(self, file: InputFile, path: Path, *, meta: Mapping[str, Any] | None = None) -> OutputFile:
        """`file` as it is, with bytes of its own at `path`. meta: beyond what is known of it."""
        link_or_copy(file.path, path)
        known = {} if self.output_meta is False else file.meta
        return OutputFile(
            path=path,
            name=file.name,
            source=file,
            kind=Kind(file.mime, file.type, file.ext),
            meta={**known, **(meta or {})},
        )
