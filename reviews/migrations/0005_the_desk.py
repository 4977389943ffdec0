"""What editors need before readers see anything: steps, comments, watches, scores, pictures, findings."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import reviews.models.block
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


# Blocks that are there already need keys of their own before keys can be unique within an article.
KEYS = "UPDATE reviews_block SET key = substr(md5(random()::text || id::text), 1, 10)"
# What readers see today stays where it is.
PUBLIC_SLUGS = "UPDATE reviews_article SET public_slug = slug WHERE live_revision_id IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0022_measured_evidence'),
        ('reviews', '0004_page_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RevisionPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(decimal_places=1, max_digits=3, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('10'))])),
                ('evidence', models.CharField(help_text='What was heard, measured or read.', max_length=300)),
                ('evidence_url', models.URLField(blank=True)),
                ('scored_on', models.DateField()),
            ],
            options={
                'ordering': ['criterion__position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(help_text='A key of reviews/steps.py.', max_length=20)),
                ('changed_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-changed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='UseCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=60)),
                ('position', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block_key', models.CharField(blank=True, help_text='The block it is about; empty: the article.', max_length=12)),
                ('passage', models.CharField(blank=True, help_text='The words that would be wrong.', max_length=300)),
                ('condition', models.CharField(help_text='A key of reviews/conditions.', max_length=30)),
                ('parameters', models.JSONField(blank=True, default=dict, help_text='What the condition asks for, as its fields say.')),
                ('state', models.CharField(choices=[('unchecked', 'Not looked at yet'), ('holds', 'True'), ('broken', 'No longer true'), ('unknown', 'Cannot be told')], default='unchecked', editable=False, max_length=9)),
                ('reason', models.CharField(blank=True, editable=False, max_length=300)),
                ('since', models.DateTimeField(blank=True, editable=False, help_text='When it came into this state.', null=True)),
                ('checked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('check_again_at', models.DateTimeField(blank=True, db_index=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'watches',
                'ordering': ['article', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WatchChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WatchProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Weight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(100)])),
            ],
            options={
                'ordering': ['criterion__position', 'id'],
            },
        ),
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ['-published_at', '-id'], 'permissions': [('publish_article', 'Can publish, schedule and retire articles'), ('review_article', 'Can ask for changes and approve articles')]},
        ),
        migrations.AddField(
            model_name='article',
            name='expires_at',
            field=models.DateTimeField(blank=True, help_text='When readers stop seeing it by itself.', null=True),
        ),
        migrations.AddField(
            model_name='article',
            name='planned_for',
            field=models.DateField(blank=True, help_text='The day it is meant to appear; for the calendar.', null=True),
        ),
        migrations.AddField(
            model_name='article',
            name='public_slug',
            field=models.CharField(blank=True, editable=False, max_length=140),
        ),
        migrations.RunSQL(PUBLIC_SLUGS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='article',
            name='publish_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='article',
            name='review_asked_of',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='article',
            name='stage',
            field=models.CharField(choices=[('writing', 'Being written'), ('in_review', 'In review'), ('scheduled', 'Scheduled')], default='writing', editable=False, max_length=9),
        ),
        migrations.AddField(
            model_name='article',
            name='updated_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='article',
            name='use_case',
            field=models.SlugField(blank=True, help_text='Whose weights rank its products: a use case of the scoring method.', max_length=40),
        ),
        migrations.AddField(
            model_name='article',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='block',
            name='key',
            field=models.CharField(default="", editable=False, max_length=12),
        ),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='block',
            name='key',
            field=models.CharField(default=reviews.models.block.new_key, editable=False, max_length=12),
        ),
        migrations.CreateModel(
            name='ArticleAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('guide', 'Guide'), ('review', 'Review'), ('best_of', 'Best of')], max_length=8)),
                ('slug', models.SlugField(max_length=140)),
                ('left_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='reviews.article')),
            ],
            options={
                'verbose_name_plural': 'article addresses',
            },
        ),
        migrations.CreateModel(
            name='DraftComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block_key', models.CharField(blank=True, max_length=12)),
                ('quote', models.CharField(blank=True, help_text='The words it is about.', max_length=300)),
                ('text', models.TextField(max_length=4000)),
                ('written_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draft_comments', to='reviews.article')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='reviews.draftcomment')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['written_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DraftVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('why', models.CharField(choices=[('review', 'Sent to review'), ('scheduled', 'Scheduled'), ('replaced', 'Replaced by restoring another')], max_length=9)),
                ('created_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draft_versions', to='reviews.article')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='scheduled_version',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reviews.draftversion'),
        ),
        migrations.CreateModel(
            name='EditingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('based_on', models.PositiveIntegerField(default=0, help_text="The article's version when it was opened.")),
                ('form_data', models.JSONField(blank=True, help_text='The form as typed: names to lists of values.', null=True)),
                ('kept_at', models.DateTimeField(blank=True, help_text='When form_data was last kept.', null=True)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='editing_sessions', to='reviews.article')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-seen_at'],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_key', models.CharField(help_text="A key of the publish gate's checks.", max_length=40)),
                ('is_refusal', models.BooleanField(help_text='Would it keep the article from being published today?')),
                ('block_number', models.PositiveIntegerField(blank=True, null=True)),
                ('message', models.CharField(max_length=500)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='reviews.article')),
            ],
            options={
                'ordering': ['-is_refusal', 'article', 'block_number', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MethodVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('retired', 'Retired')], default='draft', editable=False, max_length=7)),
                ('summary', models.TextField(help_text='How we test and score, for the public page of the method.')),
                ('change_note', models.TextField(blank=True, help_text='What is different from the version before, and why. Public.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('activated_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('activated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=60)),
                ('how', models.TextField(help_text='How it is judged or measured, for readers.')),
                ('position', models.PositiveIntegerField(default=0)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='reviews.methodversion')),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('original', models.ImageField(height_field='height', upload_to='pictures/originals/', width_field='width')),
                ('width', models.PositiveIntegerField(editable=False)),
                ('height', models.PositiveIntegerField(editable=False)),
                ('sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('alt', models.CharField(help_text='What it shows, for who cannot see it.', max_length=250)),
                ('caption', models.CharField(blank=True, max_length=300)),
                ('credit', models.CharField(blank=True, max_length=120)),
                ('licence', models.CharField(choices=[('own', 'Our own'), ('press', "The maker's press picture, as its terms allow"), ('permitted', "With the owner's permission"), ('cc0', 'Public domain (CC0)'), ('cc_by', 'CC BY'), ('cc_by_sa', 'CC BY-SA'), ('merchant', "A merchant's, as its programme allows")], default='own', max_length=9)),
                ('source_url', models.URLField(blank=True)),
                ('focus_x', models.DecimalField(decimal_places=3, default=Decimal('0.5'), max_digits=4, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('1'))])),
                ('focus_y', models.DecimalField(decimal_places=3, default=Decimal('0.5'), max_digits=4, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('1'))])),
                ('state', models.CharField(choices=[('waiting', 'Sizes are being made'), ('ready', 'Ready'), ('failed', 'Sizes could not be made')], default='waiting', editable=False, max_length=7)),
                ('state_reason', models.CharField(blank=True, editable=False, max_length=300)),
                ('renditions', models.JSONField(blank=True, default=list, editable=False)),
                ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                ('merchant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.merchant')),
                ('product', models.ForeignKey(blank=True, help_text='What it shows.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures', to='catalog.product')),
                ('uploaded_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-uploaded_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BlockPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='block_pictures', to='reviews.block')),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='block_pictures', to='reviews.picture')),
            ],
        ),
        migrations.AddField(
            model_name='article',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='The picture at its top and in shared links.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='reviews.picture'),
        ),
        migrations.AddField(
            model_name='block',
            name='pictures',
            field=models.ManyToManyField(related_name='blocks', through='reviews.BlockPicture', to='reviews.picture'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'scheduled'), _negated=True), models.Q(('publish_at__isnull', False), ('scheduled_version__isnull', False)), _connector='OR'), name='article_scheduled_has_time_and_version'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(condition=models.Q(('public_slug', ''), _negated=True), fields=('public_slug',), name='article_public_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.UniqueConstraint(fields=('article', 'key'), name='block_key_once'),
        ),
        migrations.AddField(
            model_name='revisionpicture',
            name='picture',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revision_pictures', to='reviews.picture'),
        ),
        migrations.AddField(
            model_name='revisionpicture',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revision_pictures', to='reviews.revision'),
        ),
        migrations.AddField(
            model_name='revision',
            name='pictures',
            field=models.ManyToManyField(related_name='revisions', through='reviews.RevisionPicture', to='reviews.picture'),
        ),
        migrations.AddField(
            model_name='score',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='reviews.criterion'),
        ),
        migrations.AddField(
            model_name='score',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='score',
            name='tester',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reviews.author'),
        ),
        migrations.AddField(
            model_name='stagechange',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='reviews.article'),
        ),
        migrations.AddField(
            model_name='stagechange',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='usecase',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='use_cases', to='reviews.methodversion'),
        ),
        migrations.AddField(
            model_name='watch',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='reviews.article'),
        ),
        migrations.AddField(
            model_name='watch',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='watchchange',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='watchproduct',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watch_products', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='watchproduct',
            name='watch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watch_products', to='reviews.watch'),
        ),
        migrations.AddField(
            model_name='watch',
            name='products',
            field=models.ManyToManyField(related_name='watches', through='reviews.WatchProduct', to='catalog.product'),
        ),
        migrations.AddField(
            model_name='weight',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weights', to='reviews.criterion'),
        ),
        migrations.AddField(
            model_name='weight',
            name='use_case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weights', to='reviews.usecase'),
        ),
        migrations.AddConstraint(
            model_name='articleaddress',
            constraint=models.UniqueConstraint(fields=('kind', 'slug'), name='article_address_once'),
        ),
        migrations.AddConstraint(
            model_name='editingsession',
            constraint=models.UniqueConstraint(fields=('article', 'user'), name='editing_session_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['article'], name='finding_open'),
        ),
        migrations.AddConstraint(
            model_name='methodversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('state',), name='method_one_active'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='criterion_once'),
        ),
        migrations.AddConstraint(
            model_name='blockpicture',
            constraint=models.UniqueConstraint(fields=('block', 'picture'), name='block_picture_once'),
        ),
        migrations.AddConstraint(
            model_name='revisionpicture',
            constraint=models.UniqueConstraint(fields=('revision', 'picture'), name='revision_picture_once'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('product', 'criterion'), name='score_once'),
        ),
        migrations.AddConstraint(
            model_name='usecase',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='use_case_once'),
        ),
        migrations.AddConstraint(
            model_name='watchproduct',
            constraint=models.UniqueConstraint(fields=('watch', 'product'), name='watch_product_once'),
        ),
        migrations.AddIndex(
            model_name='watch',
            index=models.Index(condition=models.Q(('state', 'broken')), fields=['article'], name='watch_broken'),
        ),
        migrations.AddConstraint(
            model_name='weight',
            constraint=models.UniqueConstraint(fields=('use_case', 'criterion'), name='weight_once'),
        ),
    ]
