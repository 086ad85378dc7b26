"""/s3/import: objects out of an S3 bucket, or out of whatever store has the credentials' name."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from cattube_worker.robots.access import S3Access
from cattube_worker.robots.importing import StoreImport


class S3Import(S3Access, StoreImport):
    """Source: Transloadit docs, "/s3/import"."""

    name: ClassVar[str] = "/s3/import"

    page_number: int = Field(1, ge=1)

    def page(self, keys: list[str]) -> list[str]:
        start = (self.page_number - 1) * self.files_per_page if self.recursive else 0
        return keys[start : start + self.files_per_page]
