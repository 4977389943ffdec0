"""What is on its way in the demo: an article that the timetable will publish, and a mistake that a reader found."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from demo.accounts import USERNAME
from reviews.desk.publishing import publish_article
from reviews.desk.steps import schedule_article
from reviews.models import Article, Author, Correction
from reviews.services.articles import ArticleError, BlockInput, save_article
from reviews.services.corrections import save_correction

SLUG = "how-to-clean-ear-pads"
CORRECTED = "headphones-versus-headsets"
_TEXT = """
<h2>What you need</h2>
<p>Two soft cloths, lukewarm water and a drop of washing-up liquid. No alcohol: it dries out synthetic leather, which
then cracks within months.</p>
<h2>Take the pads off, if they come off</h2>
<p>Most pads are held by a ring of plastic or by a lip that is stretched over the cup. Pull at one place and work your
way round. If nothing moves, leave them on: the maker may have glued them.</p>
<h2>Wipe, dry, wait</h2>
<p>Wipe with the wet cloth, wrung out until nothing drips. Wipe again with clear water, then dry with the second cloth.
Let the pads lie in the air for a night. Foam that is still wet inside smells, and changes how the headphones sound.</p>
<h2>When to replace them</h2>
<p>Pads that stay flat, shed flakes or no longer close around the ear cost you bass and quiet. New ones are cheaper than
new headphones, and most makers sell them.</p>
"""


def fill_planned(*, now: datetime) -> int:
    """How many of the two were put in; what is there already, or was moved by somebody, stays. `now` is aware."""
    return _scheduled(now) + _corrected(now)


@transaction.atomic
def _scheduled(now: datetime) -> int:
    editor = get_user_model().objects.filter(username=USERNAME).first()
    author = Author.objects.order_by("pk").first()
    if editor is None or author is None or Article.objects.filter(slug=SLUG).exists():
        return 0
    article = save_article(
        slug=SLUG,
        kind=Article.ArticleKind.GUIDE,
        title="How to clean ear pads without ruining them",
        standfirst="Ten minutes, two cloths and no alcohol: pads last for years if they are wiped now and then.",
        author=author,
        blocks=[BlockInput("prose", {"html": _TEXT})],
    )
    day = timezone.localdate(now) + timedelta(days=3)
    at = timezone.make_aware(datetime.combine(day, time(9)))
    schedule_article(article=article, by=editor, at=at, note="First published.", now=now)
    return 1


def _corrected(now: datetime) -> int:
    article = Article.objects.published().filter(slug=CORRECTED).first()
    if article is None or article.corrections.exists():
        return 0
    save_correction(
        correction=Correction(
            article=article,
            kind=Correction.Kind.FACTUAL,
            wrong="We wrote that any phone takes a headset with a cable.",
            right="Many phones no longer have a socket for one: they need an adapter, or a headset without a cable.",
            credit="Marek L.",
            day=min(date(2026, 10, 12), timezone.localdate(now)),
        ),
        now=now,
    )
    # Where a claim of it broke meanwhile the correction waits on the desk, and an editor sees why.
    with suppress(ArticleError):
        publish_article(article=article, now=now)
    return 1
