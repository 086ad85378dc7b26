"""Pace of a quick start: how far it goes ahead of viewers, and when the slow encoder can do alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cattube_worker.media.streams.quick_start import KEY_FRAME_SECONDS

# So much is made before anybody asks for it: a second of it costs the other encoder 1 % of a short video.
_UNASKED_SECONDS = 2
# So far it is ahead of whoever began first. It gains on them, by which their page knows that it lasts.
_LEAD_SECONDS, _GAIN = 3, 1.15
# The slow encoder gets slower where a viewer's browser shares the processors, by this at least.
_SLOWED = 0.6
# From this lead on of the slow encoder nobody needs more of the other, whoever comes.
_AMPLE_SECONDS = 4
# Its first piece comes by then, or never.
_FIRST_PIECE_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class QuickPace:
    """Seconds of the video that either encoder has made, and of time.

    running_seconds: since both began. watched_seconds: since the first viewer asked; None before.
    """

    quick_seconds: float
    slow_seconds: float
    running_seconds: float
    watched_seconds: float | None

    @property
    def must_pause(self) -> bool:
        """True when it is far enough ahead for now."""
        if self.watched_seconds is None:
            return self.quick_seconds >= _UNASKED_SECONDS
        return self.quick_seconds > self.watched_seconds * _GAIN + _LEAD_SECONDS

    @property
    def is_enough(self) -> bool:
        """True when viewers need not wait if the slow encoder's pieces follow, or when it does not begin."""
        if not self.quick_seconds:
            return self.running_seconds > _FIRST_PIECE_SECONDS
        if self.quick_seconds < _UNASKED_SECONDS:
            return False
        missing_seconds = self.quick_seconds + KEY_FRAME_SECONDS - self.slow_seconds
        if missing_seconds <= -_AMPLE_SECONDS:
            return True
        if self.watched_seconds is None or self.slow_seconds <= 0:
            return False
        speed = _SLOWED * self.slow_seconds / self.running_seconds
        return missing_seconds / speed <= self.quick_seconds - self.watched_seconds
