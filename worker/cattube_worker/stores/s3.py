"""A bucket of Backblaze B2, of S3, or of anything that speaks as they do."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cattube_worker.stores import (
    AccessDenied,
    KeyTaken,
    ObjectAttributes,
    ObjectMissing,
    StoreError,
    UnsafeKey,
    UnsupportedAttribute,
)
from cattube_worker.stores.object_keys import is_safe

# Our own digest of the bytes: an ETag is none of a file that was sent in parts.
_DIGEST = "sha256"
_MISSING = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchBucket"})
_DENIED = frozenset(
    {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden"}
)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Where a bucket is, and the key to it. endpoint_url: None is Amazon's own.

    has_path_address: its name follows the host's instead of being part of it. is_b2: ACLs belong to the
    bucket alone, and objects have no tags.
    """

    name: str
    key_id: str
    secret: str = field(repr=False)
    region: str | None = None
    endpoint_url: str | None = None
    session_token: str | None = field(default=None, repr=False)
    has_path_address: bool = False
    is_b2: bool = False


@dataclass(frozen=True)
class S3Store:
    """Objects in a bucket. connect: makes the client, when first needed: boto3 outweighs the whole engine."""

    bucket: Bucket
    connect: Callable[[Bucket], Any] = field(default=lambda bucket: connect_to(bucket))

    @cached_property
    def _client(self) -> Any:
        return self.connect(self.bucket)

    def put(
        self,
        key: str,
        source: Path,
        *,
        content_type: str | None = None,
        attributes: ObjectAttributes | None = None,
    ) -> None:
        arguments = _arguments(attributes or ObjectAttributes(), self.bucket)
        digest = _digest(source)
        with self._errors(_checked(key)):
            known = self._head(key)
            if known is not None:
                if known.get("Metadata", {}).get(_DIGEST) == digest:
                    return
                raise KeyTaken(f'There is another object called "{key}" already.')
            extra = {
                **arguments,
                "Metadata": {**arguments["Metadata"], _DIGEST: digest},
                "ContentType": content_type or "application/octet-stream",
            }
            self._client.upload_file(str(source), self.bucket.name, key, ExtraArgs=extra)

    def fetch(self, key: str, target: Path) -> None:
        with self._errors(_checked(key)):
            self._client.download_file(self.bucket.name, key, str(target))

    def delete(self, key: str) -> None:
        with self._errors(_checked(key)):
            self._client.delete_object(Bucket=self.bucket.name, Key=key)

    def exists(self, key: str) -> bool:
        with self._errors(_checked(key)):
            return self._head(key) is not None

    def keys(self, folder: str, *, recursive: bool) -> Iterator[str]:
        prefix = f"{_checked(folder)}/" if folder else ""
        flat = {} if recursive else {"Delimiter": "/"}
        with self._errors(folder):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket.name, Prefix=prefix, **flat):
                yield from (each["Key"] for each in page.get("Contents", ()) if is_safe(each["Key"]))

    def url(self, key: str, *, expires_in: timedelta) -> str:
        with self._errors(_checked(key)):
            link = self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self.bucket.name, "Key": key},
                ExpiresIn=int(expires_in.total_seconds()),
            )
            return str(link)

    def _head(self, key: str) -> Mapping[str, Any] | None:
        from botocore.exceptions import ClientError

        try:
            return dict(self._client.head_object(Bucket=self.bucket.name, Key=key))
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise

    @contextlib.contextmanager
    def _errors(self, key: str) -> Iterator[None]:
        """What goes wrong in the client, in the house's own words. Raises StoreError."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (ClientError, BotoCoreError, Boto3Error, OSError) as error:
            raise _translated(error, key, self.bucket.name) from error


def opens(
    *, b2_endpoint_url: str, trusted_hosts: Collection[str]
) -> dict[str, Callable[[Mapping[str, Any]], S3Store]]:
    """How to open a store with stored credentials, by their type. b2_endpoint_url: B2's do not say it."""

    def open_b2(content: Mapping[str, Any]) -> S3Store:
        if not (content.get("endpoint") or content.get("host") or b2_endpoint_url):
            raise StoreError("Say in B2_ENDPOINT_URL where the buckets of B2 are.", retryable=False)
        if content.get("endpoint") or content.get("host"):
            return open_s3(content)
        return S3Store(replace(bucket_of({**content, "endpoint": b2_endpoint_url}), is_b2=True))

    def open_s3(content: Mapping[str, Any]) -> S3Store:
        bucket = bucket_of(content)
        if bucket.endpoint_url:
            from cattube_worker.outbound import Outbound

            Outbound(trusted_hosts).check(bucket.endpoint_url)
        return S3Store(bucket)

    alike = ("s3", "minio", "wasabi", "digitalocean", "tigris", "cloudflare", "supabase")
    return {"backblaze": open_b2, **dict.fromkeys(alike, open_s3)}


