"""/s3/store: files into an S3 bucket, or into whatever store has the credentials' name."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.robots.shared.access import S3Access
from cattube_worker.robots.shared.base import StoreRobot
from cattube_worker.storage import ObjectAttributes

_LONGEST_SIGNED_SECONDS = 7 * 24 * 3600  # what S3 allows

Tag = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value),
    Field(max_length=256, pattern=r"^[\w\s+=.:/@-]*$"),
]
TagName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w\s+=.:/@-]+$")]


def _without_scheme_is_https(value: Any) -> Any:
    return f"https://{value}" if isinstance(value, str) and value and "://" not in value else value


class S3Store(S3Access, StoreRobot):
    """Unlike the service's, objects stay private unless the step asks for more.

    Source: Transloadit docs, "/s3/store".
    """

    name: ClassVar[str] = "/s3/store"

    url_prefix: (
        Annotated[str, BeforeValidator(_without_scheme_is_https), Field(pattern=r"^https?://[^\s]{1,500}$")]
        | None
    ) = None
    acl: Literal["bucket-default", "private", "public", "public-read"] = "bucket-default"
    tags: dict[TagName, Tag] = Field({}, max_length=10)
    sign_urls_for: int | None = Field(None, ge=0, le=_LONGEST_SIGNED_SECONDS)

    # Accepted, and without effect: bytes are always checked, and a region is only what credentials say.
    check_integrity: bool = False
    skip_region_lookup: bool = False

    @property
    def attributes(self) -> ObjectAttributes:
        acls: dict[str, Literal["private", "public-read"]] = {
            "private": "private", "public": "public-read", "public-read": "public-read",
        }  # fmt: skip
        return replace(super().attributes, tags=self.tags, acl=acls.get(self.acl))
