"""Requests with a JSON body, as scripts send them."""

import json
from typing import Any

from django.test import Client

from cattube.videos.models import Video


def post(client: Client, path: str, data: Any, **more: Any) -> Any:
    return client.post(path, data if isinstance(data, str) else json.dumps(data), "application/json", **more)


def patch(client: Client, video: Video, data: Any) -> Any:
    return client.patch(f"/api/videos/{video.pk}", json.dumps(data), "application/json")
