"""Stores from credentials: of clients, who keep them here or put them into steps, and of the operator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cattube_worker.storage.errors import StoreError
from cattube_worker.storage.s3.bucket_store import BucketStore
from cattube_worker.storage.s3.buckets import FOR_EVER, Bucket, is_b2, read_bucket, region_in
from cattube_worker.storage.s3.client import connect

_S3_COMPATIBLE = ("s3", "minio", "wasabi", "digitalocean", "tigris", "cloudflare", "supabase")


def store_openers(
    *, b2_endpoint_url: str, import_hosts: Collection[str]
) -> dict[str, Callable[[Mapping[str, Any]], BucketStore]]:
    """Functions that open a store with the content of a client's credentials, by their type.

    b2_endpoint_url: of credentials for B2, which do not say it. import_hosts: may have private addresses.
    """

    def open_b2(content: Mapping[str, Any]) -> BucketStore:
        if content.get("endpoint") or content.get("host"):
            return open_s3(content)
        if not b2_endpoint_url:
            raise StoreError("Say in B2_ENDPOINT_URL where the buckets of B2 are.", retryable=False)
        bucket = replace(read_bucket({**content, "endpoint": b2_endpoint_url}), is_b2=True)
        return BucketStore(bucket, is_of_client=True)

    def open_s3(content: Mapping[str, Any]) -> BucketStore:
        # An engine whose clients bring no buckets does without it.
        from cattube_worker.outbound.http import Outbound
        from cattube_worker.outbound.trusted_hosts import TrustedHosts

        bucket, outbound = read_bucket(content), Outbound(TrustedHosts(import_hosts))
        if bucket.endpoint_url:
            # Refused before anything else is done; the connection itself is guarded as well.
            outbound.check(bucket.endpoint_url)
        return BucketStore(bucket, partial(connect, outbound=outbound), is_of_client=True)

    return {"backblaze": open_b2, **dict.fromkeys(_S3_COMPATIBLE, open_s3)}


def default_bucket_store(
    *, name: str, key_id: str, secret: str, endpoint_url: str, custom_domain: str = ""
) -> BucketStore:
    """Store in the operator's bucket, private and under addresses that a CDN may stand before."""
    return BucketStore(
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
