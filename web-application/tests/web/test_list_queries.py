"""Every list costs as many queries for many rows as for a few."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cattube.captions.models import CaptionTrack
from cattube.channels.models import Follow, GroupAccount
from cattube.community.models import Comment, CommentReport
from cattube.playlists.models import Playlist, PlaylistEntry
from cattube.videos.models import Video, Visibility
from cattube.viewing.models import WatchedVideo

ANYBODY = ("guest", "owner", "member", "staff")
PEOPLE = ("owner", "member")
# Who sees which list. The video is a group's, and the channel and the playlist are alice's.
LISTS = {
    "/api/videos/{video}/comments?limit=100": ANYBODY,
    "/videos/{video}": ANYBODY,
    "/api/videos/{video}/captions": ANYBODY,
    "/videos/{video}/captions": ("member",),
    "/api/videos?limit=100": ANYBODY,
    "/": ANYBODY,
    "/api/videos?q=cat&limit=24": ANYBODY,
    "/?q=cat": ANYBODY,
    "/channels/alice": ANYBODY,
    "/feeds/videos.xml": ANYBODY,
    "/feeds/search.xml?q=cat&tag=roof": ANYBODY,
    "/feeds/channels/alice.xml": ANYBODY,
    "/feeds/playlists/{playlist}.xml": ANYBODY,
    "/api/playlists/{playlist}": ANYBODY,
    "/playlists/{playlist}": ANYBODY,
    "/api/playlists": PEOPLE,
    "/playlists/": PEOPLE,
    "/api/history": PEOPLE,
    "/history/": PEOPLE,
    "/following/": PEOPLE,
    "/following/channels": PEOPLE,
    "/api/following": PEOPLE,
    "/api/following/videos": PEOPLE,
    "/trash/": PEOPLE,
    "/api/trash?limit=100": PEOPLE,
    "/admin/community/comment/": ("staff",),
    "/admin/community/commentreport/": ("staff",),
    "/admin/videos/video/": ("staff",),
    "/admin/auth/user/": ("staff",),
}


class Site:
    """A site whose lists grow, with a person's videos and with those of a group that has a member."""

    def __init__(self, owner: User, member: User, staff: User) -> None:
        group = Group.objects.create(name="roof")
        group.user_set.add(member)
        account = User.objects.create_user("roof", is_active=False)
        GroupAccount.objects.create(account=account, group=group)
        self.owners = (owner, account)
        self.people = {"owner": owner, "member": member, "staff": staff}
        self.video = self._video(account, "Cat")
        self.playlist = Playlist.objects.create(owner=owner, title="Cats", visibility=Visibility.PUBLIC)
        self.rows = 0

    def client(self, role: str) -> Client:
        client = Client()
        if role in self.people:
            client.force_login(self.people[role])
        return client

    def fill(self, rows: int) -> None:
        """Until each owner's lists have so many."""
        while self.rows < rows:
            self.rows += 1
            for owner in self.owners:
                self._add(owner, f"{owner}{self.rows}")

    def _add(self, owner: User, name: str) -> None:
        now = timezone.now()
        person = User.objects.create_user(name)
        video = self._video(owner, f"Cat {name}")
        self._video(owner, f"Gone {name}", trashed_at=now)
        comment, *_ = (self._comment(person, None) for _ in range(3))
        for writer in (person, owner):
            self._comment(writer, comment)
        CommentReport.objects.create(comment=comment, user=owner)
        CaptionTrack.objects.create(video=self.video, language=f"en-x-{name[:3]}{self.rows}", label=name)
        self._video(person, f"Mouse of {name}", tags=("mouse",))
        PlaylistEntry.objects.create(playlist=self.playlist, video=video, position=self.rows)
        for viewer in self.people.values():
            Follow.objects.create(user=viewer, channel=person.channel)
            Playlist.objects.create(owner=viewer, title=name)
            WatchedVideo.objects.create(user=viewer, video=video, watched_at=now, seconds=9)

    def _comment(self, writer: User, parent: Comment | None) -> Comment:
        return Comment.objects.create(
            video=self.video, user=writer, parent=parent, text="Meow", created_at=timezone.now()
        )

    def _video(
        self, owner: User, title: str, *, tags: Sequence[str] = ("cat", "roof"), **fields: object
    ) -> Video:
        video = Video.objects.create(
            owner=owner, title=title, visibility="public", status="ready", duration_seconds=60, **fields
        )
        video.set_tags(list(tags))
        video.assets.create(role="thumbnail", object_key=f"thumbnail/{video.pk}/a.jpg")
        return video


def test_w142_lists_cost_the_same_for_a_few_rows_and_for_many(alice: User, bob: User, carol: User) -> None:
    """W142"""
    site = Site(alice, bob, carol)
    clients = {role: site.client(role) for role in ANYBODY}
    ids = {"video": site.video.pk, "playlist": site.playlist.pk}

    def queries() -> dict[str, int]:
        """By list and role."""
        return {
            f"{path} for {role}": _queries(clients[role], path.format(**ids))
            for path, roles in LISTS.items()
            for role in roles
        }

    site.fill(rows=1)
    queries()  # the first ones in some minutes also record the visit
    of_few = queries()
    site.fill(rows=5)  # as many videos as a page of the search has
    of_many = queries()

    assert of_many == of_few


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as statements:
        assert client.get(path).status_code == 200, path
    return len(statements)
