"""Transcripts: what is said in a video, as plain text with times."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from cattube.captions.formats.markup import plain_text
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.models import CaptionTrack
from cattube.captions.tracks import cues_of
from cattube.videos.text import comparable

MAX_QUERY_CHARACTERS = 200


def transcript_of(track: CaptionTrack, part: slice = slice(None)) -> list[TimedText]:
    """Cues of the track in order, or some of them, with plain texts."""
    return [replace(cue, text=plain_text(cue.text)) for cue in cues_of(track, part)]


def found_in(cues: Sequence[TimedText], query: str) -> list[TimedText]:
    """Cues in which `query` begins, in any case and accents. It may go on in the next one. Pure."""
    wanted = " ".join(comparable(query[:MAX_QUERY_CHARACTERS].replace("\0", " ")).split())
    if not wanted:
        return list(cues)
    texts = [" ".join(comparable(cue.text).split()) for cue in cues]
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    whole = " ".join(texts)
    places, place = [], whole.find(wanted)
    while place >= 0:
        index = bisect_right(starts, place) - 1
        places.append(index)
        place = whole.find(wanted, starts[index + 1])
    return [cues[index] for index in places]
