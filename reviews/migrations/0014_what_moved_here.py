"""Addresses and comments that came from another system."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0013_pictures_are_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerPath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(help_text='With its first slash, without the last one.', max_length=300, unique=True)),
                ('code', models.CharField(blank=True, help_text='The code of a short link (/go/…/).', max_length=40)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former_paths', to='reviews.article')),
            ],
            options={
                'ordering': ['path'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', False), ('code', '')), models.Q(('article__isnull', True), models.Q(('code', ''), _negated=True)), _connector='OR'), name='former_path_leads_to_one')],
            },
        ),
        migrations.CreateModel(
            name='MovedComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(help_text='Its id on the old site.', max_length=40)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('website', models.URLField(blank=True)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('approved', 'Approved'), ('held', 'Waiting'), ('spam', 'Spam'), ('removed', 'Removed')], max_length=8)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moved_comments', to='reviews.article')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='reviews.movedcomment')),
            ],
            options={
                'ordering': ['written_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('article', 'source_id'), name='moved_comment_once')],
            },
        ),
    ]
