"""Videos and tags from before the columns of words."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cattube.videos.library import search
from cattube.videos.models import Tag, Video

BEFORE = [("videos", "0006_folder")]


@pytest.mark.django_db(transaction=True)
def test_videos_from_before_are_found_in_any_case() -> None:
    owner = User.objects.create_user("alice")
    old = MigrationExecutor(connection).migrate(BEFORE).apps
    tags = [old.get_model("videos", "Tag").objects.create(name=name) for name in ("übung", "u\u0308bung")]
    for number, tag in enumerate(tags):
        video = old.get_model("videos", "Video").objects.create(
            id=f"abcdefghij{number}", owner_id=owner.pk, title="Прогулка"
        )
        video.tags.add(tag)

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    assert search(Video.objects.all(), query="прогулка").count() == 2
    assert Tag.objects.get().videos.count() == 2
