"""Keeping of the texts that are searched: called in the transaction that changes a video."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connections, transaction
from django.db.models import Value
from django.db.models.functions import Length, Replace

from cattube.captions.formats.timed_text import TimedText
from cattube.captions.models import CaptionTrack
from cattube.search import triggers
from cattube.search.models import Entry, IndexedText, Transcript
from cattube.search.vocabulary import learn
from cattube.search.words import indexed
from cattube.videos.models import SEARCHED, Tag, Video


def set_transcript(video_id: str, language: str, cues: Sequence[TimedText]) -> None:
    """Have what is spoken in the video found, in place of what was there in this language.

    cues: with plain texts, in the order they are spoken. Without such a video nothing happens.
    """
    with transaction.atomic():
        entry = Entry.objects.filter(video_id=video_id).first()
        if entry is None:
            return
        before = _lengths(entry)
        lines = lines_of(cues)
        values = {"starts": [cue.start_seconds for cue in cues], "lines": lines}
        Transcript.objects.update_or_create(entry=entry, language=language, defaults=values)
        _renew_transcript(entry, language, before, indexed_lines(lines))


def remove_transcript(video_id: str, language: str) -> None:
    """Have what is spoken in the video found in this language no more."""
    with transaction.atomic():
        entry = Entry.objects.filter(video_id=video_id).first()
        if entry is None:
            return
        before = _lengths(entry)
        if Transcript.objects.filter(entry=entry, language=language).delete()[0]:
            _renew_transcript(entry, language, before, "")


def lines_of(cues: Sequence[TimedText]) -> str:
    """Text of each cue in a line of its own."""
    return "\n".join(" ".join(cue.text.replace("\x00", " ").split()) for cue in cues)


def indexed_lines(lines: str) -> str:
    """Words of each line, in a line of their own, though there may be none."""
    return "\n".join(indexed(line) for line in lines.split("\n"))


def index_video(video: Video) -> None:
    """Have the video found by its present title, description and channel."""
    texts = video_texts(video)
    # Not the tags: the video may have been read before somebody changed them.
    written = {name: text for name, text in texts.items() if name != "tags"}
    if not IndexedText.objects.filter(entry__video_id=video.pk).update(**written):
        entry = Entry.objects.get(video_id=video.pk)
        IndexedText.objects.create(entry=entry, **texts, transcript=_transcript_of(entry))
    learn(written.values())


def index_tags(video_ids: Iterable[str]) -> None:
    """Have these videos found by their present tags."""
    for video in Video.objects.filter(pk__in=list(video_ids)).prefetch_related("tags"):
        tags = indexed(" ".join(video.tag_list))
        IndexedText.objects.filter(entry__video_id=video.pk).update(tags=tags)
        learn([tags])


def video_texts(video: Video) -> dict[str, str]:
    """Columns of the video's `IndexedText`, but what is spoken."""
    return {
        "title": indexed(video.title),
        "tags": indexed(" ".join(video.tag_list)),
        "channel": indexed(video.owner.get_username()),
        "description": indexed(video.description),
    }


def on_saved_video(instance: Video, *, raw: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    if not raw and (update_fields is None or not SEARCHED.isdisjoint(update_fields)):
        index_video(instance)


def on_changed_tags(instance: Video | Tag, *, action: str, pk_set: set[Any] | None, **_: Any) -> None:
    if action in ("post_add", "post_remove", "post_clear"):
        index_tags([instance.pk] if isinstance(instance, Video) else pk_set or ())


def on_changed_transcript(track: CaptionTrack, cues: Sequence[TimedText], **_: Any) -> None:
    if cues:
        set_transcript(track.video_id, track.language, cues)
    else:
        remove_transcript(track.video_id, track.language)


def keep_triggers(*, using: str, **_: Any) -> None:
    """Make triggers anew that a migration has dropped, and what they would have done since."""
    connection = connections[using]
    if not triggers.has_triggers(connection):
        with transaction.atomic(using):
            triggers.make_triggers(connection)
            triggers.renew_entries(connection)


def _lengths(entry: Entry) -> dict[str, int]:
    """Number of lines in each language, in the order in which they are indexed."""
    line_ends = Length("lines") - Length(Replace("lines", Value("\n"), Value("")))
    rows = Transcript.objects.filter(entry=entry).values_list("language", line_ends)
    return {language: ends + 1 for language, ends in rows}


def _renew_transcript(entry: Entry, language: str, before: Mapping[str, int], words: str) -> None:
    """Have `words` indexed in this language, which has changed. The others are not folded once more.

    before: as `_lengths` were. words: of each cue in a line; "" where there are none.
    """
    text = IndexedText.objects.filter(entry=entry)
    lines = (text.values_list("transcript", flat=True).first() or "").split("\n")
    if before and len(lines) != sum(before.values()):
        transcript = _transcript_of(entry)
    else:
        rest = iter(lines)
        parts = {name: "\n".join(islice(rest, length)) for name, length in before.items()}
        parts[language] = words
        transcript = "\n".join(parts[name] for name in _lengths(entry))
    text.update(transcript=transcript)
    learn([words])


def _transcript_of(entry: Entry) -> str:
    return "\n".join(indexed_lines(row.lines) for row in Transcript.objects.filter(entry=entry))
