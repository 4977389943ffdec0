"""What readers saw stays what they saw: the database refuses to rewrite a revision."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION reviews_revision_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reviews_revision is frozen: publish a new revision instead of changing revision %', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reviews_revision_frozen BEFORE UPDATE ON reviews_revision FOR EACH ROW
    WHEN ((OLD.article_id, OLD.number, OLD.content, OLD.created_at)
        IS DISTINCT FROM (NEW.article_id, NEW.number, NEW.content, NEW.created_at))
    EXECUTE FUNCTION reviews_revision_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_publishing_permission")]

    operations = [
        migrations.RunSQL(
            FROZEN,
            "DROP TRIGGER reviews_revision_frozen ON reviews_revision; DROP FUNCTION reviews_revision_is_frozen",
        )
    ]
