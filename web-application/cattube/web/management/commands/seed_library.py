"""manage.py seed_library --videos 100000 --people 10000 --cues 1000000 --views 1000000.

Fills an empty site, to measure it.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cattube.search.seeding.library import Sizes, analyze, seed
from cattube.videos.models import Video
from cattube.viewing.seeding import seed_views


class Command(BaseCommand):
    help = "Add made-up videos without files, to measure the site with. The same sizes give the same words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--videos", type=int, default=1_000, help="%(default)s by default")
        parser.add_argument("--people", type=int, default=100, help="who own them; %(default)s by default")
        parser.add_argument("--cues", type=int, default=10_000, help="lines spoken; %(default)s by default")
        parser.add_argument("--views", type=int, default=10_000, help="of people; %(default)s by default")
        parser.add_argument("--add", action="store_true", help="add them although there are videos")

    def handle(
        self, *args: Any, videos: int, people: int, cues: int, views: int, add: bool, **options: Any
    ) -> None:
        if videos < 0 or people < 1 or cues < 0 or views < 0:
            raise CommandError("Give whole numbers: at least one of --people, none or more of the others.")
        if Video.objects.exists() and not add:
            raise CommandError(
                "This site has videos. Seed an empty one (CATTUBE_DATA=/tmp/seeded), or say --add."
            )
        with transaction.atomic():
            library = seed(Sizes(videos=videos, people=people, cues=cues))
            seen = seed_views(library.videos, library.people, views)
        analyze()
        if options["verbosity"]:
            self.stdout.write(
                f"{videos} videos of {people} people, with {cues} spoken lines, watched {seen} times."
            )
