"""Versions of an object in a bucket that keeps them."""

from __future__ import annotations

from typing import Any

from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.service_errors import is_not_implemented


def list_versions(calls: BucketCalls, key: str) -> list[dict[str, str]]:
    """Arguments for deleting each version and delete marker of an object.

    Oldest first: while they are deleted, no older bytes become the object again. Raises botocore's errors.
    """
    from botocore.exceptions import ClientError

    versions: list[dict[str, Any]] = []
    marker: dict[str, str] = {}
    try:
        while True:
            page = calls("list_object_versions", Prefix=key, **marker)
            versions += [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            if not page.get("IsTruncated") or versions[-1]["Key"] > key:
                break
            marker = {
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page.get("NextVersionIdMarker", ""),
            }
    except ClientError as error:
        if not is_not_implemented(error):
            raise
        return [{}]
    of_key = [version for version in reversed(versions) if version["Key"] == key]
    of_key.sort(key=lambda version: version["LastModified"])
    return [{"VersionId": version["VersionId"]} for version in of_key]
