"""boto3's client for a bucket, configured for B2 too, and calls that are repeated while they may succeed.

boto3 is imported when the first bucket is opened: it is larger than the whole engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cattube_worker.storage.s3.buckets import Bucket
from cattube_worker.storage.s3.retry_policy import RetryPolicy, T
from cattube_worker.storage.s3.service_errors import is_not_implemented, is_transient

if TYPE_CHECKING:
    from cattube_worker.outbound.http import Outbound

CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
_CONNECTIONS = 8


def connect(bucket: Bucket, *, outbound: Outbound | None = None, read_seconds: float = READ_SECONDS) -> Any:
    """Client for that bucket; several threads may use it.

    outbound: checks each address right before it is connected to, for hosts that clients name (W14).
    read_seconds: silence after which a response is given up.
    """
    import boto3
    from botocore.config import Config

    client = boto3.session.Session().client(
        "s3",
        region_name=bucket.region or "us-east-1",
        endpoint_url=bucket.endpoint_url,
        aws_access_key_id=bucket.key_id,
        aws_secret_access_key=bucket.secret,
        aws_session_token=bucket.session_token,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if bucket.has_path_address else "auto"},
            # B2 does not know the checksums that newer clients send unasked.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            # `BucketCalls` repeats what may be repeated, for longer than boto3 would.
            retries={"mode": "standard", "total_max_attempts": 1},
            # Neither the environment nor a file of the user's home says where a bucket is.
            ignore_configured_endpoint_urls=True,
            max_pool_connections=_CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=read_seconds,
        ),
    )
    if outbound is not None:
        from cattube_worker.storage.s3.guarded_session import GuardedSession

        session = GuardedSession(outbound, timeout=(CONNECT_SECONDS, read_seconds))
        client.meta.events.register("before-send.s3", lambda request, **_: session.send(request))
    return client


@dataclass(frozen=True)
class BucketCalls:
    """Calls about one bucket, each repeated while it may still succeed."""

    bucket: Bucket
    client: Any
    retry_policy: RetryPolicy

    def __call__(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        """Response of the service. Raises botocore's ClientError and BotoCoreError."""
        return self.repeat(partial(self._method(operation), **arguments))

    def send(self, operation: str, body: Callable[[], object], **arguments: Any) -> Mapping[str, Any]:
        """Response to a call with bytes, which `body` opens anew for each attempt."""
        call = partial(self._method(operation), **arguments)
        return self.repeat(lambda: call(Body=body()))

    def repeat(self, attempt: Callable[[], T]) -> T:
        """Result of the attempt that succeeds. Raises botocore's errors."""
        return self.retry_policy.call(attempt, is_transient=is_transient)

    def write(
        self, operation: str, body: Callable[[], object] | None = None, **arguments: Any
    ) -> Mapping[str, Any]:
        """Response to a call or `send` that creates an object, refused when the key has one already.

        Raises ClientError with PreconditionFailed then, if the service can tell.
        """
        from botocore.exceptions import ClientError

        call = partial(self.send, operation, body) if body else partial(self, operation)
        if self.bucket.is_b2:
            return call(**arguments)
        try:
            return call(IfNoneMatch="*", **arguments)
        except ClientError as error:
            if not is_not_implemented(error):
                raise
        return call(**arguments)

    def _method(self, operation: str) -> Callable[..., Mapping[str, Any]]:
        return partial(getattr(self.client, operation), Bucket=self.bucket.name)
