"""What the service says of an object: if it is there, and with which bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cattube_worker.storage.errors import KeyTaken, StoreError
from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.service_errors import MISSING, code_of

# Our own digest of the bytes, among the metadata: an ETag is none of a file that was sent in parts.
DIGEST = "sha256"


def digest_of(source: Path) -> str:
    """The digest of a file that is to be stored. Raises StoreError."""
    try:
        with source.open("rb") as file:
            return hashlib.file_digest(file, DIGEST).hexdigest()
    except OSError as error:
        raise StoreError(f"The file to be stored could not be read: {error.strerror}.") from error


def head_of(calls: BucketCalls, key: str) -> Mapping[str, Any] | None:
    """Response of the service to a HEAD; None when there is no object. Raises botocore's errors."""
    from botocore.exceptions import ClientError

    try:
        return calls("head_object", Key=key)
    except ClientError as error:
        if code_of(error) in MISSING:
            return None
        raise


def stored_digest(head: Mapping[str, Any]) -> str | None:
    """The digest that an object was stored with; None where we did not store it."""
    digest: str | None = head.get("Metadata", {}).get(DIGEST)
    return digest


def is_stored(calls: BucketCalls, key: str, digest: str) -> bool:
    """Tell if the object is there with these bytes. Raises KeyTaken when it has others; botocore's errors."""
    head = head_of(calls, key)
    if head is not None and stored_digest(head) != digest:
        raise KeyTaken(f'There is another object called "{key}" already.')
    return head is not None
