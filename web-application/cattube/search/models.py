"""What lists and searches read of the videos, kept beside them.

The database itself keeps the entries (`triggers.py`), in the transaction that changes a video. Python keeps
the texts (`indexing.py`), for no database folds letters as `comparable` does.
"""

from django.contrib.auth.models import User
from django.db import models

from cattube.search.words import MAX_WORD_CHARACTERS
from cattube.videos.models import Video, Visibility
from cattube.videos.states import Status


class Entry(models.Model):
    """One video as lists filter and sort it: a short row, of which a database reads ten thousand at once.

    Columns are those of the video and have their names, so that `access.listed` speaks of both.
    length_seconds: 0 while it is not known.
    """

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="search_entry")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    title_key = models.TextField()
    visibility = models.CharField(max_length=20, choices=Visibility)
    status = models.CharField(max_length=20, choices=Status.choices)
    uploaded_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True)
    length_seconds = models.FloatField()

    class Meta:
        indexes = (
            models.Index(fields=["uploaded_at", "video"], name="entry_by_age"),
            models.Index(fields=["title_key", "video"], name="entry_by_title"),
            models.Index(fields=["length_seconds", "video"], name="entry_by_length"),
            models.Index(fields=["owner", "uploaded_at", "video"], name="entry_of_owner"),
            # Of strangers: all that their list asks is in the index.
            models.Index(
                fields=["visibility", "status", "uploaded_at", "video", "trashed_at"], name="entry_listed"
            ),
        )

    def __str__(self) -> str:
        return self.video_id


class IndexedText(models.Model):
    """Texts of a video as words with spaces between them (`words.indexed`), which the full-text index holds.

    transcript: one line for each cue, in the order of `Transcript`.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="text")
    title = models.TextField(blank=True)
    tags = models.TextField(blank=True)
    channel = models.TextField(blank=True)
    description = models.TextField(blank=True)
    transcript = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class Transcript(models.Model):
    """Spoken words of a video in one language, as a hit shows them.

    starts: seconds of each cue, as JSON. lines: text of each cue in a line of its own.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="transcripts")
    language = models.CharField(max_length=35)
    starts = models.JSONField()
    lines = models.TextField()

    class Meta:
        ordering = ("entry", "language")
        constraints = (models.UniqueConstraint(fields=["entry", "language"], name="transcript_of_language"),)

    def __str__(self) -> str:
        return self.language


class KnownWord(models.Model):
    """Word that stands in some video, for queries with a typing error. It may be gone since yesterday."""

    text = models.CharField(max_length=MAX_WORD_CHARACTERS, primary_key=True)

    def __str__(self) -> str:
        return self.text


class Trigram(models.Model):
    """Three letters in a row of a known word."""

    letters = models.CharField(max_length=3)
    word = models.ForeignKey(KnownWord, on_delete=models.CASCADE, related_name="trigrams", db_index=False)

    class Meta:
        indexes = (models.Index(fields=["letters", "word"], name="trigram_words"),)

    def __str__(self) -> str:
        return self.letters
