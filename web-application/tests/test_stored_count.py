"""Numbers of likes and followers when the accounts behind them end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cattube.channels.follows import set_follow
from cattube.channels.models import Channel
from cattube.community.likes import set_like
from cattube.errors import NotFound
from cattube.videos.models import Video


def people(count: int, *, named: str) -> list[User]:
    return [User.objects.create_user(f"{named} {number}") for number in range(count)]


def likes_and_follows(person: User, owners: Iterable[User]) -> None:
    """Like a video of each of the owners, and follow each."""
    for owner in owners:
        video, _ = Video.objects.get_or_create(owner=owner, visibility="public", status="ready")
        set_like(video, person, liked=True)
        set_follow(Channel.objects.get(owner=owner), person, follows=True)


def test_w145_account_ends_at_the_same_cost_however_much_it_liked(db: None) -> None:
    """W145"""

    def queries(of: int) -> int:
        person = User.objects.create_user(f"person with {of}")
        likes_and_follows(person, people(of, named=f"owner for {of}"))
        with CaptureQueriesContext(connection) as statements:
            person.delete()
        return len(statements)

    assert queries(of=20) == queries(of=1)


def test_w145_accounts_that_are_deleted_together_leave_every_number_right(db: None) -> None:
    """W145"""
    owners, leaving, staying = people(3, named="owner"), people(2, named="bob"), people(1, named="carol")
    for person in (*leaving, *staying):
        likes_and_follows(person, owners)
    likes_and_follows(owners[0], owners[1:])

    User.objects.filter(pk__in=[person.pk for person in leaving]).delete()

    likes = Video.objects.order_by("owner_id").values_list("likes", flat=True)
    followers = Channel.objects.filter(owner__in=owners).order_by("pk").values_list("followers", flat=True)
    assert (list(likes), list(followers)) == ([1, 2, 2], [1, 2, 2])


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer, and in memory no second one")
@pytest.mark.django_db(transaction=True)
def test_w146_account_that_ends_while_it_likes_leaves_every_number_right() -> None:
    """W146"""
    person = User.objects.create_user("bob")
    videos = [Video.objects.create(owner=owner) for owner in people(20, named="owner")]
    likes = [partial(set_like, video, person, liked=True) for video in videos]
    tasks = [*likes[:10], User.objects.get(pk=person.pk).delete, *likes[10:]]

    with ThreadPoolExecutor(len(tasks)) as pool:
        errors = {error for error in pool.map(error_of, tasks) if error}

    assert errors <= {NotFound}
    assert set(Video.objects.values_list("likes", flat=True)) == {0}


def error_of(task: Callable[[], object]) -> type[Exception] | None:
    try:
        task()
    except Exception as error:
        return type(error)
    finally:
        connection.close()
    return None
