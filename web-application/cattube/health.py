"""Whether the parts of the site work."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cattube.processing.engine import engine

ENOUGH_DISK_BYTES = 1_000_000_000


def database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM videos_video LIMIT 1")
    except Error:
        return False
    return True


def bucket_works() -> bool:
    folder = settings.BUCKET_FOLDER if settings.BUCKET_FOLDER.exists() else settings.DATA_FOLDER
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def disk_has_room() -> bool:
    return shutil.disk_usage(settings.DATA_FOLDER).free > ENOUGH_DISK_BYTES


@dataclass(frozen=True)
class Part:
    works: Callable[[], bool]
    reason: str


PARTS = {
    "database": Part(database_works, "The database does not answer, or was not migrated."),
    "bucket": Part(bucket_works, "The bucket folder cannot be written to."),
    "disk": Part(disk_has_room, "Less than 1 GB of disk is free."),
    "engine": Part(lambda: engine().is_healthy(), "The engine does not answer, so nothing can be uploaded."),
}


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the site answers at all; `degraded` names the parts that do not work, with the reason."""
    degraded = {name: part.reason for name, part in PARTS.items() if not part.works()}
    return JsonResponse({"ok": not degraded, "degraded": degraded})
