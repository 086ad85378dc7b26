"""A channel for each person that is there."""

from django.conf import settings
from django.db import migrations

from cattube.channels.names import free_name

AT_ONCE = 500


def fill(apps, schema_editor):
    channels, people = apps.get_model("channels", "Channel"), apps.get_model("auth", "User")
    taken, batch = set(), []
    for person in people.objects.order_by("pk").iterator(AT_ONCE):
        name = free_name(person.username, taken)
        taken.add(name)
        batch.append(channels(owner=person, name=name))
        if len(batch) == AT_ONCE:
            channels.objects.bulk_create(batch)
            batch.clear()
    channels.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
