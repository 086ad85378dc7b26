"""Channel of a person, wherever it is asked for."""

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from cattube.channels.channels import channel_of
from cattube.channels.models import Channel


def test_channel_that_was_read_with_its_owner_costs_no_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with_channel = User.objects.select_related("channel").get(pk=alice.pk)
    alone = User.objects.get(pk=alice.pk)

    with django_assert_num_queries(0):
        assert channel_of(with_channel) is not None
    with django_assert_num_queries(1):
        assert channel_of(alone) is not None


@pytest.mark.parametrize("reads_channel", [True, False])
def test_account_without_a_channel_has_none(alice: User, reads_channel: bool) -> None:
    Channel.objects.all().delete()
    people = User.objects.select_related("channel") if reads_channel else User.objects.all()

    assert channel_of(people.get(pk=alice.pk)) is None
