"""manage.py orphans [--remove] [--older-than HOURS]: differences between bucket and records."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from cattube.processing.lifecycle.orphans import Differences, compare, confirmed, recorded_objects, remove
from cattube.storage.objects import StoreError
from cattube.storage.store import video_store
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
        store = video_store()
        before = timezone.now() - timedelta(hours=older_than)
        try:
            differences = compare(store.objects(), store.unfinished(), recorded_objects(), before=before)
            # Listing takes long, and records come and go meanwhile.
            differences = confirmed(differences, recorded_objects())
            self._print(differences)
            if remove:
                self._remove(differences)
        except StoreError as error:
            raise CommandError(f"The bucket refused ({error}). `manage.py doctor` says why.") from error

    def _print(self, differences: Differences) -> None:
        for orphan in differences.orphans:
            self.stdout.write(f"no record: {orphan.object_key} ({filesizeformat(orphan.size_bytes)})")
        for upload in differences.dead:
            self.stdout.write(f"never finished: {upload.object_key} (begun {upload.begun_at:%Y-%m-%d %H:%M})")
        for foreign in differences.foreign:
            self.stdout.write(f"not CatTube's, left alone: {foreign.object_key}")
        for object_key, video_id in differences.lost.items():
            self.stdout.write(f"object is missing: {object_key} of video {video_id}")
        wasted = filesizeformat(sum(orphan.size_bytes for orphan in differences.orphans))
        self.stdout.write(
            f"{len(differences.orphans)} objects without a record ({wasted}), "
            f"{len(differences.dead)} uploads without an end, "
            f"{len(differences.lost)} records without an object."
        )

    def _remove(self, differences: Differences) -> None:
        if differences.orphans and not Asset.objects.exists():
            raise CommandError(
                "No video is on record, so this would empty the bucket. Is it the right database? "
                "See DATABASE_URL and CATTUBE_DATA."
            )
        removed = sum(1 for _ in remove(differences, video_store()))
        self.stdout.write(f"Removed {removed}.")
