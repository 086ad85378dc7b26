"""Columns by which the library searches and sorts in any case, on every database alike."""

from django.core.validators import ProhibitNullCharactersValidator
from django.db import migrations, models

from cattube.videos.models import not_blank


class Migration(migrations.Migration):
    dependencies = [("videos", "0006_folder"), migrations.swappable_dependency("auth.User")]

    operations = [
        migrations.AddField("video", "title_key", models.TextField(blank=True, default="", editable=False), False),
        migrations.AddField("video", "search_text", models.TextField(blank=True, default="", editable=False), False),
        migrations.AddField(
            "tag",
            "key",
            models.CharField(db_index=True, default="", editable=False, max_length=720),
            preserve_default=False,
        ),
        migrations.AlterField(
            "video",
            "title",
            models.CharField(max_length=200, validators=[ProhibitNullCharactersValidator(), not_blank]),
        ),
    ]
