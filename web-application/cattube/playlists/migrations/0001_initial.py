import cattube.videos.ids
import cattube.videos.models
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("videos", "0009_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Playlist",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=cattube.videos.ids.new_video_id,
                        editable=False,
                        max_length=11,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.ProhibitNullCharactersValidator(),
                            cattube.videos.models.not_blank,
                        ],
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("public", "Public"), ("unlisted", "Unlisted"), ("private", "Private")],
                        default="private",
                        max_length=8,
                    ),
                ),
                ("is_watch_later", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="playlists",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-created_at"], name="playlist_of_owner")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_watch_later", True)),
                        fields=("owner",),
                        name="one_watch_later_of_user",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaylistEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "playlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="playlists.playlist"
                    ),
                ),
                (
                    "video",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="playlist_entries",
                        to="videos.video",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["playlist", "position"], name="playlist_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("playlist", "video"), name="video_once_in_playlist")
                ],
            },
        ),
    ]
