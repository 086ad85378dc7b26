"""An index of the first letters of names, whatever their case: a search field asks for them as somebody types.

It is what Django's `username__istartswith` can use: LIKE of SQLite, which folds ASCII alone, and upper() of
PostgreSQL.
"""

from django.db import migrations

NAME = "accounts_username_beginnings"
COLUMNS = {
    "sqlite": "username COLLATE NOCASE",
    "postgresql": "upper(username::text) text_pattern_ops",
}


def make(apps, schema_editor):
    columns = COLUMNS[schema_editor.connection.vendor]
    schema_editor.execute(f"CREATE INDEX {NAME} ON auth_user ({columns})")


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_storage_limit"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make, drop)]
