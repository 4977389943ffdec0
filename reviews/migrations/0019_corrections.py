"""Corrections, and how the pages that show them hear of them: as articles do in 0004."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PAGES = """
CREATE FUNCTION reviews_page_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('article:' || coalesce(NEW.article_id, OLD.article_id));
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_correction_shown AFTER INSERT ON reviews_correction FOR EACH ROW
    WHEN (NEW.revision_id IS NOT NULL) EXECUTE FUNCTION reviews_page_correction();
CREATE TRIGGER reviews_page_correction_changed AFTER UPDATE ON reviews_correction FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.* AND (OLD.revision_id IS NOT NULL OR NEW.revision_id IS NOT NULL))
    EXECUTE FUNCTION reviews_page_correction();
CREATE TRIGGER reviews_page_correction_gone AFTER DELETE ON reviews_correction FOR EACH ROW
    WHEN (OLD.revision_id IS NOT NULL) EXECUTE FUNCTION reviews_page_correction();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0018_search_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('factual', 'A fact'), ('measured', 'A measurement'), ('price', 'A price'), ('wording', 'Wording')], default='factual', max_length=8)),
                ('passage', models.CharField(blank=True, help_text='As they stood on the page. While they still stand in the working copy you are reminded.', max_length=300, verbose_name='The words that were wrong')),
                ('wrong', models.CharField(help_text='In a sentence that stands alone.', max_length=500, verbose_name='What was wrong')),
                ('right', models.CharField(help_text='In a sentence that stands alone.', max_length=500, verbose_name='What is right now')),
                ('day', models.DateField(blank=True, help_text='Left empty, it is the day on which readers get it.', null=True, verbose_name='Corrected on')),
                ('source', models.CharField(choices=[('reader', 'A reader told us'), ('ourselves', 'We found it ourselves')], default='reader', max_length=9, verbose_name='Who found it')),
                ('credit', models.CharField(blank=True, help_text="The reader's name as they want it; empty: a reader without a name.", max_length=120)),
                ('created_at', models.DateTimeField(editable=False)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='reviews.article')),
                ('comment', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='reviews.movedcomment')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='reviews.revision')),
            ],
            options={
                'ordering': ['-day', '-id'],
                'indexes': [models.Index(fields=['-day', '-id'], name='correction_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('revision__isnull', True), ('day__isnull', False), _connector='OR'), name='correction_published_has_day')],
            },
        ),
        migrations.RunSQL(PAGES, "DROP FUNCTION reviews_page_correction CASCADE"),
    ]
