"""Copy of an object within its bucket, made by the service: none of the bytes come here."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.multipart import abort, abort_uploads, complete, create
from cattube_worker.storage.s3.transfer_config import TransferConfig


def copy_object(
    calls: BucketCalls,
    source_key: str,
    key: str,
    *,
    source_head: Mapping[str, Any],
    arguments: Mapping[str, Any],
    transfer: TransferConfig,
) -> None:
    """Copy one version of an object to `key`, in parts where it is too large for one call.

    source_head: response of the service to a HEAD of the source; another version is not copied.
    arguments: of the new object, as boto3 calls them. Raises botocore's errors, ClientError with
    PreconditionFailed where the key has an object, if the service can tell.
    """
    source = {
        "CopySource": {"Bucket": calls.bucket.name, "Key": source_key},
        "CopySourceIfMatch": source_head["ETag"],
    }
    size_bytes: int = source_head["ContentLength"]
    is_small = size_bytes <= transfer.copy_threshold_bytes
    if size_bytes == 0 or (is_small and calls.bucket.is_b2):
        _copy_at_once(calls, key, {**source, **arguments})
        return
    # Also of what one call could copy: only the end of an upload in parts can be refused where the key is
    # taken. Swift reads a condition of CopyObject as one about the source, and others know none.
    _copy_in_parts(
        calls,
        key,
        source,
        size_bytes=size_bytes,
        part_bytes=size_bytes if is_small else transfer.copy_part_bytes_for(size_bytes),
        threads=transfer.threads,
        arguments=arguments,
    )


def _copy_at_once(calls: BucketCalls, key: str, arguments: Mapping[str, Any]) -> None:
    # Without these words the copy would have the source's attributes in the place of its own.
    own = {"MetadataDirective": "REPLACE"}
    if "Tagging" in arguments:
        own["TaggingDirective"] = "REPLACE"
    calls("copy_object", Key=key, **own, **arguments)


def _copy_in_parts(
    calls: BucketCalls,
    key: str,
    source: Mapping[str, Any],
    *,
    size_bytes: int,
    part_bytes: int,
    threads: int,
    arguments: Mapping[str, Any],
) -> None:
    """Copy the source as an upload in parts, which is given up where it fails."""
    from botocore.exceptions import BotoCoreError, ClientError

    # Only to tidy up: a service that does not list them makes the copy all the same.
    with suppress(ClientError, BotoCoreError):
        abort_uploads(calls, key, is_key=True)
    upload_id = create(calls, key, arguments)
    try:
        etags = _copy_parts(
            calls,
            key,
            upload_id,
            source,
            size_bytes=size_bytes,
            part_bytes=part_bytes,
            threads=threads,
        )
        complete(calls, key, upload_id, etags)
    except Exception:
        # Unlike parts that were sent, these cost next to nothing to make again. Whoever dies before this line
        # leaves them to the next attempt.
        abort(calls, key, upload_id)
        raise


def _copy_parts(
    calls: BucketCalls,
    key: str,
    upload_id: str,
    source: Mapping[str, Any],
    *,
    size_bytes: int,
    part_bytes: int,
    threads: int,
) -> dict[int, str]:
    """ETags of the parts by number."""

    def copy(start: int) -> str:
        end = min(start + part_bytes, size_bytes)
        response = calls(
            "upload_part_copy",
            Key=key,
            UploadId=upload_id,
            PartNumber=start // part_bytes + 1,
            CopySourceRange=f"bytes={start}-{end - 1}",
            **source,
        )
        return str(response["CopyPartResult"]["ETag"])

    with ThreadPoolExecutor(threads, "copy") as pool:
        etags = pool.map(copy, range(0, size_bytes, part_bytes))
        return dict(enumerate(etags, start=1))
