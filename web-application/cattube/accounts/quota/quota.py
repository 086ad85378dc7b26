"""Quota: how many bytes the videos of one person may take up."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User

from cattube.accounts.models import StorageLimit
from cattube.accounts.quota.usage import used_bytes
from cattube.channels.group_accounts import is_of_group
from cattube.design.sizes import size, size_of
from cattube.errors import SiteError
from cattube.videos.models import Video


@dataclass(frozen=True)
class Quota:
    """max_bytes: None where there is no limit."""

    used_bytes: int
    max_bytes: int | None

    @property
    def words(self) -> str:
        """As people are told it: `9.2 of 10 GB`, or `9.2 GB` without a limit."""
        if self.max_bytes is None:
            return size(self.used_bytes)
        return size_of(self.used_bytes, self.max_bytes)


class QuotaExceeded(SiteError):
    code, status = "QUOTA_EXCEEDED", 413

    def __init__(self, owner: User, quota: Quota, size_bytes: int | None) -> None:
        uses = f"{owner.get_username()} uses" if is_of_group(owner) else "You use"
        file = "" if size_bytes is None else f"; this file has {size(size_bytes)}"
        super().__init__(
            f"{uses} {quota.words}{file}. Delete videos forever, or ask the administrator for more room."
        )


def max_bytes_of(person: User) -> int | None:
    """Limit of this person: what an administrator has set, else the site's. None without a limit."""
    own = StorageLimit.objects.filter(user=person).values_list("max_bytes", flat=True).first()
    if own is not None:
        return own or None
    return None if person.is_superuser else settings.MAX_BYTES_PER_USER or None


def quota_of(person: User, *, other_than: str = "") -> Quota:
    """Quota of this person. other_than: id of a video that does not count."""
    max_bytes = max_bytes_of(person)
    # A file whose size nobody has told may become as large as this.
    unannounced_bytes = 0 if max_bytes is None else min(settings.MAX_UPLOAD_BYTES, max_bytes)
    used = used_bytes(person.pk, unannounced_bytes=unannounced_bytes, other_than=other_than)
    return Quota(used, max_bytes)


def require_room(person: User, size_bytes: int | None, *, other_than: str = "") -> None:
    """Refuse a further file that the person has no room for. Raises QuotaExceeded.

    Call inside the transaction that makes its record: another upload of this person waits until it has ended.
    size_bytes: None when nobody has told it. other_than: id of the video that gets the file.
    """
    if max_bytes_of(person) is None:
        return
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    quota = quota_of(person, other_than=other_than)
    if quota.max_bytes is not None and quota.used_bytes + (size_bytes or 1) > quota.max_bytes:
        raise QuotaExceeded(person, quota, size_bytes)


def require_room_again(video: Video) -> None:
    """The same for the file of a video that is there already, and that is to come or be processed again."""
    require_room(video.owner, video.size_bytes, other_than=video.pk)


def largest_file_bytes(video: Video) -> int:
    """Most bytes that the file of this video may have: what was announced, where its owner has a limit."""
    quota = quota_of(video.owner, other_than=video.pk)
    if quota.max_bytes is None:
        return int(settings.MAX_UPLOAD_BYTES)
    if video.size_bytes is not None:
        return max(1, video.size_bytes)
    return int(min(settings.MAX_UPLOAD_BYTES, max(1, quota.max_bytes - quota.used_bytes)))
