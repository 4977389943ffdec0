"""What in the articles may no longer be true: claims that are due, watches that broke, checks a live page fails?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse

from catalog.models import Product, SpecEvidence
from reviews.models import Article, Finding, Watch
from reviews.today.base import Asker, Found, Item, Kind, counted, days_ago, found, readers_of

DUE_WITHIN = timedelta(days=14)


def _claims(asker: Asker) -> Found:
    rows = (
        SpecEvidence.objects.filter(due_on__lte=asker.today + DUE_WITHIN)
        .values("product")
        .annotate(claims=Count("pk"), first=Min("due_on"))
        .order_by("first")
    )
    due = {row["product"]: row for row in rows}
    products = Product.objects.filter(pk__in=due).select_related("brand")
    readers = readers_of((product.get_absolute_url() for product in products), today=asker.today)
    return found(
        Item(
            title=product.name,
            detail=f"{counted(due[product.pk]['claims'], 'claim')} to check again, the first "
            f"{days_ago(due[product.pk]['first'], asker.today)}.",
            url=f"{reverse('admin:catalog_product_change', args=[product.pk])}#evidence-group",
            act="Check",
            readers=readers.of(product.get_absolute_url()),
            due=due[product.pk]["first"],
        )
        for product in products
    )


def _watches(asker: Asker) -> Found:
    rows = list(
        Watch.objects.filter(state=Watch.State.BROKEN, article__status=Article.Status.PUBLISHED).select_related(
            "article"
        )
    )
    readers = readers_of({row.article.get_absolute_url() for row in rows}, today=asker.today)
    return found(
        Item(
            title=f"{row.article}: “{row.passage}”" if row.passage else str(row.article),
            detail=row.reason or "It is no longer true.",
            url=reverse("admin:reviews_article_change", args=[row.article_id]),
            act="Correct",
            readers=readers.of(row.article.get_absolute_url()),
            due=row.since,
            is_mine=row.article.author_id in asker.author_ids,
        )
        for row in rows
    )


def _findings(asker: Asker) -> Found:
    """One line for each article, however many checks it fails."""
    rows = list(
        Finding.objects.filter(resolved_at__isnull=True).select_related("article").order_by("-is_refusal", "pk")
    )
    by_article: dict[int, list[Finding]] = {}
    for row in rows:
        by_article.setdefault(row.article_id, []).append(row)
    readers = readers_of({row.article.get_absolute_url() for row in rows}, today=asker.today)
    return found(_finding_items(by_article.values(), readers, asker))


def _finding_items(groups: Iterable[list[Finding]], readers: Any, asker: Asker) -> Iterable[Item]:
    for group in groups:
        article, first = group[0].article, group[0]
        refusals = sum(row.is_refusal for row in group)
        more = f" And {len(group) - 1} more." if len(group) > 1 else ""
        yield Item(
            title=f"{article}: {_counts(refusals, len(group) - refusals)}",
            detail=f"{first.message}{more}",
            url=reverse("admin:reviews_article_change", args=[article.pk]),
            act="Mend",
            # What would only be warned of waits behind what would be refused.
            readers=readers.of(article.get_absolute_url()) if refusals else 0.0,
            due=min(row.first_seen_at for row in group),
            is_mine=article.author_id in asker.author_ids,
        )


def _counts(refusals: int, warnings: int) -> str:
    told = [(refusals, "refusal"), (warnings, "warning")]
    return ", ".join(counted(number, word) for number, word in told if number)


CLAIMS = Kind(
    key="claims",
    label="Claims due",
    needs="catalog.change_specevidence",
    find=_claims,
    none="No claim is due within two weeks.",
)
WATCHES = Kind(
    key="watches",
    label="No longer true",
    needs="reviews.view_article",
    find=_watches,
    none="Everything that is watched is true.",
)
FINDINGS = Kind(
    key="findings",
    label="Checks of live pages",
    needs="reviews.view_article",
    find=_findings,
    none="Every live page passes every check.",
)
