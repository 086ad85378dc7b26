"""How a failed video may be tried again: with the file that is kept, or with one that is chosen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cattube.processing.lifecycle.error_messages import (
    MESSAGES,
    NEVER_ARRIVED,
    NOT_ACCEPTED,
    REFUSALS,
    UNREADABLE,
)
from cattube.videos.models import Video

# Hosted Transloadit keeps files so long, and our engine too unless RESULT_EXPIRES_HOURS is set.
KEPT_FOR = timedelta(days=1)
# With the same file, the same would come of it.
_NEEDS_OTHER_FILE = REFUSALS | {code for code, message in MESSAGES.items() if message == UNREADABLE}


@dataclass(frozen=True)
class NextTry:
    """asks_for_file: the owner has to choose one. label: of the button. words: what became of the file."""

    asks_for_file: bool
    label: str
    words: str = ""


KEPT_FILE = NextTry(asks_for_file=False, label="Try again", words="The file is still here.")
LOST_FILE = NextTry(asks_for_file=True, label="Choose the file again", words="The file is not kept any more.")
SAME_FILE = NextTry(asks_for_file=True, label="Choose the file again")
OTHER_FILE = NextTry(asks_for_file=True, label="Choose another file")


def next_try(video: Video) -> NextTry:
    """What is offered to the owner of a failed video. The engine has the last word on what it has kept."""
    if video.error_code in _NEEDS_OTHER_FILE:
        return OTHER_FILE
    if video.error_code in NEVER_ARRIVED | {NOT_ACCEPTED}:
        return SAME_FILE  # its message says so
    is_with_engine = bool(video.assembly_id) and settings.UPLOAD_TO == "engine"
    return KEPT_FILE if is_with_engine and timezone.now() < _kept_until(video) else LOST_FILE


def _kept_until(video: Video) -> datetime:
    """A while after the engine was last asked about the video, which it is until it has failed."""
    return max(video.attempted_at, video.checked_at or video.attempted_at) + KEPT_FOR
