"""/s3/import: objects out of an S3 bucket, or out of whatever store has the credentials' name."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.byte_ranges import Ranges, keep_ranges
from cattube_worker.robots.shared.import_robot import StoreImportRobot
from cattube_worker.robots.shared.store_access import S3Access


class S3Import(S3Access, StoreImportRobot):
    """Source: Transloadit docs, "/s3/import"."""

    name: ClassVar[str] = "/s3/import"

    page_number: int = Field(1, ge=1)
    range: Ranges = ()

    @property
    def takes_all(self) -> bool:
        return not self.range

    def page(self, keys: list[str]) -> list[str]:
        start = (self.page_number - 1) * self.files_per_page if self.recursive else 0
        return keys[start : start + self.files_per_page]

    def cut(self, path: Path, workspace: Workspace) -> None:
        if self.range:
            limits, room = workspace.limits, workspace.room
            keep_ranges(path, self.range, max_bytes=limits.max_upload_bytes, room=room)
