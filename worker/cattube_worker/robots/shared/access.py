"""Credentials written into a step itself, in place of the name of stored ones."""

from __future__ import annotations

from pydantic import Field

from cattube_worker.robots.shared.base import Robot
from cattube_worker.storage import Access


class S3Access(Robot):
    """Source: Transloadit docs, "/s3/store": dynamic credentials."""

    bucket: str | None = None
    bucket_region: str | None = None
    key: str | None = Field(None, repr=False)
    secret: str | None = Field(None, repr=False)
    session_token: str | None = Field(None, repr=False)
    host: str | None = None
    no_vhost: bool | None = None

    @property
    def given(self) -> Access | None:
        """The access this step describes, if it does."""
        names = ("bucket", "bucket_region", "key", "secret", "session_token", "host", "no_vhost")
        content = {name: value for name in names if (value := getattr(self, name)) is not None}
        return Access(type="s3", content=content) if content else None


class BackblazeAccess(Robot):
    """Source: Transloadit docs, "/backblaze/store": dynamic credentials."""

    bucket: str | None = None
    app_key_id: str | None = Field(None, repr=False)
    app_key: str | None = Field(None, repr=False)

    @property
    def given(self) -> Access | None:
        """The access this step describes, if it does."""
        names = ("bucket", "app_key_id", "app_key")
        content = {name: value for name in names if (value := getattr(self, name)) is not None}
        return Access(type="backblaze", content=content) if content else None
