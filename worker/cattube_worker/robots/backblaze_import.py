"""/backblaze/import: objects out of a Backblaze B2 bucket, or out of the store of these credentials."""

from __future__ import annotations

from typing import ClassVar

from cattube_worker.robots.shared.import_robot import StoreImportRobot
from cattube_worker.robots.shared.store_access import BackblazeAccess


class BackblazeImport(BackblazeAccess, StoreImportRobot):
    """Source: Transloadit docs, "/backblaze/import"."""

    name: ClassVar[str] = "/backblaze/import"

    start_file_name: str = ""

    def page(self, keys: list[str]) -> list[str]:
        return [key for key in keys if key > self.start_file_name][: self.files_per_page]
