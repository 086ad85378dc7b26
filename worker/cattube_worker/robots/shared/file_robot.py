"""The kind of robot that works on files in its own way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


class FileRobot(Robot):
    """A robot that runs ffmpeg its own way, over one file or over all files of a bundle together."""

    @abstractmethod
    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        """The files made in `workspace.folder`; none when there is nothing among `files` that it handles.

        Raises AssemblyError, Stopped.
        """
