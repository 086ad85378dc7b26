"""What a video's card shows besides its own words: views, likes, and whether people may comment.

The database has the defaults too: processes of the version before go on adding videos until they end.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0008_fill_words")]

    operations = [
        migrations.AddField("video", "views", models.PositiveIntegerField(default=0, db_default=0, editable=False)),
        migrations.AddField("video", "likes", models.PositiveIntegerField(default=0, db_default=0, editable=False)),
        migrations.AddField(
            "video", "comments_allowed", models.BooleanField(default=True, db_default=True, editable=False)
        ),
    ]
