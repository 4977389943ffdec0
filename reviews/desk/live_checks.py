"""Would what readers see now still be published? The gate over live articles, and what it found as rows.

One article at a time, each in its own transaction: a page that cannot be drawn is a finding itself and stops nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from reviews.desk.gate import Inspection, inspect
from reviews.desk.gate.remarks import Remark
from reviews.models import Article, Finding

log = logging.getLogger(__name__)

# One task looks at so many; it takes a few seconds.
CHUNK = 50
# The key of what keeps a page from being drawn at all; the gate's own keys are in `gate.checks`.
BROKEN = "page-broken"
_MOST_LETTERS = 500


def live_chunks(*, size: int = CHUNK) -> Iterator[list[int]]:
    """The ids of what readers see, in pieces for one task each."""
    ids = list(Article.objects.published().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def check_articles(*, article_ids: Iterable[int], now: datetime) -> int:
    """Looks at these and keeps what it finds; how many of them would be refused today. `now` is aware."""
    return sum(bool(check_article(article_id=pk, now=now).refusals) for pk in article_ids)


@transaction.atomic
def check_article(*, article_id: int, now: datetime) -> Inspection:
    """What the gate says of the live revision; its rows are opened, kept open or resolved. Nothing for what is gone.

    Safe to repeat: the same remark stays the same row, with the day it was first seen.
    """
    rows = Article.objects.select_for_update(of=("self",)).select_related("author", "reviewer", "live_revision")
    article = rows.filter(pk=article_id, status=Article.Status.PUBLISHED).first()
    if article is None or article.live_revision is None:
        return Inspection((), ())
    seen = _inspected(article, now=now)
    _keep(article, seen, now=now)
    return seen


def close_findings(*, now: datetime) -> int:
    """Resolves what is open of articles that readers no longer see; how many rows."""
    gone = Finding.objects.filter(resolved_at__isnull=True).exclude(article__status=Article.Status.PUBLISHED)
    return gone.update(resolved_at=now)


def _inspected(article: Article, *, now: datetime) -> Inspection:
    assert article.live_revision is not None
    try:
        with transaction.atomic():
            return inspect(article, article.live_revision.content, now=now)
    except Exception as error:  # whatever a page can break by: the others have to be looked at
        log.exception("The live page of article %s cannot be drawn", article.pk)
        said = (
            f"The page cannot be drawn ({type(error).__name__}: {error}). Publish it again, or tell who runs the site."
        )
        return Inspection((Remark(BROKEN, said, None, ""),), ())


def _keep(article: Article, seen: Inspection, *, now: datetime) -> None:
    known = list(article.findings.filter(resolved_at__isnull=True).order_by("pk"))
    told = [(remark, True) for remark in seen.refusals] + [(remark, False) for remark in seen.warnings]
    for alike in (_same_words, _same_place):
        left: list[tuple[Remark, bool]] = []
        for remark, is_refusal in told:
            row = next((one for one in known if alike(one, remark)), None)
            if row is None:
                left.append((remark, is_refusal))
                continue
            known.remove(row)
            row.message, row.is_refusal, row.last_seen_at = _short(remark), is_refusal, now
            row.save(update_fields=["message", "is_refusal", "last_seen_at"])
        told = left
    Finding.objects.filter(pk__in=[row.pk for row in known]).update(resolved_at=now)
    Finding.objects.bulk_create(_row(article, remark, is_refusal=is_refusal, now=now) for remark, is_refusal in told)


def _same_words(row: Finding, remark: Remark) -> bool:
    return _same_place(row, remark) and row.message == _short(remark)


def _same_place(row: Finding, remark: Remark) -> bool:
    """A remark that names a price or a count says it in other words tomorrow, and is the same still."""
    return (row.check_key, row.block_number) == (remark.check, remark.block_number)


def _row(article: Article, remark: Remark, *, is_refusal: bool, now: datetime) -> Finding:
    return Finding(
        article=article,
        check_key=remark.check,
        is_refusal=is_refusal,
        block_number=remark.block_number,
        message=_short(remark),
        first_seen_at=now,
        last_seen_at=now,
    )


def _short(remark: Remark) -> str:
    """The message as the column holds it."""
    said = str(remark).replace("\x00", "")
    return said if len(said) <= _MOST_LETTERS else f"{said[: _MOST_LETTERS - 2]} …"
