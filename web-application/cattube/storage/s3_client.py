"""boto3's client for the site's buckets, made when it is first needed: importing boto3 takes a while."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from botocore.config import Config


@dataclass(frozen=True, kw_only=True)
class BucketAccount:
    """Address of the buckets and the key to them. endpoint_url: scheme, host and port."""

    endpoint_url: str
    region: str
    key_id: str
    secret: str = field(repr=False)


def bucket_account() -> BucketAccount:
    """Account of the settings."""
    return BucketAccount(
        endpoint_url=settings.AWS_S3_ENDPOINT_URL,
        region=settings.AWS_S3_REGION_NAME,
        key_id=settings.AWS_ACCESS_KEY_ID,
        secret=settings.AWS_SECRET_ACCESS_KEY,
    )


@cache
def s3_client(account: BucketAccount) -> Any:
    """Client of `account`, one for each process; several threads may use it at once."""
    return new_s3_client(account, client_config())


def new_s3_client(account: BucketAccount, config: "Config") -> Any:
    """Client of its own for `account`."""
    from boto3.session import Session

    return Session().client(
        "s3",
        endpoint_url=account.endpoint_url,
        region_name=account.region,
        aws_access_key_id=account.key_id,
        aws_secret_access_key=account.secret,
        config=config,
    )


def client_config() -> "Config":
    """Settings of every client of a bucket service, for Backblaze B2 too."""
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        # The bucket in the path: one origin for pages to be allowed, whatever the bucket is called.
        s3={"addressing_style": "path"},
        # B2 does not know the checksums that newer clients send unasked.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # B2 answers 503 when it wants the next try at another of its machines.
        retries={"mode": "standard", "total_max_attempts": 8},
        connect_timeout=10,
        read_timeout=60,
    )
