"""One round as its fault sees it: the site, the videos that were sent, and chance."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from campaign.clips import Clip, Clips
from campaign.hosts import Worker
from campaign.site import Site
from campaign.videos import Video, send_video
from campaign.waiting import wait_for

T = TypeVar("T")
MOMENT_SECONDS = 60.0


class MomentMissed(Exception):
    """What the fault was to fall into was over before it was seen."""


class CannotStrike(Exception):
    """The fault is not to be had on this machine; the message says what it needs."""


@dataclass
class Scene:
    """random: of this round alone. clips: that may be sent."""

    site: Site
    random: Random
    clips: Clips
    videos: list[Video] = field(default_factory=list)

    def send(self, clip: Clip | None = None, *, slowly: bool = False) -> Video:
        """A video on its way. clip: one of both by chance, if it is not named."""
        clip = clip or self.random.choice([self.clips.short, self.clips.long])
        video = send_video(self.site.uploader, self.site.engine, clip, slowly=slowly)
        self.videos.append(video)
        return video

    def wait_at_random(self, most_seconds: float, *, least_seconds: float = 0.0) -> None:
        time.sleep(self.random.uniform(least_seconds, most_seconds))

    def choose(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def any_worker(self) -> Worker:
        return self.site.workers[self.choose(sorted(self.site.workers))]

    def worker_at(self, video: Video, nodes: Sequence[str], *, joins: bool = False) -> Worker:
        """The worker that runs one of these jobs, as soon as one does. Raises MomentMissed, WaitedInVain."""

        def look() -> Worker | None:
            for job in self.site.rows.running(video.id):
                if job.node in nodes and job.is_join == joins and job.host in self.site.workers:
                    return self.site.workers[job.host]
            return None

        return self.when(video, look)

    def when(self, video: Video, look: Callable[[], T | None]) -> T:
        """The first answer, as long as the video is under way. Raises MomentMissed, WaitedInVain."""

        def answer_or_end() -> tuple[T | None] | None:
            answer = look()
            return (answer,) if answer or video.has_ended else None

        (answer,) = wait_for("the moment of the fault", answer_or_end, seconds=MOMENT_SECONDS)
        if not answer:
            raise MomentMissed
        return answer
