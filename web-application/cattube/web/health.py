"""Health of the site and of what it depends on."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cattube.doctor.checks import private_bucket_opens
from cattube.doctor.machine import ENOUGH_DISK_BYTES
from cattube.processing.transloadit.client import engine_client
from cattube.version import VERSION

# Monitors ask every few seconds, and a bucket service counts, and charges, each question.
BUCKET_SECONDS = 60


def database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM videos_video LIMIT 1")
    except Error:
        return False
    return True


def bucket_works() -> bool:
    if settings.AWS_PRIVATE_BUCKET_NAME:
        return bool(cache.get_or_set("health.bucket", private_bucket_opens, BUCKET_SECONDS))
    folder = settings.BUCKET_FOLDER if settings.BUCKET_FOLDER.exists() else settings.DATA_FOLDER
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def disk_has_room() -> bool:
    return shutil.disk_usage(settings.DATA_FOLDER).free > ENOUGH_DISK_BYTES


@dataclass(frozen=True)
class Dependency:
    """Something the site needs. reason: the sentence when it does not work."""

    works: Callable[[], bool]
    reason: str


DEPENDENCIES = {
    "front": Dependency(
        lambda: not settings.FRONT_IS_MISSING,
        "There is no nginx before the site, so a few slow visitors can stop it; the log says why.",
    ),
    "database": Dependency(database_works, "The database does not answer, or was not migrated."),
    "bucket": Dependency(bucket_works, "The bucket cannot be used; `manage.py doctor` says why."),
    "disk": Dependency(disk_has_room, "Less than 1 GB of disk is free."),
    "engine": Dependency(
        lambda: engine_client().is_healthy(), "The engine does not answer, so nothing can be uploaded."
    ),
}


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the site answers at all; `degraded` names what does not work, with the reason."""
    degraded = {name: part.reason for name, part in DEPENDENCIES.items() if not part.works()}
    return JsonResponse({"ok": not degraded, "degraded": degraded, "version": VERSION})
