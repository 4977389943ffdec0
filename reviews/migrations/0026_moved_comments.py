"""What readers said on the old site stands under the articles from now on, as any comment does."""

from collections import Counter

from django.db import migrations, models
from django.utils import timezone

from reviews.comment_senders import address_key
from reviews.comments.text import LONGEST_NAME, clean_name, comment_html, text_key
from reviews.comments.moved_text import moved_text

STATES = {"approved": "shown", "held": "held"}
HELD = "It came from the old site, where nobody had approved it."


def take_over(apps, schema_editor):
    """In the order in which they were read, so that whom one answers is there before. Spam is not taken over."""
    moved, comments = apps.get_model("reviews", "MovedComment"), apps.get_model("reviews", "Comment")
    corrections = apps.get_model("reviews", "Correction")
    made, places = {}, Counter()
    for old in moved.objects.select_related("article").order_by("pk").iterator():
        text = moved_text(old.text)
        if old.state not in STATES or not text:
            continue
        answered = made.get(old.parent_id)
        parent = (answered.parent or answered) if answered else None
        if parent is not None:
            places[parent.pk] += 1
        row = comments.objects.create(
            article=old.article,
            parent=parent,
            answered=answered,
            place=places[parent.pk] if parent is not None else 0,
            source_id=old.source_id,
            name=clean_name(old.name)[:LONGEST_NAME].strip() or "A reader",
            address_key=address_key(old.email),
            text=text,
            html=comment_html(text),
            text_key=text_key(text),
            state=STATES[old.state],
            reasons=[] if old.state == "approved" else [HELD],
            written_at=old.written_at or old.article.published_at or timezone.now(),
        )
        made[old.pk] = row
        corrections.objects.filter(comment=old, remark=None).update(remark=row)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0025_remarks"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="source_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Its id on the site it came from.",
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_id", ""), _negated=True),
                fields=("article", "source_id"),
                name="comment_moved_once",
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
