from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('captions', '0002_captioning'),
    ]

    operations = [
        migrations.AddField(
            model_name='captioning',
            name='tries',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
