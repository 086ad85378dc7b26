import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def of(model, related_name, **more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=model, **more
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("videos", "0009_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Like",
            fields=[
                ("id", key()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("user", of(settings.AUTH_USER_MODEL, "likes")),
                ("video", of("videos.video", "liked_by")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("video", "user"), name="one_like_of_user")]},
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", key()),
                ("text", models.TextField(max_length=2000)),
                ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("parent", of("community.comment", "replies", blank=True, null=True)),
                ("user", of(settings.AUTH_USER_MODEL, "comments")),
                ("video", of("videos.video", "comments")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["video", "parent", "-created_at", "-id"], name="comment_newest"),
                    models.Index(fields=["user", "created_at"], name="comment_of_user"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentReport",
            fields=[
                ("id", key()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("comment", of("community.comment", "reports")),
                ("user", of(settings.AUTH_USER_MODEL, "comment_reports")),
            ],
            options={
                "indexes": [models.Index(fields=["settled_at", "-created_at"], name="report_open")],
                "constraints": [models.UniqueConstraint(fields=("comment", "user"), name="one_report_of_user")],
            },
        ),
    ]
