from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0002_api_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.CharField(help_text='SHA-256 over client, door and key.', max_length=64, unique=True)),
                ('sent', models.CharField(help_text='SHA-256 over the body.', max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('headers', models.JSONField(default=dict)),
                ('body', models.BinaryField()),
                ('made_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
    ]
