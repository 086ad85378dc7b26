"""The resources that steps run with, whatever the assembly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools, find_tools
from cattube_worker.storage import Stores


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Stores, ffmpeg and its limits. trusted_hosts: may be contacted although their address is private."""

    stores: Stores
    limits: Limits
    trusted_hosts: tuple[str, ...]

    @cached_property
    def tools(self) -> Tools:
        """ffmpeg and its sandbox, looked for once. Raises ToolsMissing."""
        return find_tools()
