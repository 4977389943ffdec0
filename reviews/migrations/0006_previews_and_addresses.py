"""Links to previews can be withdrawn; a new slug in a draft is no change of a page, a new address is one."""

from django.db import migrations, models

COLUMNS = (
    "status", "live_revision_id", "published_at", "revised_at", "{slug}", "kind", "author_id", "reviewer_id",
    "subject_id",
)  # fmt: skip


def trigger(slug: str) -> str:
    names = [column.format(slug=slug) for column in COLUMNS]
    before, after = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    return f"""
DROP TRIGGER reviews_page_article_changed ON reviews_article;
CREATE TRIGGER reviews_page_article_changed AFTER UPDATE ON reviews_article FOR EACH ROW
    WHEN ((OLD.status = 'published' OR NEW.status = 'published')
        AND ({before}) IS DISTINCT FROM ({after}))
    EXECUTE FUNCTION reviews_page_article();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_the_desk")]

    operations = [
        migrations.AddField("article", "preview_series", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AlterField(
            "draftversion",
            "why",
            models.CharField(
                choices=[
                    ("review", "Sent to review"),
                    ("scheduled", "Scheduled"),
                    ("replaced", "Replaced by restoring another"),
                    ("shared", "Given away as a preview"),
                ],
                max_length=9,
            ),
        ),
        migrations.RunSQL(trigger("public_slug"), trigger("slug")),
    ]
