"""Whether the parts of the site work."""

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

from cattube.doctor.bucket import Bucket, access
from cattube.doctor.finding import Verdict
from cattube.doctor.machine import ENOUGH_DISK_BYTES
from cattube.processing.transloadit.client import engine
from cattube.storage.s3_client import account

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
        return bool(cache.get_or_set("health.bucket", _bucket_opens, BUCKET_SECONDS))
    folder = settings.BUCKET_FOLDER if settings.BUCKET_FOLDER.exists() else settings.DATA_FOLDER
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _bucket_opens() -> bool:
    private = Bucket(account(), settings.AWS_PRIVATE_BUCKET_NAME)
    return all(finding.verdict is not Verdict.FAILED for finding in access(private))


def disk_has_room() -> bool:
    return shutil.disk_usage(settings.DATA_FOLDER).free > ENOUGH_DISK_BYTES


@dataclass(frozen=True)
class Part:
    works: Callable[[], bool]
    reason: str


PARTS = {
    "database": Part(database_works, "The database does not answer, or was not migrated."),
    "bucket": Part(bucket_works, "The bucket cannot be used; `manage.py doctor` says why."),
    "disk": Part(disk_has_room, "Less than 1 GB of disk is free."),
    "engine": Part(lambda: engine().is_healthy(), "The engine does not answer, so nothing can be uploaded."),
}


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the site answers at all; `degraded` names the parts that do not work, with the reason."""
    degraded = {name: part.reason for name, part in PARTS.items() if not part.works()}
    return JsonResponse({"ok": not degraded, "degraded": degraded})
