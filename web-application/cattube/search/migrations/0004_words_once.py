"""Vectors of PostgreSQL with each word once, and those of scripts without spaces by twos."""

from django.db import migrations

from cattube.search.fulltext.index import index
from cattube.search.triggers import make_triggers


def make_anew(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        make_triggers(schema_editor.connection)
        index().rebuild()


class Migration(migrations.Migration):
    dependencies = [("search", "0003_fill")]

    operations = [migrations.RunPython(make_anew, migrations.RunPython.noop, elidable=True)]
