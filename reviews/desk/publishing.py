"""When may readers see an article, and what exactly do they see? A revision: the draft, frozen.

Pages are made from the revision alone, so that editing a published article changes nothing until it is published again.
It stands above the pages because it refuses by what the page would show.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from catalog.models import Product
from catalog.services.page_changes import announce
from partners.services.webhook_events import tell
from reviews.desk.gate import inspect
from reviews.desk.step_history import record_step
from reviews.models import Article, Picture, Revision, RevisionPicture, RevisionProduct
from reviews.services.addresses import address_problems, move_address
from reviews.services.articles import ArticleError
from reviews.services.corrections import publish_corrections
from reviews.services.drafts import draft_content, is_same
from reviews.services.remarks import keep_passages

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class PublishError(ArticleError):
    """The article may not be published; `problems` says why, and what readers see is unchanged."""


class StepError(ArticleError):
    """The step cannot be taken from where the article stands; nothing was changed."""


@transaction.atomic
def publish_article(
    *,
    article: Article,
    by: User | None = None,
    note: str = "",
    now: datetime | None = None,
    seen_version: int | None = None,
) -> Revision:
    """Freezes the draft into a new revision and shows it to readers; what was scheduled is off the schedule.

    An unchanged draft makes no new revision. `note` goes into the public change log; `now` is aware. Whoever names the
    version of the working copy they looked at publishes no other. Raises `PublishError` and `StepError`.
    """
    draft = locked(article.pk)
    refuse_unseen(draft, seen_version)
    moment = now or timezone.now()
    before = (draft.status, draft.live_revision_id, Article.Stage.WRITING)
    revision = show(draft, draft_content(draft), by=by, note=note, now=moment, written_until=moment)
    if before != (draft.status, draft.live_revision_id, draft.stage):
        record_step(article=draft, step="publish", by=by, note=note, now=moment)
        settle(draft)
    article.refresh_from_db()
    return revision


@transaction.atomic
def bring_back(*, article: Article, by: User | None = None, note: str = "", now: datetime) -> Revision:
    """Shows readers what they saw before the article was retired. The working copy and its stage stay as they are.

    Raises `StepError` when it is not retired, `PublishError` when what they saw no longer passes the gate.
    """
    draft = locked(article.pk)
    if draft.status != Article.Status.RETIRED or draft.live_revision is None:
        raise StepError([f"“{draft}” is not retired, so there is nothing to bring back."])
    revision = show(draft, draft.live_revision.content, by=by, note=note, now=now)
    record_step(article=draft, step="bring_back", by=by, note=note, now=now)
    article.refresh_from_db()
    return revision


@transaction.atomic
def retire_article(
    *, article: Article, by: User | None = None, note: str = "", now: datetime | None = None, step: str = "retire"
) -> None:
    """Takes the article from readers and off the schedule. Its revisions stay; publishing shows it again.

    Of an article that is retired already nothing changes.
    """
    row = locked(article.pk)
    if row.status != Article.Status.RETIRED:
        row.status = Article.Status.RETIRED
        row.save(update_fields=["status"])
        record_step(article=row, step=step, by=by, note=note, now=now or timezone.now())
        if row.stage == Article.Stage.SCHEDULED:
            settle(row)
        announce(f"article:{article.pk}")
        tell("article.withdrawn", article.pk)
    article.refresh_from_db()


def locked(article_id: int) -> Article:
    """The article as it is now, for us alone until the transaction ends.

    In two statements: one that waits for the lock and joins would join what was there before it waited.
    """
    Article.objects.select_for_update().only("pk").get(pk=article_id)
    return Article.objects.select_related("author", "reviewer", "live_revision", "scheduled_version").get(pk=article_id)


def refuse_unseen(article: Article, seen_version: int | None) -> None:
    """Raises `StepError` when the working copy was saved since somebody looked at `seen_version` of it."""
    if seen_version is not None and seen_version != article.version:
        raise StepError(
            [
                f"“{article}” was saved by somebody since you looked at it (version {article.version}, you saw "
                f"{seen_version}). Look at it again, then take the step."
            ]
        )


def settle(article: Article) -> None:
    """Nothing is asked of anybody and nothing is scheduled: the working copy is being written."""
    article.stage = Article.Stage.WRITING
    article.publish_at = article.scheduled_version = article.review_asked_of = None
    article.save(update_fields=["stage", "publish_at", "scheduled_version", "review_asked_of"])


def show(
    draft: Article,
    content: dict[str, Any],
    *,
    by: User | None,
    note: str,
    now: datetime,
    written_until: datetime | None = None,
) -> Revision:
    """Makes the content what readers see, if nothing speaks against it. The article is `locked`.

    Corrections that were written until then are shown with it; None: what comes back is older than any of them.
    """
    if problems := refusals(draft, content, now=now):
        raise PublishError(problems)
    move_address(article=draft, told=content["article"], now=now)
    before = (draft.status, draft.live_revision_id)
    revision = draft.live_revision
    if revision is None or not is_same(revision.content, content):
        revision = _add_revision(draft, content, by=by, note=note, now=now)
        draft.revised_at = now if draft.published_at else None
    draft.live_revision = revision
    draft.status = Article.Status.PUBLISHED
    draft.published_at = draft.published_at or now
    draft.save(update_fields=["live_revision", "status", "published_at", "revised_at"])
    keep_passages(article=draft, revision=revision)
    if written_until is not None:
        publish_corrections(article=draft, revision=revision, written_until=written_until, now=now)
    announce(f"article:{draft.pk}")
    if before != (draft.status, revision.pk):
        was_seen = before[0] == Article.Status.PUBLISHED
        tell("article.updated" if was_seen else "article.published", draft.pk)
    return revision


def refusals(article: Article, content: Mapping[str, Any], *, now: datetime) -> list[str]:
    """Everything that keeps this content from readers today, one sentence each."""
    found = _vanished(content)  # the gate draws the page, and that needs what is on it
    if found:
        return found
    found = [str(remark) for remark in inspect(article, content, now=now).refusals]
    if article.expires_at is not None and article.expires_at <= now:
        ended = timezone.localtime(article.expires_at)
        found.append(f"Expires at: its time was over on {ended:%d %B %Y, %H:%M}. Change that first.")
    return [*found, *address_problems(article=article, slug=content["article"]["slug"])]


def _vanished(content: Mapping[str, Any]) -> list[str]:
    """What was frozen names what may have been deleted since."""
    products, pictures = _products_in(content), _pictures_in(content)
    gone = len(products) - Product.objects.filter(pk__in=products).count() if products else 0
    lost = len(pictures) - Picture.objects.filter(pk__in=pictures).count() if pictures else 0
    return [
        f"{count} {what}{'s' if count > 1 else ''} that it shows {'were' if count > 1 else 'was'} deleted since. "
        "Look at the working copy and save it again."
        for count, what in ((gone, "product"), (lost, "picture"))
        if count
    ]


def _products_in(content: Mapping[str, Any]) -> set[int]:
    ids = {product for block in content["blocks"] for product in block["products"]}
    return ids | {content["article"]["subject"]} - {None}


def _pictures_in(content: Mapping[str, Any]) -> set[int]:
    ids = {picture for block in content["blocks"] for picture in block.get("pictures", ())}
    return ids | {content["article"].get("picture")} - {None}


def _add_revision(article: Article, content: dict[str, Any], *, by: User | None, note: str, now: datetime) -> Revision:
    latest = article.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = Revision.objects.create(
        article=article, number=latest + 1, content=content, created_by=by, note=note[:200], created_at=now
    )
    RevisionProduct.objects.bulk_create(
        RevisionProduct(revision=revision, product_id=product) for product in sorted(_products_in(content))
    )
    RevisionPicture.objects.bulk_create(
        RevisionPicture(revision=revision, picture_id=picture) for picture in sorted(_pictures_in(content))
    )
    return revision
