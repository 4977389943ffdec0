"""Comments that become readable are written down in the transaction that shows them, whichever door it is."""

import django.db.models.deletion
from django.db import migrations, models

NOTE = """
CREATE FUNCTION reviews_comment_became_readable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reviews_showncomment (comment_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_comment_came_readable AFTER INSERT ON reviews_comment FOR EACH ROW
    WHEN (NEW.state = 'shown') EXECUTE FUNCTION reviews_comment_became_readable();
CREATE TRIGGER reviews_comment_became_readable AFTER UPDATE ON reviews_comment FOR EACH ROW
    WHEN (NEW.state = 'shown' AND OLD.state <> 'shown') EXECUTE FUNCTION reviews_comment_became_readable();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0023_learned_spam"),
        ("readers", "0004_news"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShownComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reviews.comment",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION reviews_comment_became_readable CASCADE"),
    ]
