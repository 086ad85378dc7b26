"""Stores made of credentials: those that clients keep here or put into steps, and the operator's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cattube_worker.storage.errors import StoreError
from cattube_worker.storage.s3.bucket_store import S3Store
from cattube_worker.storage.s3.buckets import FOR_EVER, Bucket, bucket_of, is_b2, region_in
from cattube_worker.storage.s3.client import connect_to

_ALIKE = ("s3", "minio", "wasabi", "digitalocean", "tigris", "cloudflare", "supabase")


def opens(
    *, b2_endpoint_url: str, trusted_hosts: Collection[str]
) -> dict[str, Callable[[Mapping[str, Any]], S3Store]]:
    """How to open a store with credentials of clients, by their type.

    b2_endpoint_url: where B2's are, which do not say it. trusted_hosts: may have private addresses.
    """

    def open_b2(content: Mapping[str, Any]) -> S3Store:
        if content.get("endpoint") or content.get("host"):
            return open_s3(content)
        if not b2_endpoint_url:
            raise StoreError("Say in B2_ENDPOINT_URL where the buckets of B2 are.", retryable=False)
        return S3Store(replace(bucket_of({**content, "endpoint": b2_endpoint_url}), is_b2=True))

    def open_s3(content: Mapping[str, Any]) -> S3Store:
        # An engine whose clients bring no buckets does without it.
        from cattube_worker.outbound.http import Outbound

        bucket, outbound = bucket_of(content), Outbound(trusted_hosts)
        if bucket.endpoint_url:
            # Refused before anything else is done; the connection itself is guarded as well.
            outbound.check(bucket.endpoint_url)
        return S3Store(bucket, partial(connect_to, outbound=outbound))

    return {"backblaze": open_b2, **dict.fromkeys(_ALIKE, open_s3)}


def own_store(*, name: str, key_id: str, secret: str, endpoint_url: str, custom_domain: str = "") -> S3Store:
    """The operator's own bucket, private and under addresses that a CDN may stand before."""
    return S3Store(
        Bucket(
            name=name,
            key_id=key_id,
            secret=secret,
            region=region_in(endpoint_url),
            endpoint_url=endpoint_url,
            custom_domain=custom_domain,
            cache_control=FOR_EVER,
            # One host for all buckets: the site's pages name it, and so may a CDN's configuration.
            has_path_address=True,
            is_b2=is_b2(endpoint_url),
        )
    )
