"""Attributes of an object as arguments of boto3. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from cattube_worker.storage.errors import UnsupportedAttribute
from cattube_worker.storage.s3.buckets import Bucket
from cattube_worker.storage.store import ObjectAttributes


def object_arguments(attributes: ObjectAttributes, bucket: Bucket) -> dict[str, Any]:
    """Arguments for a call that creates an object in that bucket. Raises UnsupportedAttribute."""
    if attributes.tags and bucket.is_b2:
        raise UnsupportedAttribute('Objects in Backblaze B2 have no "tags".')
    arguments = {
        "CacheControl": attributes.cache_control or bucket.cache_control,
        "ContentDisposition": attributes.content_disposition,
        "ContentEncoding": attributes.content_encoding,
        "ContentLanguage": attributes.content_language,
        "Tagging": urlencode(attributes.tags) or None,
        # B2 answers an ACL other than the bucket's with an error.
        "ACL": None if bucket.is_b2 else attributes.acl,
    }
    present = {name: value for name, value in arguments.items() if value is not None}
    return {**present, "Metadata": dict(attributes.metadata)}
