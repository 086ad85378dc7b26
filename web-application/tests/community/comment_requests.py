"""Comments as scripts write them."""

import json
from typing import Any

from django.test import Client

from cattube.videos.models import Video


def say(client: Client, video: Video, text: str, **more: Any) -> Any:
    body = json.dumps({"text": text, **more})
    return client.post(f"/api/videos/{video.pk}/comments", body, "application/json")


def comments_of(client: Client, video: Video) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"/api/videos/{video.pk}/comments").json()["items"]
    return items
