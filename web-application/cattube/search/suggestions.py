"""What a search field offers while somebody types."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from cattube.search.corrections import corrected
from cattube.search.fulltext.index import TITLE, newest_with
from cattube.search.models import Entry
from cattube.search.query import SearchQuery, parse
from cattube.videos.access import Viewer, is_listed
from cattube.videos.models import Tag, Video
from cattube.videos.text import comparable

MOST_VIDEOS, MOST_TAGS, MOST_CHANNELS = 5, 3, 2
# Newest videos with such titles, of which the viewer may find some.
_CANDIDATES = 200
# After every word that begins with the same letters.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Suggestion:
    """kind: video, tag, channel, or search for another query."""

    text: str
    kind: str
    url: str


def suggestions(text: str, viewer: Viewer) -> list[Suggestion]:
    """Channels, tags and videos that begin as `text`, of those that the viewer may find."""
    query = parse(text)
    if not query.terms:
        return []
    found = [*_channels(query, viewer), *_tags(query, viewer), *_videos(query, viewer)]
    return found or _another(query, viewer)


def _channels(query: SearchQuery, viewer: Viewer) -> list[Suggestion]:
    people = User.objects.filter(_has_listed(viewer, "owner_id"), username__istartswith=query.text)
    names = people.order_by("username").values_list("username", "channel__name")[:MOST_CHANNELS]
    return [Suggestion(owner, "channel", _channel_address(owner, name)) for owner, name in names]


def _tags(query: SearchQuery, viewer: Viewer) -> list[Suggestion]:
    beginning = comparable(query.text)
    used = Video.tags.through.objects.filter(
        _has_listed(viewer, "video_id", of="video_id"), tag_id=OuterRef("pk")
    )
    tags = Tag.objects.filter(Exists(used), key__gte=beginning, key__lt=beginning + _LAST)
    names = tags.order_by("key").values_list("name", flat=True)[:MOST_TAGS]
    return [Suggestion(name, "tag", _list_address(tag=name)) for name in names]


def _videos(query: SearchQuery, viewer: Viewer) -> list[Suggestion]:
    candidates = newest_with(query.terms, TITLE, at_most=_CANDIDATES)
    entries = Entry.objects.filter(is_listed(viewer), pk__in=candidates).order_by("-pk")
    newest = entries.values_list("video_id", "video__title")[:MOST_VIDEOS]
    return [Suggestion(title, "video", reverse("watch", args=[video_id])) for video_id, title in newest]


def _another(query: SearchQuery, viewer: Viewer) -> list[Suggestion]:
    better = corrected(query, viewer)
    return [Suggestion(better.text, "search", _list_address(q=better.text))] if better else []


def _has_listed(viewer: Viewer, column: str, *, of: str = "pk") -> Exists:
    """True of rows of which the viewer's library has a video.

    of: column of these rows that the entry's `column` equals.
    """
    entries: QuerySet[Entry] = Entry.objects.filter(is_listed(viewer), **{column: OuterRef(of)})
    return Exists(entries)


def _channel_address(owner: str, name: str | None) -> str:
    """name: of the channel; None for an account without one, whose videos are listed."""
    return reverse("channel", args=[name]) if name else _list_address(channel=owner)


def _list_address(**parameters: str) -> str:
    return f"{reverse('library')}?{urlencode(parameters)}"
