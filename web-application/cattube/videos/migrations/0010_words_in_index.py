"""The words that a search reads are in its own index now.

The column stays, for processes of the version before read it until they end. A later version drops it, where
it still is: SQLite loses it as soon as a migration rewrites the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0009_counts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField(
                    "video", "search_text", models.TextField(blank=True, db_default="", editable=False)
                )
            ],
            state_operations=[migrations.RemoveField("video", "search_text")],
        )
    ]
