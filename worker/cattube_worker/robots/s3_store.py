"""/s3/store: files into an S3 bucket, or into whatever store has the credentials' name."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from cattube_worker.robots.access import S3Access
from cattube_worker.robots.base import StoreRobot


class S3Store(S3Access, StoreRobot):
    """Where a bucket lies, and who may read it, belongs to the store of these credentials.

    Source: Transloadit docs, "/s3/store".
    """

    name: ClassVar[str] = "/s3/store"

    url_prefix: str | None = None
    acl: Literal["bucket-default", "private", "public", "public-read"] = "bucket-default"
    check_integrity: bool = False
    headers: dict[str, str] = {}
    sign_urls_for: int | None = Field(None, ge=0)
