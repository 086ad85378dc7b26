"""Making channels, and finding the one of a person."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from cattube.channels.models import Channel
from cattube.channels.names import free_name, name_from
from cattube.prepared_query import PreparedQuery

_ATTEMPTS = 20
# Whoever asks about a video is told its channel.
_OF_OWNER = PreparedQuery(lambda: Channel.objects.filter(owner=0))


def make_channel(owner: User) -> Channel:
    """The person's channel, made unless it is there."""
    for _ in range(_ATTEMPTS):
        # Two people with like names may sign up at one moment: whoever is second looks again.
        name = free_name(owner.get_username(), _taken_like(name_from(owner.get_username())))
        try:
            with transaction.atomic():
                return Channel.objects.get_or_create(owner=owner, defaults={"name": name})[0]
        except IntegrityError:
            continue
    raise RuntimeError(f"No name was free for the channel of account {owner.pk}")


def channel_of(owner: User) -> Channel | None:
    """The person's channel; None for an account that has none, as those made in bulk.

    Costs no query when it was read with the owner (`select_related`).
    """
    if not User.channel.is_cached(owner):
        channels = _OF_OWNER.read(owner.pk)
        for found in channels:
            found.owner = owner
        return channels[0] if channels else None
    channel: Channel | None = getattr(owner, "channel", None)
    return channel


def owner_named(name: str) -> int | None:
    """Id of whose channel has this name, else of whose account has it; None when nobody is called so."""
    of_channel = Channel.objects.filter(name=name).values_list("owner_id", flat=True).first()
    return of_channel or User.objects.filter(username=name).values_list("pk", flat=True).first()


def _taken_like(name: str) -> set[str]:
    return set(Channel.objects.filter(name__startswith=name).values_list("name", flat=True))
