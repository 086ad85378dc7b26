"""Tables of the search. The full-text index and the triggers come after them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("videos", "0008_fill_words"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("title_key", models.TextField()),
                (
                    "visibility",
                    models.CharField(
                        choices=[("public", "Public"), ("unlisted", "Unlisted"), ("private", "Private")],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploading", "Uploading"),
                            ("processing", "Processing"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("trashed_at", models.DateTimeField(null=True)),
                ("length_seconds", models.FloatField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "video",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entry",
                        to="videos.video",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["uploaded_at", "video"], name="entry_by_age"),
                    models.Index(fields=["title_key", "video"], name="entry_by_title"),
                    models.Index(fields=["length_seconds", "video"], name="entry_by_length"),
                    models.Index(fields=["owner", "uploaded_at", "video"], name="entry_of_owner"),
                    models.Index(
                        fields=["visibility", "status", "uploaded_at", "video", "trashed_at"],
                        name="entry_listed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexedText",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="search.entry",
                    ),
                ),
                ("title", models.TextField(blank=True)),
                ("tags", models.TextField(blank=True)),
                ("channel", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("transcript", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Transcript",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("language", models.CharField(max_length=35)),
                ("starts", models.JSONField()),
                ("lines", models.TextField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transcripts",
                        to="search.entry",
                    ),
                ),
            ],
            options={
                "ordering": ("entry", "language"),
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "language"), name="transcript_of_language")
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownWord",
            fields=[("text", models.CharField(max_length=64, primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Trigram",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("letters", models.CharField(max_length=3)),
                (
                    "word",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trigrams",
                        to="search.knownword",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["letters", "word"], name="trigram_words")]},
        ),
    ]
