"""Test object in the private bucket, sent through all that videos go through."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

from cattube.doctor.bucket.bucket import Bucket

SAMPLE_BYTES = bytes(range(256))
RANGE = slice(10, 20)


class NotAsS3(Exception):
    """The call worked, but not as S3 does; the text says what is different."""


@dataclass(frozen=True)
class SampleObject:
    """Test object, sent through all that videos go through. Each step returns its sentence."""

    bucket: Bucket
    object_key: str

    @property
    def names(self) -> dict[str, str]:
        return {"Bucket": self.bucket.name, "Key": self.object_key}

    def put(self) -> str:
        answer = self.bucket.client.put_object(**self.names, Body=SAMPLE_BYTES, ContentType="video/mp4")
        if not answer.get("ETag"):
            raise NotAsS3("it gives no ETag, by which uploads are checked")
        return "An object can be written."

    def get(self) -> str:
        answer = self.bucket.client.get_object(**self.names)
        if answer["Body"].read() != SAMPLE_BYTES or answer["ContentType"] != "video/mp4":
            raise NotAsS3("what was written comes back changed")
        return "It comes back as it was."

    def get_range(self) -> str:
        span = f"bytes={RANGE.start}-{RANGE.stop - 1}"
        answer = self.bucket.client.get_object(**self.names, Range=span)
        is_partial = answer["ResponseMetadata"]["HTTPStatusCode"] == 206
        if not is_partial or answer["Body"].read() != SAMPLE_BYTES[RANGE]:
            raise NotAsS3("it ignores ranges, so players could not seek")
        return "A part of it can be read, so players can seek."

    def send_in_parts(self) -> str:
        client = self.bucket.client
        upload = {**self.names, "UploadId": client.create_multipart_upload(**self.names)["UploadId"]}
        try:
            part = client.upload_part(**upload, PartNumber=1, Body=SAMPLE_BYTES)
            parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
            client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        except self.bucket.errors:
            with suppress(*self.bucket.errors):
                client.abort_multipart_upload(**upload)
            raise
        return "Large files can be sent in parts."

    def delete(self) -> str:
        """Delete every version: a plain DELETE only hides an object of B2, and it goes on to cost."""
        client, versions = self.bucket.client, self._versions()
        for version in versions or [self.names]:
            client.delete_object(**version)
        if self._versions():
            raise NotAsS3("what was deleted is still there")
        return "Deleting frees every version."

    def _versions(self) -> list[dict[str, str]]:
        page = self.bucket.client.list_object_versions(Bucket=self.bucket.name, Prefix=self.object_key)
        entries = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        return [{**self.names, "VersionId": entry["VersionId"]} for entry in entries]


def new_sample(bucket: Bucket) -> SampleObject:
    return SampleObject(bucket, f"doctor/{secrets.token_hex(16)}/probe.mp4")
