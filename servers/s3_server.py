"""What every S3 server for tests gives: an address, a key, and buckets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from servers.processes import accepts


@dataclass(frozen=True)
class S3Server:
    """A running S3 server, and the key of the account that owns all its buckets.

    refuses_taken_keys: at the end of an upload in parts, too, where the caller asks for that.
    """

    endpoint_url: str
    key_id: str
    secret: str = field(repr=False)
    region: str = "us-east-1"
    refuses_taken_keys: bool = True

    @cached_property
    def client(self) -> Any:
        """boto3's client for it."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.secret,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def answers(self) -> bool:
        """Whether the server does what it is asked by now."""
        from botocore.exceptions import BotoCoreError, ClientError

        if not accepts(urlsplit(self.endpoint_url).port or 80):
            return False
        try:
            self.client.list_buckets()
        except (BotoCoreError, ClientError):
            return False
        return True

    def make_bucket(self, *, is_versioned: bool = False) -> str:
        """The name of a new, empty bucket, private as all are.

        is_versioned: a plain DELETE only hides the object there, as in every bucket of B2.
        """
        name = f"cats-{uuid.uuid4().hex}"
        self.client.create_bucket(Bucket=name)
        if is_versioned:
            self.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def versions(self, bucket: str) -> list[str]:
        """The keys of all versions and hide markers in the bucket, one entry each."""
        listed = self.client.list_object_versions(Bucket=bucket)
        return [each["Key"] for kind in ("Versions", "DeleteMarkers") for each in listed.get(kind, ())]

    def unfinished(self, bucket: str) -> list[str]:
        """The keys of the multipart uploads that were neither completed nor aborted."""
        listed = self.client.list_multipart_uploads(Bucket=bucket)
        return [each["Key"] for each in listed.get("Uploads", ())]
