"""boto3's client for the site's buckets, made when it is first needed: importing boto3 takes a while."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from botocore.config import Config


@dataclass(frozen=True, kw_only=True)
class BucketAccount:
    """Where the buckets are, and the key to them. endpoint_url: scheme, host and port."""

    endpoint_url: str
    region: str
    key_id: str
    secret: str = field(repr=False)


def account() -> BucketAccount:
    """The account of the settings."""
    return BucketAccount(
        endpoint_url=settings.AWS_S3_ENDPOINT_URL,
        region=settings.AWS_S3_REGION_NAME,
        key_id=settings.AWS_ACCESS_KEY_ID,
        secret=settings.AWS_SECRET_ACCESS_KEY,
    )


@cache
def connect(to: BucketAccount) -> Any:
    """One client per account and process; it may be used from several threads."""
    import boto3

    return boto3.session.Session().client(
        "s3",
        endpoint_url=to.endpoint_url,
        region_name=to.region,
        aws_access_key_id=to.key_id,
        aws_secret_access_key=to.secret,
        config=client_config(),
    )


def client_config() -> "Config":
    """How all our clients talk to a bucket service, Backblaze B2 among them."""
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        # The bucket in the path: one origin for pages to be allowed, whatever the bucket is called.
        s3={"addressing_style": "path"},
        # B2 does not know the checksums that newer clients send unasked.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # B2 answers 503 when it wants the next try somewhere else, and that is no trouble.
        retries={"mode": "standard", "total_max_attempts": 8},
        connect_timeout=10,
        read_timeout=60,
    )