def bucket_of(content: Mapping[str, Any]) -> Bucket:
    """The bucket in credentials as clients store them for S3, for B2 and for the like. Raises StoreError."""
    name, key_id = content.get("bucket"), content.get("key") or content.get("app_key_id")
    secret = content.get("secret") or content.get("app_key")
    if not (isinstance(name, str) and isinstance(key_id, str) and isinstance(secret, str)):
        raise StoreError("The credentials lack a bucket, a key or a secret.", retryable=False)
    host = content.get("host") or content.get("endpoint")
    return Bucket(
        name=name,
        key_id=key_id,
        secret=secret,
        region=content.get("bucket_region") or _region_in(str(host or "")),
        endpoint_url=_endpoint(str(host)) if host else None,
        session_token=content.get("session_token"),
        has_path_address=bool(content.get("no_vhost")),
        is_b2=_host_of(host).endswith(".backblazeb2.com"),
    )


def _endpoint(host: str) -> str:
    return host if host.startswith(("http://", "https://")) else f"https://{host}"


def _host_of(address: object) -> str:
    return urlsplit(_endpoint(str(address or ""))).hostname or ""


def _region_in(host: str) -> str | None:
    """ "us-west-004" of "s3.us-west-004.backblazeb2.com"."""
    found = re.search(r"\bs3[.-]([a-z]{2}-[a-z]+-\d+)\.", host)
    return found[1] if found else None


def connect_to(bucket: Bucket) -> Any:
    """boto3's client for that bucket, set up so that B2 understands it."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        region_name=bucket.region,
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
            # B2 answers 503 when it wants the next try somewhere else, and that is no trouble.
            retries={"mode": "standard", "total_max_attempts": 8},
            connect_timeout=10,
            read_timeout=60,
        ),
    )


def _arguments(attributes: ObjectAttributes, bucket: Bucket) -> dict[str, Any]:
    """The attributes as boto3 wants them. Raises UnsupportedAttribute."""
    if attributes.tags and bucket.is_b2:
        raise UnsupportedAttribute('Objects in Backblaze B2 have no "tags".')
    named = {
        "CacheControl": attributes.cache_control,
        "ContentDisposition": attributes.content_disposition,
        "ContentEncoding": attributes.content_encoding,
        "ContentLanguage": attributes.content_language,
        "Tagging": urlencode(attributes.tags) or None,
        # B2 answers an ACL other than the bucket's with an error.
        "ACL": None if bucket.is_b2 else attributes.acl,
    }
    given = {name: value for name, value in named.items() if value is not None}
    return {**given, "Metadata": dict(attributes.metadata)}


def _checked(key: str) -> str:
    if not is_safe(key):
        raise UnsafeKey(f'"{key[:100]}" cannot be the name of an object.')
    return key


def _digest(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, _DIGEST).hexdigest()


def _code(error: BaseException) -> str:
    response: Mapping[str, Any] = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _translated(error: Exception, key: str, bucket: str) -> StoreError:
    # A transfer wraps what the service said.
    code = _code(error) or _code(error.__cause__ or error.__context__ or error)
    code = code or next((each for each in _DENIED | _MISSING if f"({each})" in str(error)), "")
    if code in _MISSING:
        return ObjectMissing(f'There is no object called "{key}" in the bucket "{bucket}".')
    if code in _DENIED:
        return AccessDenied(f'The bucket "{bucket}" does not let these credentials at "{key}".')
    return StoreError(
        f'The bucket "{bucket}" could not be reached for "{key}": {code or type(error).__name__}.'
    )
