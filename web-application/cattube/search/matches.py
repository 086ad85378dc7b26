"""Where in a video the words of a query were found."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from cattube.search.excerpts import Part, excerpt, has_hit, marked
from cattube.search.models import IndexedText, Transcript
from cattube.search.query import Term
from cattube.videos.models import Video

# Of one video; the player shows the others.
MOST_SPOKEN = 3


@dataclass(frozen=True)
class Match:
    """field: title, channel, tags, description or transcript. seconds: of the video, where it is spoken."""

    field: str
    parts: Sequence[Part]
    seconds: float | None = None

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def second(self) -> int | None:
        """Whole second by which a link begins, with the first of the words."""
        return None if self.seconds is None else int(self.seconds)


def matches_in(videos: Sequence[Video], terms: Sequence[Term]) -> Mapping[str, list[Match]]:
    """Matches of each video by its id, for as many videos as a page has. Costs two queries."""
    spoken = _spoken([video.pk for video in videos], terms)
    return {video.pk: [*_written(video, terms), *spoken[video.pk]] for video in videos}


def _written(video: Video, terms: Sequence[Term]) -> list[Match]:
    matches = [
        Match("title", marked(video.title, terms)),
        Match("channel", marked(video.owner.get_username(), terms)),
        *(Match("tags", marked(tag, terms)) for tag in video.tag_list),
        Match("description", excerpt(video.description, terms)),
    ]
    return [match for match in matches if has_hit(match.parts)]


def _spoken(video_ids: Sequence[str], terms: Sequence[Term]) -> Mapping[str, list[Match]]:
    """Cues with the most of the words, in the order they are spoken."""
    with_speech = IndexedText.objects.filter(entry__video_id__in=video_ids).exclude(transcript="")
    words = dict(with_speech.values_list("entry__video_id", "transcript"))
    places = {video_id: _best_lines(text, terms) for video_id, text in words.items()}
    places = {video_id: lines for video_id, lines in places.items() if lines}
    cues: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in Transcript.objects.filter(entry__video_id__in=places).select_related("entry"):
        cues[row.entry.video_id] += zip(row.starts, row.lines.split("\n"), strict=False)
    matches: dict[str, list[Match]] = defaultdict(list)
    for video_id, lines in places.items():
        for seconds, text in (cues[video_id][line] for line in lines if line < len(cues[video_id])):
            parts = excerpt(text, terms) or [Part(text, False)]
            matches[video_id].append(Match("transcript", parts, seconds))
    return matches


def _best_lines(transcript: str, terms: Sequence[Term]) -> list[int]:
    """Numbers of those lines in which most terms begin."""
    found = chain.from_iterable(dict.fromkeys(_lines_with(transcript, term)) for term in terms)
    best = sorted(Counter(found).items(), key=lambda item: (-item[1], item[0]))[:MOST_SPOKEN]
    return sorted(line for line, _ in best)


def _lines_with(transcript: str, term: Term) -> list[int]:
    ending = "" if term.is_prefix else r"(?!\S)"
    pattern = re.compile(r"(?<!\S)" + r"[ \n]+".join(map(re.escape, term.words)) + ending)
    lines, line, place = [], 0, 0
    for hit in pattern.finditer(transcript):
        line += transcript.count("\n", place, hit.start())
        place = hit.start()
        lines.append(line)
    return lines
