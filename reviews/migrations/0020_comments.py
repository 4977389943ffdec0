"""Readers' comments, and how the pages that show them hear of them.

A vote moves a number and, on pages in that order, a place: it is left to the pages' age, so that no vote is a purge.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


PAGES = """
CREATE FUNCTION reviews_page_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('comments:' || coalesce(NEW.article_id, OLD.article_id));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_comment_shown AFTER INSERT ON reviews_comment FOR EACH ROW
    WHEN (NEW.state = 'shown') EXECUTE FUNCTION reviews_page_comment();
CREATE TRIGGER reviews_page_comment_changed AFTER UPDATE ON reviews_comment FOR EACH ROW
    WHEN ((OLD.state = 'shown' OR NEW.state = 'shown')
        AND (OLD.state, OLD.name, OLD.role, OLD.html, OLD.text, OLD.edited_at)
        IS DISTINCT FROM (NEW.state, NEW.name, NEW.role, NEW.html, NEW.text, NEW.edited_at))
    EXECUTE FUNCTION reviews_page_comment();
CREATE TRIGGER reviews_page_comment_gone AFTER DELETE ON reviews_comment FOR EACH ROW
    WHEN (OLD.state = 'shown') EXECUTE FUNCTION reviews_page_comment();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0001_initial'),
        ('reviews', '0019_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CommentWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(help_text='A word or a phrase; case does not matter.', max_length=80, unique=True)),
                ('act', models.CharField(choices=[('hold', 'Has it wait'), ('refuse', 'Keeps it out')], default='hold', max_length=6, verbose_name='What it does')),
            ],
            options={
                'verbose_name': 'word to look at in comments',
                'verbose_name_plural': 'words to look at in comments',
                'ordering': ['word'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(default=0, help_text='Among the answers of its thread, from 1.')),
                ('name', models.CharField(max_length=60)),
                ('role', models.CharField(blank=True, choices=[('', 'Reader'), ('author', 'Author'), ('staff', 'Staff')], default='', max_length=6)),
                ('address_key', models.CharField(blank=True, max_length=32)),
                ('text', models.TextField(help_text='As it was typed.')),
                ('html', models.TextField(help_text='As it is shown.')),
                ('text_key', models.CharField(max_length=32)),
                ('state', models.CharField(choices=[('held', 'Waiting'), ('shown', 'Shown'), ('spam', 'Spam'), ('refused', 'Refused'), ('deleted', 'Deleted')], max_length=8)),
                ('state_before', models.CharField(blank=True, choices=[('held', 'Waiting'), ('shown', 'Shown'), ('spam', 'Spam'), ('refused', 'Refused'), ('deleted', 'Deleted')], max_length=8)),
                ('reasons', models.JSONField(blank=True, default=list, help_text='Why it waits, in the words its writer was told.')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='Why it was decided so')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('written_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('useful', models.PositiveIntegerField(default=0)),
                ('network', models.CharField(blank=True, max_length=16)),
                ('answered', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reviews.comment')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='reviews.article')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, help_text='Opens the thread.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='reviews.comment')),
                ('reader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='readers.reader')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['written_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CommentBan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('address', 'Address'), ('network', 'Network, today')], max_length=7)),
                ('key', models.CharField(help_text='A sum; nobody can tell the address from it.', max_length=32)),
                ('name', models.CharField(help_text='The name above the comment it was made for.', max_length=60)),
                ('reason', models.CharField(max_length=300)),
                ('until', models.DateTimeField(blank=True, help_text='Empty: until it is lifted.', null=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'ban from comments',
                'verbose_name_plural': 'bans from comments',
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='CommentVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True)),
                ('voter', models.CharField(max_length=16)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='reviews.comment')),
            ],
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(models.F('article'), models.F('written_at'), models.F('id'), condition=models.Q(('state', 'shown'), ('parent', None)), name='comment_threads'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(models.F('article'), models.OrderBy(models.F('useful'), descending=True), models.F('written_at'), models.F('id'), condition=models.Q(('state', 'shown'), ('parent', None)), name='comment_most_useful'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('state', 'shown')), fields=['parent', 'place'], name='comment_answers'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['written_at', 'id'], name='comment_waiting'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['text_key'], name='comment_text_key'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('address_key', ''), _negated=True), fields=['address_key'], name='comment_address_key'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('network', ''), _negated=True), fields=['network', 'written_at'], name='comment_network'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('parent', None), ('place', 0)), models.Q(('parent__isnull', False), ('place__gt', 0)), _connector='OR'), name='comment_answer_has_a_place'),
        ),
        migrations.AddConstraint(
            model_name='commentban',
            constraint=models.UniqueConstraint(fields=('kind', 'key'), name='comment_ban_once'),
        ),
        migrations.AddConstraint(
            model_name='commentvote',
            constraint=models.UniqueConstraint(fields=('comment', 'day', 'voter'), name='comment_vote_once_a_day'),
        ),
        migrations.RunSQL(PAGES, "DROP FUNCTION reviews_page_comment CASCADE"),
    ]
