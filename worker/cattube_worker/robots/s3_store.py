"""/s3/store: files into an S3 bucket, or into whatever store has the credentials' name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import BeforeValidator, Field

from cattube_worker.robots.shared.store_access import S3Access
from cattube_worker.robots.shared.store_robot import StoreRobot
from cattube_worker.storage import ObjectAttributes, ObjectMissing, Store, StoreError

_LONGEST_SIGNED_SECONDS = 7 * 24 * 3600  # what S3 allows

Tag = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value),
    Field(max_length=256, pattern=r"^[\w\s+=.:/@-]*$"),
]
TagName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w\s+=.:/@-]+$")]


def _without_scheme_is_https(value: Any) -> Any:
    return f"https://{value}" if isinstance(value, str) and value and "://" not in value else value


class S3StoreRobot(S3Access, StoreRobot):
    """Unlike the service's, objects stay private unless the step asks for more.

    Source: Transloadit docs, "/s3/store".
    """

    name: ClassVar[str] = "/s3/store"
    failure_codes: ClassVar[Mapping[type[StoreError], str]] = {
        **StoreRobot.failure_codes,
        ObjectMissing: "NOT_FOUND",
    }

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

    def addresses(self, key: str, store: Store) -> dict[str, str | None]:
        prefix, seconds = self.url_prefix, self.sign_urls_for
        return {
            "url": store.url(key) if prefix is None else prefix + quote(key),
            "signed_url": store.signed_url(key, expires_in=timedelta(seconds=seconds)) if seconds else None,
        }
