"""Steps of an upload straight to the bucket, as a browser and an engine take them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from django.db import models
from django.test import Client
from servers.s3_server import S3Server

from cattube.processing.bucket.upload_objects import MIB
from cattube.processing.models import BucketUpload
from cattube.videos.models import Video

PART_BYTES = 8 * MIB
CONTENT = os.urandom(PART_BYTES) + b"the end of the file"


@dataclass(frozen=True)
class Bucket:
    """The private bucket of the test, as its owner sees it."""

    server: S3Server
    name: str

    def content(self, object_key: str) -> bytes:
        body: bytes = self.server.client.get_object(Bucket=self.name, Key=object_key)["Body"].read()
        return body

    @property
    def keys(self) -> list[str]:
        page = self.server.client.list_objects_v2(Bucket=self.name)
        return [entry["Key"] for entry in page.get("Contents", ())]

    @property
    def unfinished(self) -> list[str]:
        return self.server.unfinished(self.name)


def begin(client: Client, **fields: Any) -> Any:
    new = {"title": "Cat", "filename": "Cat on a roof.MP4", "size_bytes": len(CONTENT), **fields}
    return client.post("/api/uploads", new, content_type="application/json")


def part(client: Client, video_id: str, number: int) -> Any:
    return client.post(f"/api/uploads/{video_id}/parts/{number}")


def put_part(client: Client, video_id: str, number: int, content: bytes = CONTENT) -> httpx.Response:
    link = part(client, video_id, number).json()
    start = (number - 1) * PART_BYTES
    return httpx.put(link["url"], content=content[start : start + PART_BYTES])


def complete(client: Client, video_id: str, **headers: str) -> Any:
    return client.post(f"/api/uploads/{video_id}/complete", headers=headers)


def status_from(make: Callable[..., dict[str, Any]], video: Video, **more: Any) -> dict[str, Any]:
    """A status of the Assembly that the engine made of the announcement."""
    upload = BucketUpload.objects.get(video=video, attempt=video.attempt)
    params = json.dumps({"inputObject": upload.object_key, "webhook": upload.webhook})
    status = {**make(video, **more), "params": params}
    status["results"].pop(":original", None)  # the engine stores it not a second time
    return status


def report(video: Video, **more: Any) -> Any:
    """The engine's short notification about the video."""
    upload = BucketUpload.objects.get(video=video, attempt=video.attempt)
    body = {"status": "success", "inputObject": upload.object_key, "outputObject": None, "thumbnail": None}
    path = upload.webhook.removeprefix("http://127.0.0.1:80")
    return Client().post(path, {**body, **more}, content_type="application/json")


def snapshot(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())
