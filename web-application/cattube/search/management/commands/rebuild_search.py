from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from cattube.search.fulltext.index import index
from cattube.search.indexing import indexed_lines, video_texts
from cattube.search.models import Entry, IndexedText, KnownWord, Transcript, Trigram
from cattube.search.triggers import make_triggers, renew_entries
from cattube.search.vocabulary import learn
from cattube.videos.access import with_related

AT_ONCE = 500


class Command(BaseCommand):
    help = "Make the search index anew of the videos, tags and transcripts that are there."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            make_triggers(connection)
            renew_entries(connection)
            for model in (IndexedText, Trigram, KnownWord):
                model.objects.all().delete()
            number = sum(map(_index, _batches()))
            index().rebuild()
        self.stdout.write(f"{number} videos can be found.")


def _batches() -> Iterator[list[Entry]]:
    entries = Entry.objects.order_by("pk").iterator(AT_ONCE)
    while batch := list(islice(entries, AT_ONCE)):
        yield batch


def _index(entries: list[Entry]) -> int:
    videos = with_related().in_bulk([entry.video_id for entry in entries])
    speech: dict[int, list[str]] = {}
    for row in Transcript.objects.filter(entry__in=entries):
        speech.setdefault(row.entry_id, []).append(indexed_lines(row.lines))
    texts = [
        IndexedText(
            entry=entry,
            **video_texts(videos[entry.video_id]),
            transcript="\n".join(speech.get(entry.pk, [])),
        )
        for entry in entries
    ]
    IndexedText.objects.bulk_create(texts)
    learn(f"{text.title} {text.tags} {text.channel} {text.description} {text.transcript}" for text in texts)
    return len(texts)
