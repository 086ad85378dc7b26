"""Timed text: what is said or shown in a video from one moment to another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TimedText:
    """One cue of a file of captions.

    text: in WebVTT's notation, as `markup.clean_text` leaves it; or plain, where a function says so.
    settings: where it stands in the picture, in WebVTT's notation.
    """

    start_seconds: float
    end_seconds: float
    text: str
    settings: str = ""
