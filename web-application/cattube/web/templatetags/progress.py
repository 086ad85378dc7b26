"""Template filters: progress of a video that is not ready, as the pages' scripts word it, too.

`tests/progress-words.json` of the front end holds both to the same words.
"""

from django import template

from cattube.design.waits import wait
from cattube.videos.models import Video
from cattube.web.presentation import video_phase, video_seconds_left

register = template.Library()
WAITING = ("queued", "held")
CARD_WORDS = {"uploading": "Uploading", "storing": "Storing"}
PAGE_WORDS = {"uploading": "Still arriving", "storing": "Almost there"}


@register.filter
def card_progress(video: Video) -> str:
    """What is being done, and how far: `Processing 68 %`, `Waiting, place 3`."""
    phase = video_phase(video)
    if phase in WAITING:
        return _with_place("Waiting", video)
    return f"{CARD_WORDS.get(phase or '', 'Processing')} {video.progress} %"


@register.filter
def card_time_left(video: Video) -> str:
    """`About 4 min left`; empty where nobody can tell."""
    seconds = _seconds_left(video)
    return "" if seconds is None else f"About {wait(seconds)} left"


@register.filter
def page_progress(video: Video) -> str:
    """The same in one line, for its own page: `Getting ready, 68 % · about 4 min left`."""
    phase, seconds = video_phase(video), _seconds_left(video)
    if phase == "queued":
        return _with_place("Waiting for its turn", video)
    if phase == "held":
        return "Waiting until the site can process it"
    left = "" if seconds is None else f" · about {wait(seconds)} left"
    return f"{PAGE_WORDS.get(phase or '', 'Getting ready')}, {video.progress} %{left}"


def _with_place(words: str, video: Video) -> str:
    return f"{words}, place {video.queue_position}" if video.queue_position else words


def _seconds_left(video: Video) -> int | None:
    return None if video_phase(video) in WAITING else video_seconds_left(video)
