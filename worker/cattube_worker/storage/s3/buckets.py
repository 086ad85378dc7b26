"""Buckets: address, key and what the service supports. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.storage.errors import StoreError

# No store step writes over an object: that of a key never changes.
FOR_EVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Address of a bucket, and the key to it. endpoint_url: None is Amazon's own.

    custom_domain: host under which viewers reach the bucket's service, such as a CDN's; empty: its own.
    cache_control: of objects whose step does not set it. has_path_address: its name follows the host's
    instead of being part of it. is_b2: ACLs belong to the bucket alone, objects have no tags, and no write
    has conditions.
    """

    name: str
    key_id: str
    secret: str = field(repr=False)
    region: str | None = None
    endpoint_url: str | None = None
    session_token: str | None = field(default=None, repr=False)
    custom_domain: str = ""
    cache_control: str | None = None
    has_path_address: bool = False
    is_b2: bool = False


def read_bucket(content: Mapping[str, Any]) -> Bucket:
    """Bucket in the credentials that clients store for S3, B2 and compatible services. Raises StoreError."""
    name, key_id = content.get("bucket"), content.get("key") or content.get("app_key_id")
    secret = content.get("secret") or content.get("app_key")
    if not (isinstance(name, str) and isinstance(key_id, str) and isinstance(secret, str)):
        raise StoreError("The credentials lack a bucket, a key or a secret.", retryable=False)
    host = str(content.get("host") or content.get("endpoint") or "")
    return Bucket(
        name=name,
        key_id=key_id,
        secret=secret,
        region=content.get("bucket_region") or region_in(host),
        endpoint_url=endpoint_url(host) or None,
        session_token=content.get("session_token"),
        has_path_address=bool(content.get("no_vhost")),
        is_b2=is_b2(host),
    )


def endpoint_url(address: str) -> str:
    """URL of an address whose scheme may be left out, as B2's own pages do; "" stays so."""
    return address if not address or address.startswith(("http://", "https://")) else f"https://{address}"


def is_b2(address: str) -> bool:
    """Tell if the address is Backblaze's."""
    return (urlsplit(endpoint_url(address)).hostname or "").endswith(".backblazeb2.com")


def region_in(address: str) -> str | None:
    """Region in an address: "us-west-004" of "s3.us-west-004.backblazeb2.com"; None when it names none."""
    match = re.search(r"\bs3[.-]([a-z]{2}-[a-z]+-\d+)\.", address)
    return match[1] if match else None
