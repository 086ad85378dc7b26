"""manage.py orphans [--remove] [--older-than HOURS]: what the bucket has and the records lack, and back."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from cattube.processing.lifecycle.orphans import Findings, compare, confirmed, known_objects, remove
from cattube.storage.objects import StoreError
from cattube.storage.store import bucket
from cattube.videos.models import Asset

# An Assembly may take a day, and its objects have no record before it ends.
YOUNGEST_HOURS = 48


class Command(BaseCommand):
    help = "List objects without a record, and records without an object."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="delete the objects without a record")
        parser.add_argument(
            "--older-than",
            type=int,
            default=YOUNGEST_HOURS,
            metavar="HOURS",
            help=f"leave younger objects alone, which may be on their way into a record ({YOUNGEST_HOURS})",
        )

    def handle(self, *args: Any, remove: bool, older_than: int, **options: Any) -> None:
        if older_than < 1:
            raise CommandError("--older-than: expected 1 hour or more, or videos on their way could be lost.")
        store = bucket()
        before = timezone.now() - timedelta(hours=older_than)
        try:
            found = compare(store.objects(), store.unfinished(), known_objects(), before=before)
            # Listing takes long, and records come and go meanwhile.
            found = confirmed(found, known_objects())
            self._tell(found)
            if remove:
                self._remove(found)
        except StoreError as error:
            raise CommandError(f"The bucket refused ({error}). `manage.py doctor` says why.") from error

    def _tell(self, found: Findings) -> None:
        for each in found.orphans:
            self.stdout.write(f"no record: {each.object_key} ({filesizeformat(each.size_bytes)})")
        for upload in found.dead:
            self.stdout.write(f"never finished: {upload.object_key} (begun {upload.begun_at:%Y-%m-%d %H:%M})")
        for each in found.foreign:
            self.stdout.write(f"not CatTube's, left alone: {each.object_key}")
        for object_key, video_id in found.lost.items():
            self.stdout.write(f"object is missing: {object_key} of video {video_id}")
        wasted = filesizeformat(sum(each.size_bytes for each in found.orphans))
        self.stdout.write(
            f"{len(found.orphans)} objects without a record ({wasted}), {len(found.dead)} uploads without an "
            f"end, {len(found.lost)} records without an object."
        )

    def _remove(self, found: Findings) -> None:
        if found.orphans and not Asset.objects.exists():
            raise CommandError(
                "No video is on record, so this would empty the bucket. Is it the right database? "
                "See DATABASE_URL and CATTUBE_DATA."
            )
        removed = sum(1 for _ in remove(found, bucket()))
        self.stdout.write(f"Removed {removed}.")
