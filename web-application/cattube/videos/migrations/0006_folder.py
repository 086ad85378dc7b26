from django.db import migrations, models

import cattube.storage.object_keys


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0005_growing"),
    ]

    operations = [
        # Videos that are there have none: the keys of their objects have the id of their Assembly.
        migrations.AddField(
            model_name="video",
            name="folder",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name="video",
            name="folder",
            field=models.CharField(
                blank=True,
                db_index=True,
                default=cattube.storage.object_keys.new_folder,
                editable=False,
                max_length=32,
            ),
        ),
    ]
