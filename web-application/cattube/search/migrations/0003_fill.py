"""Entries and texts of the videos that are there.

A migration of its own: PostgreSQL makes no index in a transaction that has changed rows with references.
"""

from django.db import migrations

from cattube.search.triggers import renew_entries
from cattube.search.words import indexed

AT_ONCE = 500


def fill(apps, schema_editor):
    renew_entries(schema_editor.connection)
    entry_model = apps.get_model("search", "Entry")
    text_model = apps.get_model("search", "IndexedText")
    batch, known = [], set(apps.get_model("search", "KnownWord").objects.values_list("pk", flat=True))
    entries = entry_model.objects.select_related("video__owner").prefetch_related("video__tags").order_by("pk")
    for entry in entries.iterator(AT_ONCE):
        batch.append(text_model(entry=entry, **texts(entry.video)))
        if len(batch) == AT_ONCE:
            save(apps, batch, known)
    save(apps, batch, known)


def texts(video):
    return {
        "title": indexed(video.title),
        "tags": indexed(" ".join(sorted(tag.name for tag in video.tags.all()))),
        "channel": indexed(video.owner.username),
        "description": indexed(video.description),
    }


def save(apps, batch, known):
    apps.get_model("search", "IndexedText").objects.bulk_create(batch)
    words = {word for text in batch for word in f"{text.title} {text.tags} {text.channel} {text.description}".split()}
    learn(apps, words, known)
    batch.clear()


def learn(apps, words, known):
    """Add `words` to those that are `known`, in the database and here."""
    from cattube.search.vocabulary import is_correctable, trigrams

    known_word, trigram = apps.get_model("search", "KnownWord"), apps.get_model("search", "Trigram")
    new = sorted(word for word in words if is_correctable(word) and word not in known)
    known.update(new)
    known_word.objects.bulk_create([known_word(text=word) for word in new])
    trigram.objects.bulk_create(
        [trigram(letters=letters, word_id=word) for word in new for letters in sorted(trigrams(word))]
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0002_index")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
