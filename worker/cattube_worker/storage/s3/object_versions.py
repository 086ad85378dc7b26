"""Versions of objects in a bucket that keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.service_errors import is_not_implemented


def list_versions(calls: BucketCalls, key: str) -> list[dict[str, str]]:
    """Arguments for deleting each version and delete marker of an object.

    Oldest first: while they are deleted, no older bytes become the object again. Raises botocore's errors.
    """
    from botocore.exceptions import ClientError

    try:
        versions = list(_versions(calls, key, until=key))
    except ClientError as error:
        if not is_not_implemented(error):
            raise
        return [{}]
    return [
        {"VersionId": version["VersionId"]} for version in _oldest_first(versions) if version["Key"] == key
    ]


def list_versions_below(calls: BucketCalls, prefix: str) -> list[dict[str, str]]:
    """The same for all objects whose keys begin with `prefix`, with their keys."""
    from botocore.exceptions import ClientError

    try:
        versions = list(_versions(calls, prefix))
    except ClientError as error:
        if not is_not_implemented(error):
            raise
        return [{"Key": item["Key"]} for item in list_objects(calls, prefix)]
    return [{name: version[name] for name in ("Key", "VersionId")} for version in _oldest_first(versions)]


def list_objects(calls: BucketCalls, prefix: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
    """Entries of the objects whose keys begin with `prefix`, as the service lists them.

    Raises botocore's errors.
    """
    arguments["Prefix"] = prefix
    while True:
        page = calls("list_objects_v2", **arguments)
        yield from page.get("Contents", ())
        if not page.get("IsTruncated"):
            return
        arguments["ContinuationToken"] = page["NextContinuationToken"]


def _versions(calls: BucketCalls, prefix: str, *, until: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Versions and delete markers below `prefix`, at least up to the key `until`."""
    marker: dict[str, str] = {}
    while True:
        page = calls("list_object_versions", Prefix=prefix, **marker)
        versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        yield from versions
        if not page.get("IsTruncated") or (until is not None and versions[-1]["Key"] > until):
            return
        marker = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page.get("NextVersionIdMarker", "")}


def _oldest_first(versions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    newest_last = list(reversed(versions))
    # Those of one second stay in this order.
    return sorted(newest_last, key=lambda version: version["LastModified"])
