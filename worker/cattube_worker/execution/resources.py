"""The resources that steps run with, whatever the assembly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cattube_worker.disk_room import DiskRoom
from cattube_worker.media.errors import SandboxMissing
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools, find_tools
from cattube_worker.media.speech.model import SpeechModel
from cattube_worker.storage import Stores


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Stores, ffmpeg and its limits. import_hosts: may be asked although their address is private.

    room: on the disk, for what steps make. state_folder: what the sandbox has to keep from ffmpeg.
    requires_sandbox: nothing is processed without it. speech_model: recognises speech, if it is installed.
    """

    stores: Stores
    limits: Limits
    import_hosts: tuple[str, ...]
    room: DiskRoom
    state_folder: Path | None = None
    requires_sandbox: bool = False
    speech_model: SpeechModel

    @cached_property
    def found_tools(self) -> Tools:
        """ffmpeg and its sandbox, looked for once. Raises ToolsMissing."""
        return find_tools(state_folder=self.state_folder)

    @property
    def tools(self) -> Tools:
        """ffmpeg and its sandbox, for work. Raises ToolsMissing, SandboxMissing."""
        if self.requires_sandbox and self.found_tools.open_walls:
            # Clients need not know more; the log and /healthz tell the operator what is missing.
            raise SandboxMissing(
                "Nothing is processed while ffmpeg cannot be fenced in here. Try again later."
            )
        return self.found_tools
