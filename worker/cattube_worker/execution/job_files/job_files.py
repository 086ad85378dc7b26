"""The promise about files of jobs: the same on one host and on several."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

from cattube_worker.assemblies.model import Upload
from cattube_worker.instructions.assembly_file import AssemblyFile


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a job holds of the files that were brought for it: they stay until `held` is closed.

    stop: once set, nothing more is brought.
    """

    assembly_id: str
    held: ExitStack
    stop: Event


class JobFiles(Protocol):
    """Files that jobs leave for one another."""

    @property
    def host(self) -> str | None:
        """Name of this host; None where there is only one."""
        ...

    def bring(self, files: Sequence[AssemblyFile], holding: Holding) -> list[AssemblyFile]:
        """The files with paths at which their bytes are on this host.

        Raises BytesGone, SourceAway, DamagedFile, DiskFull, Stopped.
        """
        ...

    def path_here(self, assembly_id: str, file: AssemblyFile) -> Path | None:
        """Path at which this host has the bytes without bringing them."""
        ...

    def bring_upload(self, upload: Upload, holding: Holding) -> Path:
        """Path of a whole upload on this host. Raises as `bring`."""
        ...

    def leave(
        self, assembly_id: str, files: Sequence[AssemblyFile], *, steps: Collection[str]
    ) -> list[AssemblyFile]:
        """The files as every host finds them from now on: to be called before they are written down.

        steps: those whose files another job takes, or a client. Raises SourceAway, StoreError.
        """
        ...

    def remove(self, assembly_id: str, *, but: Sequence[AssemblyFile]) -> None:
        """Remove what the jobs of an ended assembly left, but for these files. What fails is swept later."""
        ...

    def sweep(self) -> None:
        """Remove what is left of assemblies that have ended or are unknown. Raises StoreError."""
        ...
