"""Stores made of credentials: those that clients keep here or put into steps, and the operator's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cattube_worker.outbound import Outbound
from cattube_worker.stores import StoreError
from cattube_worker.stores.buckets import bucket_of
from cattube_worker.stores.s3 import S3Store
from cattube_worker.stores.s3_client import connect_to

_ALIKE = ("s3", "minio", "wasabi", "digitalocean", "tigris", "cloudflare", "supabase")


def opens(
    *, b2_endpoint_url: str, trusted_hosts: Collection[str]
) -> dict[str, Callable[[Mapping[str, Any]], S3Store]]:
    """How to open a store with credentials of clients, by their type.

    b2_endpoint_url: where B2's are, which do not say it. trusted_hosts: may have private addresses.
    """
    outbound = Outbound(trusted_hosts)

    def open_b2(content: Mapping[str, Any]) -> S3Store:
        if content.get("endpoint") or content.get("host"):
            return open_s3(content)
        if not b2_endpoint_url:
            raise StoreError("Say in B2_ENDPOINT_URL where the buckets of B2 are.", retryable=False)
        return S3Store(replace(bucket_of({**content, "endpoint": b2_endpoint_url}), is_b2=True))

    def open_s3(content: Mapping[str, Any]) -> S3Store:
        bucket = bucket_of(content)
        if bucket.endpoint_url:
            # Refused before anything else is done; the connection itself is guarded as well.
            outbound.check(bucket.endpoint_url)
        return S3Store(bucket, partial(connect_to, outbound=outbound))

    return {"backblaze": open_b2, **dict.fromkeys(_ALIKE, open_s3)}
