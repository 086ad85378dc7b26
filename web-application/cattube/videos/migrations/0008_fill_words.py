"""Words of the videos and tags that are there.

A migration of its own: PostgreSQL makes no index in a transaction that has changed rows with references.
"""

from django.db import migrations

from cattube.videos.text import comparable, stored

AT_ONCE = 500


def fill(apps, schema_editor):
    fill_videos(apps.get_model("videos", "Video"))
    fill_tags(apps.get_model("videos", "Tag"))


def fill_videos(videos):
    batch = []
    for video in videos.objects.select_related("owner").iterator(AT_ONCE):
        video.title, video.description = stored(video.title), stored(video.description)
        video.title_key = comparable(video.title)
        video.search_text = comparable("\n".join([video.title, video.description, video.owner.username]))
        batch.append(video)
        if len(batch) == AT_ONCE:
            save(videos, batch)
    save(videos, batch)


def save(videos, batch):
    videos.objects.bulk_update(batch, ["title", "description", "title_key", "search_text"])
    batch.clear()


def fill_tags(tags):
    """Give each tag its key, and make one of tags that differed only in how an accent was typed."""
    for tag in tags.objects.order_by("pk"):
        name = stored(tag.name)
        same = tags.objects.filter(name=name).exclude(pk=tag.pk).first()
        if same is None:
            tag.name, tag.key = name, comparable(name)
            tag.save()
        else:
            same.videos.add(*tag.videos.all())
            tag.delete()


class Migration(migrations.Migration):
    dependencies = [("videos", "0007_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
