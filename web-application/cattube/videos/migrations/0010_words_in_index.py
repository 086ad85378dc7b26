"""The words that a search reads are in its own index now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("videos", "0009_counts")]

    operations = [migrations.RemoveField("video", "search_text")]
