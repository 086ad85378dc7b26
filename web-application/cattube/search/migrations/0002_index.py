"""The full-text index, and the triggers that keep it and the entries."""

from django.db import migrations

from cattube.search.fulltext.index import index
from cattube.search.triggers import drop_entry_triggers, make_triggers


def make(apps, schema_editor):
    index().make()
    make_triggers(schema_editor.connection)


def drop(apps, schema_editor):
    drop_entry_triggers(schema_editor.connection)
    index().drop()


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
