"""New attempt at a video: its link and details stay, its file is uploaded again."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from cattube.errors import NotFound, SiteError
from cattube.processing.lifecycle.cleanup import abandon_attempt, clean_up, next_attempt
from cattube.processing.lifecycle.transition import State
from cattube.processing.lifecycle.video_state import set_state
from cattube.storage.object_keys import new_folder
from cattube.videos.models import Video
from cattube.videos.states import Status

MAX_ATTEMPTS = 1000


class NotRetryable(SiteError):
    code, status = "NOT_RETRYABLE", 409


def start_new_attempt(
    video_id: str, *, size_bytes: int | None = None, admit: Callable[[Video], None] = lambda _: None
) -> Video:
    """The video, waiting for its file again. Raises NotFound, NotRetryable, and whatever `admit` raises.

    size_bytes: of the file; None leaves it as large as the one before. admit: is asked last, with the video.
    """
    with transaction.atomic():
        video = retryable_video(video_id)
        if size_bytes is not None:
            video.size_bytes = size_bytes
        admit(video)
        row = abandon_attempt(video)
        video.assets.all().delete()
        begin_attempt(video)
        video.save()
    clean_up(row)
    return video


def retryable_video(video_id: str) -> Video:
    """The video, locked, of which a new attempt may begin. Raises NotFound, NotRetryable."""
    video = Video.objects.select_for_update().filter(pk=video_id, trashed_at=None).first()
    if video is None:
        raise NotFound
    if video.status not in (Status.FAILED, Status.UPLOADING):
        raise NotRetryable("Only a video that failed, or has not arrived yet, can be uploaded again.")
    if video.attempt >= MAX_ATTEMPTS:
        raise NotRetryable("This video was tried too often. Make a new one.")
    return video


def begin_attempt(video: Video) -> None:
    """Change the fields of `video` to those of an attempt that waits for its file; the caller saves them."""
    video.attempt = next_attempt(video)
    video.attempted_at = timezone.now()
    set_state(video, State(status=Status.UPLOADING))
    video.folder = new_folder()
    video.assembly_id = ""
    video.checked_at = None
