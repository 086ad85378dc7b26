"""The store that a step names, or describes by credentials of its own, and the codes of its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from cattube_worker.errors import AssemblyError
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.base import Robot
from cattube_worker.storage import Access, Store, StoreError


class StoreAccess(Robot):
    """Parameters of robots that put objects into a store or bring them out of it."""

    # The ends of Transloadit's codes, by what went wrong.
    failure_codes: ClassVar[Mapping[type[StoreError], str]] = {}

    credentials: str | None = None

    @property
    def access(self) -> Access | None:
        """The access to a store that the step itself describes, if it does."""
        return None

    def store(self, workspace: Workspace) -> Store:
        """The store. Raises UnknownCredentials, StoreError."""
        return workspace.stores.of_step(self.credentials, self.access)

    def failed(self, error: StoreError) -> AssemblyError:
        """A store's error as one of this robot's."""
        endings = (end for kind, end in self.failure_codes.items() if isinstance(error, kind))
        code = self.error_code(next(endings, "FAILURE"))
        return AssemblyError(str(error), code=code, retryable=error.retryable)


class S3Access(StoreAccess):
    """Source: Transloadit docs, "/s3/store": dynamic credentials."""

    bucket: str | None = None
    bucket_region: str | None = None
    key: str | None = Field(None, repr=False)
    secret: str | None = Field(None, repr=False)
    session_token: str | None = Field(None, repr=False)
    host: str | None = None
    no_vhost: bool | None = None

    @property
    def access(self) -> Access | None:
        names = ("bucket", "bucket_region", "key", "secret", "session_token", "host", "no_vhost")
        content = {name: value for name in names if (value := getattr(self, name)) is not None}
        return Access(type="s3", content=content) if content else None


class BackblazeAccess(StoreAccess):
    """Source: Transloadit docs, "/backblaze/store": dynamic credentials."""

    bucket: str | None = None
    app_key_id: str | None = Field(None, repr=False)
    app_key: str | None = Field(None, repr=False)

    @property
    def access(self) -> Access | None:
        names = ("bucket", "app_key_id", "app_key")
        content = {name: value for name in names if (value := getattr(self, name)) is not None}
        return Access(type="backblaze", content=content) if content else None
