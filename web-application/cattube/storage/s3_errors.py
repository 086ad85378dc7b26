"""Errors of boto3, read and turned into those of a store."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cattube.storage.objects import ObjectMissing, StoreError

MISSING = {"404", "NoSuchKey", "NotFound"}


def boto_errors() -> tuple[type[Exception], ...]:
    """Exceptions that calls to a bucket service raise."""
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


def code_of(error: Exception) -> str:
    """S3's code of `error`; "" when the service was not reached or gave none."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Raise StoreError, with `name` and S3's code, for whatever boto3 raises; ObjectMissing for a 404."""
    try:
        yield
    except boto_errors() as error:
        kind = ObjectMissing if code_of(error) in MISSING else StoreError
        raise kind(f"{name}: {code_of(error) or type(error).__name__}") from error
