from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0031_told_to_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='tableimport',
            name='by_key',
            field=models.CharField(blank=True, db_default='', default='', help_text='The API key it came with.', max_length=120),
        ),
    ]
