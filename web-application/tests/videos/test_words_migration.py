"""Videos and tags from before the columns of words."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cattube.search.listing.filters import Filters, entries_for
from cattube.search.query import parse
from cattube.search.vocabulary import similar
from cattube.videos.models import Tag, Video

LAST_VERSION = ("videos", "0008_fill_words")
BEFORE = [("videos", "0006_folder")]


@pytest.mark.django_db(transaction=True)
def test_videos_from_before_are_found_in_any_case_d63() -> None:
    """D63"""
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

    for query in ("прогулка", "ubung", "alice", "прогулку"):
        number = 0 if query == "прогулку" else 2
        assert entries_for(owner, Filters(query=parse(query))).count() == number
    assert similar("прогулку") == ["прогулка"]
    assert Tag.objects.get().videos.count() == 2


def test_processes_of_the_version_before_go_on_during_an_upgrade_d77(alice: User) -> None:
    """D77: they know the columns of then, and the new ones do not know those that went."""
    before = MigrationLoader(connection).project_state([LAST_VERSION]).apps.get_model("videos", "Video")
    new = Video.objects.create(owner=alice, title="New")

    old = before.objects.create(owner_id=alice.pk, title="Old", title_key="old", search_text="old")

    video = Video.objects.get(pk=old.pk)
    assert (video.views, video.likes, video.comments_allowed) == (0, 0, True)
    assert {row.pk: row.search_text for row in before.objects.all()} == {old.pk: "old", new.pk: ""}
