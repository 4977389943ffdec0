"""One list of who did what, which nobody rewrites, and who wants mail from the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was written down stays. A draft that readers never saw takes its steps along when it is deleted; the deletion
# itself is in the admin's log. A content type that was removed may leave its rows without one, and an account that is
# gone its steps; one that edited anything in the admin stays, since that log cannot do without it.
APPEND_ONLY = """
CREATE FUNCTION reviews_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: what was done stays written down', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER admin_log_kept BEFORE DELETE ON django_admin_log FOR EACH ROW
    EXECUTE FUNCTION reviews_log_is_append_only();
CREATE TRIGGER admin_log_unchanged BEFORE UPDATE ON django_admin_log FOR EACH ROW
    WHEN ((OLD.user_id, OLD.action_time, OLD.object_id, OLD.object_repr, OLD.action_flag, OLD.change_message)
        IS DISTINCT FROM
        (NEW.user_id, NEW.action_time, NEW.object_id, NEW.object_repr, NEW.action_flag, NEW.change_message))
    EXECUTE FUNCTION reviews_log_is_append_only();
CREATE TRIGGER stage_change_unchanged BEFORE UPDATE ON reviews_stagechange FOR EACH ROW
    WHEN ((OLD.article_id, OLD.step, OLD.changed_at, OLD.note)
        IS DISTINCT FROM (NEW.article_id, NEW.step, NEW.changed_at, NEW.note)
        OR (NEW.changed_by_id IS NOT NULL AND OLD.changed_by_id IS DISTINCT FROM NEW.changed_by_id))
    EXECUTE FUNCTION reviews_log_is_append_only();
CREATE FUNCTION reviews_steps_of_public_articles_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews_article WHERE id = OLD.article_id AND live_revision_id IS NOT NULL) THEN
        RAISE EXCEPTION 'reviews_stagechange is append-only: the steps of an article that readers saw stay'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER stage_change_kept BEFORE DELETE ON reviews_stagechange FOR EACH ROW
    EXECUTE FUNCTION reviews_steps_of_public_articles_stay();
CREATE INDEX admin_log_by_time ON django_admin_log (action_time DESC, id DESC);
"""
REWRITABLE = """
DROP INDEX admin_log_by_time;
DROP TRIGGER admin_log_kept ON django_admin_log;
DROP TRIGGER admin_log_unchanged ON django_admin_log;
DROP TRIGGER stage_change_unchanged ON reviews_stagechange;
DROP TRIGGER stage_change_kept ON reviews_stagechange;
DROP FUNCTION reviews_log_is_append_only;
DROP FUNCTION reviews_steps_of_public_articles_stay;
"""
# A later migration that alters one of these columns drops the view first and makes it again.
LOG = """
CREATE VIEW reviews_audit_line AS
SELECT 'l' || entry.id AS id, entry.action_time AS happened_at, entry.user_id, entry.content_type_id,
    entry.object_id, entry.object_repr::text AS object_name, entry.action_flag::integer AS action_flag,
    entry.change_message AS message, ''::text AS step
FROM django_admin_log entry
UNION ALL
SELECT 's' || change.id, change.changed_at, change.changed_by_id, kind.id,
    change.article_id::text, article.title::text, 2, change.note, change.step::text
FROM reviews_stagechange change
JOIN reviews_article article ON article.id = change.article_id
LEFT JOIN django_content_type kind ON kind.app_label = 'reviews' AND kind.model = 'article'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("reviews", "0006_previews_and_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskPreferences",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="desk_preferences",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wants_mail",
                    models.BooleanField(
                        default=True,
                        help_text="When an article of mine, or one I was asked about, takes a step, and when "
                        "somebody comments on it.",
                        verbose_name="Mail me about articles",
                    ),
                ),
            ],
            options={"verbose_name_plural": "desk preferences"},
        ),
        migrations.CreateModel(
            name="AuditLine",
            fields=[
                ("id", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("happened_at", models.DateTimeField()),
                ("object_id", models.TextField(null=True)),
                ("object_name", models.CharField(max_length=200)),
                ("action_flag", models.PositiveSmallIntegerField()),
                ("message", models.TextField()),
                ("step", models.CharField(max_length=20)),
                (
                    "content_type",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="what",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the log",
                "verbose_name_plural": "log of changes",
                "db_table": "reviews_audit_line",
                "ordering": ["-happened_at", "-id"],
                "managed": False,
                "default_permissions": ["view"],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, REWRITABLE),
        migrations.RunSQL(LOG, "DROP VIEW reviews_audit_line"),
    ]
