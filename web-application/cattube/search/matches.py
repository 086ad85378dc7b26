"""Where in a video the words of a query were found."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import IntegerField, Value
from django.db.models.functions import Coalesce, Greatest, Left, Length, NullIf, Replace, StrIndex, Substr

from cattube.search.excerpts import Part, excerpt, has_hit, marked
from cattube.search.models import IndexedText, Transcript
from cattube.search.query import Term
from cattube.videos.models import Video

# Of one video; the player shows the others.
MOST_SPOKEN = 3
# Of the transcript of one video, in which the words are looked for.
READ_CHARACTERS = 200_000
_ROWS_AT_ONCE = 1


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
    """Cues with the most of the words, in the order they are spoken.

    Transcripts have megabytes: of each a part is read, and one after the other.
    """
    places = {video_id: lines for video_id, lines in _lines_in(video_ids, terms) if lines}
    matches: dict[str, list[Match]] = defaultdict(list)
    before: Counter[str] = Counter()
    rows = Transcript.objects.filter(entry__video_id__in=places).select_related("entry")
    for row in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        video_id, cues = row.entry.video_id, row.lines.split("\n")
        for line in (line - before[video_id] for line in places[video_id]):
            if 0 <= line < min(len(cues), len(row.starts)):
                parts = excerpt(cues[line], terms) or [Part(cues[line], False)]
                matches[video_id].append(Match("transcript", parts, row.starts[line]))
        before[video_id] += len(cues)
    return matches


def _lines_in(video_ids: Sequence[str], terms: Sequence[Term]) -> Iterator[tuple[str, list[int]]]:
    """Numbers of the best lines of each video, of those near the first hit."""
    texts = IndexedText.objects.filter(entry__video_id__in=video_ids).exclude(transcript="")
    hits = [NullIf(StrIndex("transcript", Value(term.words[0])), 0) for term in terms]
    # With what stands before it: it may be the end of a longer word.
    start = Greatest(Coalesce(*hits, 1, output_field=IntegerField()) - 1, 1)
    earlier = Left("transcript", start - 1)
    line_ends = Length(earlier) - Length(Replace(earlier, Value("\n"), Value("")))
    parts = texts.annotate(line_ends=line_ends, part=Substr("transcript", start, READ_CHARACTERS))
    rows = parts.values_list("entry__video_id", "line_ends", "part").order_by("pk")
    for video_id, first_line, part in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        yield video_id, [first_line + line for line in _best_lines(part, terms)]


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
