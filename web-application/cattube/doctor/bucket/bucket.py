"""A bucket as the doctor asks it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from cattube.doctor.bucket.refusals import refusal
from cattube.doctor.finding import Finding, failed
from cattube.storage.s3_client import BucketAccount, client_config, new_s3_client
from cattube.storage.s3_errors import boto_errors

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Bucket:
    """One bucket under one account."""

    account: BucketAccount
    name: str

    @cached_property
    def client(self) -> Any:
        """Client that gives up soon, unlike that of the store: somebody waits for the answer."""
        from botocore.config import Config

        impatient = Config(
            retries={"mode": "standard", "total_max_attempts": 2},
            connect_timeout=TIMEOUT_SECONDS,
            read_timeout=TIMEOUT_SECONDS,
        )
        return new_s3_client(self.account, client_config().merge(impatient))

    @cached_property
    def errors(self) -> tuple[type[Exception], ...]:
        """Exceptions that the client raises."""
        return boto_errors()

    def url(self, object_key: str = "") -> str:
        """Address of the object, or of the bucket itself, for somebody without a key."""
        return f"{self.account.endpoint_url}/{self.name}/{quote(object_key)}"

    def refused(self, name: str, error: Exception, capability: str) -> Finding:
        why = refusal(error, endpoint_url=self.account.endpoint_url, capability=capability)
        return failed(name, why.sentence, why.fix)
