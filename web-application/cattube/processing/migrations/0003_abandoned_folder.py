from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0002_bucket_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="abandonment",
            name="folder",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
    ]
