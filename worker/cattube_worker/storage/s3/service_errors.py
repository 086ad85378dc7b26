"""Errors of a bucket service, read and translated into ours."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.storage.errors import AccessDenied, BucketMissing, ObjectMissing, StoreError, WrongClock

logger = logging.getLogger(__name__)

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
TAKEN = frozenset({"412", "PreconditionFailed"})
_WRONG_KEY = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "401", "Unauthorized"})
_DENIED = frozenset({"403", "AccessDenied", "AccountProblem", "AllAccessDisabled", "Forbidden"})
_WRONG_CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
# Services put up with a clock that is less than 15 minutes off.
_SKEW_SECONDS = 14 * 60.0
# Codes with 4xx although the same call may succeed next time: bytes that changed on their way, two calls
# at once, a connection that was too slow.
_TRANSIENT = frozenset(
    {
        *("BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "RequestTimeout", "SlowDown"),
        *("OperationAborted", "ConditionalRequestConflict"),
    }
)
_TRANSIENT_STATUSES = frozenset({408, 429})
_NOT_IMPLEMENTED = 501


def code_of(error: BaseException) -> str:
    """Code in the service's response; "" without a response."""
    return str(_response(error).get("Error", {}).get("Code", ""))


def is_not_implemented(error: BaseException) -> bool:
    """Tell if the service does not implement what it was asked."""
    return _status(error) == _NOT_IMPLEMENTED or code_of(error) == "NotImplemented"


def is_transient(error: Exception) -> bool:
    """Tell if the same call may succeed next time."""
    from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
    from botocore.exceptions import ConnectionError as NoConnection
    from botocore.parsers import ResponseParserError

    if isinstance(error, ClientError):
        status, code = _status(error), code_of(error)
        if status >= 500:
            return not is_not_implemented(error)
        return status in _TRANSIENT_STATUSES or code in _TRANSIENT
    if isinstance(error, HTTPClientError | NoConnection):
        return _forbidden(error) is None
    return isinstance(error, IncompleteReadError | ResponseParserError)


def translate(error: Exception, key: str, bucket: str, *, is_of_client: bool = False) -> StoreError:
    """Error with a message for people; the service's own message goes to the log alone.

    is_of_client: whether a client has named the service. What it says of our clock may be a lie, by which all
    hosts could be put to rest.
    """
    if isinstance(error, OSError):
        return StoreError(f'"{key}" could not be read or written here: {error.strerror}.')
    code = code_of(error)
    logger.warning("bucket %s, object %s: %s", bucket, key, error)
    forbidden = _forbidden(error)
    if forbidden is not None:
        return AccessDenied(str(forbidden))
    if code in MISSING:
        return ObjectMissing(f'There is no object called "{key}" in the bucket "{bucket}".')
    if code == "NoSuchBucket":
        return BucketMissing(f'There is no bucket called "{bucket}".')
    if code in _WRONG_KEY:
        return AccessDenied(f'The key id or the key for the bucket "{bucket}" is wrong.')
    if code in _WRONG_CLOCK or (code in _DENIED and _is_clock_wrong(error)):
        kind = AccessDenied if is_of_client else WrongClock
        return kind(f'The bucket "{bucket}" refuses us because the clock of this machine is wrong.')
    if code in _DENIED:
        return AccessDenied(f'The bucket "{bucket}" does not let these credentials at "{key}".')
    return StoreError(
        f'The bucket "{bucket}" could not be reached for "{key}": {code or type(error).__name__}.',
        # Another attempt has freed the parts of this one; whichever comes next finds its object or makes it.
        retryable=is_transient(error) or code == "NoSuchUpload",
    )


def _is_clock_wrong(error: BaseException) -> bool:
    """True when the service's clock is far from ours. What it answers to HEAD has no code that says so."""
    headers = _response(error).get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        theirs = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return False
    return abs(theirs - time.time()) > _SKEW_SECONDS


def _forbidden(error: BaseException) -> AssemblyError | None:
    """Refusal of our own to connect to an address that a client named, if that is the cause."""
    return next((cause for cause in _causes(error) if isinstance(cause, AssemblyError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        # botocore's HTTPClientError holds some causes in its `kwargs` alone.
        inner = getattr(error, "kwargs", {}).get("error")
        error = error.__cause__ or error.__context__ or inner


def _status(error: BaseException) -> int:
    return int(_response(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _response(error: BaseException) -> Mapping[str, Any]:
    return getattr(error, "response", None) or {}
