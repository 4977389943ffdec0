"""What does a newcomer find on the desk? A review whose writer asked the editor to look at it, and words about it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from demo.accounts import USERNAME
from reviews.desk.draft_comments import answer_comment, write_comment
from reviews.desk.steps import send_to_review
from reviews.models import Article

SLUG = "hyperx-cloud-ii-review"
WRITER = "writer"


@transaction.atomic
def fill_desk(*, now: datetime) -> int:
    """1 when the review was asked for, 0 when it was before or somebody has moved the article since. `now` is aware."""
    people = get_user_model().objects.in_bulk([USERNAME, WRITER], field_name="username")
    article = Article.objects.filter(slug=SLUG, stage=Article.Stage.WRITING).first()
    if article is None or len(people) < 2 or article.stage_changes.filter(step="send_to_review").exists():
        return 0
    editor, writer = people[USERNAME], people[WRITER]
    send_to_review(
        article=article,
        by=writer,
        asked_of=editor,
        note="Is the verdict too kind about the microphone? I would rather say who should pass.",
        now=now,
    )
    block = article.blocks.filter(kind="verdict").first() or article.blocks.first()
    key = block.key if block else ""
    asked = write_comment(article=article, by=editor, text="Who is it not for? One sentence.", block_key=key, now=now)
    answer_comment(comment=asked, by=writer, text="Whoever plays for long without a pad of velour. I add it.", now=now)
    return 1
