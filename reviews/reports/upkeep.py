"""How fresh is what readers see of each article: when it was revised, its prices, its claims, what was found in it?

A fixed number of queries, however many articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from catalog.models import SpecEvidence
from catalog.selectors import ids_by_slug, kept_products, shown_offers
from catalog.shown_offer import ShownOffer
from reviews.blocks import BLOCKS
from reviews.blocks.product_card import OFFERS_SHOWN
from reviews.models import Article, Finding
from reviews.pages.article_blocks import installed, price_slugs_in, products_in
from reviews.watch_list import broken_counts

DUE_WITHIN = timedelta(days=30)
# What is not revised for so long is old: the gate says so too.
OLD = 365
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Of one published article. `price_age`: of the oldest price on it now; None where it shows none.

    Numbers of claims are of evidence of its products, past its day and due within 30 days.
    """

    revised_days: int
    price_age: timedelta | None
    overdue: int
    due_soon: int
    findings: int
    broken: int

    @property
    def revised_text(self) -> str:
        days = "today" if not self.revised_days else f"{self.revised_days} day{'s' * (self.revised_days > 1)} ago"
        return f"✗ {days}, over a year" if self.revised_days > OLD else days

    @property
    def price_text(self) -> str:
        if self.price_age is None:
            return "no price"
        hours = int(self.price_age / _HOUR)
        if hours < 1:
            return "under an hour"
        return f"{hours} h" if hours < 48 else f"{hours // 24} days"

    @property
    def claims_text(self) -> str:
        told = [f"✗ {self.overdue} past due"] * bool(self.overdue) + [f"… {self.due_soon} soon"] * bool(self.due_soon)
        return ", ".join(told) or "✓ none"

    @property
    def findings_text(self) -> str:
        return f"✗ {self.findings} open" if self.findings else "✓ none"

    @property
    def broken_text(self) -> str:
        return f"✗ {self.broken} no longer true" if self.broken else "✓ none"


# What can be sorted by, what needs an editor most first; a price that is not there is no old one.
SORTS: dict[str, str] = {
    "clicks": "Net clicks",
    "revised": "Last revised",
    "price": "Oldest price",
    "claims": "Claims due",
    "findings": "Findings",
    "watches": "Broken claims",
}


def weight(sort: str, one: Upkeep | None) -> tuple[float, ...]:
    """The heavier, the more it needs somebody; who has none of it is last."""
    if one is None:
        return (-1.0,)
    match sort:
        case "revised":
            return (one.revised_days,)
        case "price":
            return (one.price_age.total_seconds() if one.price_age is not None else -1.0,)
        case "claims":
            return (one.overdue, one.due_soon)
        case "findings":
            return (one.findings,)
        case "watches":
            return (one.broken,)
    return ()


def upkeep_of_articles(*, now: datetime) -> dict[str, Upkeep]:
    """Of all that readers see, by the place of its page (`a12`)."""
    rows = list(Article.objects.published().select_related("live_revision"))
    stored = {row.pk: [block for _, block in installed(_content(row)["blocks"])] for row in rows}
    slugs = ids_by_slug(slug for blocks in stored.values() for slug in price_slugs_in(blocks))
    named = {row.pk: _named(row, stored[row.pk], slugs) for row in rows}
    kept = {pk: row.pk for pk, row in kept_products({pk for ids in named.values() for pk in ids}).items()}
    offers = shown_offers(set(kept.values()), now=now)
    due = _due(kept.values(), now)
    ids = list(stored)
    findings = _open_findings(ids)
    broken = broken_counts(ids)
    found: dict[str, Upkeep] = {}
    for row in rows:
        products = {kept[pk] for pk in named[row.pk] if pk in kept}
        seen = [one.price.seen_at for one in _shown(row, stored[row.pk], slugs, kept, offers) if one.price]
        found[f"a{row.pk}"] = Upkeep(
            revised_days=max(0, (now - (row.revised_at or row.published_at or now)).days),
            price_age=now - min(seen) if seen else None,
            overdue=sum(due.get(pk, (0, 0))[0] for pk in products),
            due_soon=sum(due.get(pk, (0, 0))[1] for pk in products),
            findings=findings.get(row.pk, 0),
            broken=broken.get(row.pk, 0),
        )
    return found


def _content(row: Article) -> Mapping[str, Any]:
    assert row.live_revision is not None, "`published()` promises it"
    content: Mapping[str, Any] = row.live_revision.content
    return content


def _named(row: Article, blocks: Iterable[Mapping[str, Any]], slugs: Mapping[str, int]) -> set[int]:
    subject = _content(row)["article"]["subject"]
    priced = {slugs[slug] for slug in price_slugs_in(blocks) if slug in slugs}
    return {*products_in(blocks), *priced, *([subject] if subject else [])}


def _shown(
    row: Article,
    blocks: Iterable[Mapping[str, Any]],
    slugs: Mapping[str, int],
    kept: Mapping[int, int],
    offers: Mapping[int, tuple[ShownOffer, ...]],
) -> Iterable[ShownOffer]:
    """What its blocks print: a card some offers, the others the best one; a review all of its subject's."""
    subject = _content(row)["article"]["subject"]
    yield from offers.get(kept.get(subject or 0, 0), ())
    for block in blocks:
        if BLOCKS[block["kind"]].carries_offers_in(block["data"], product_count=len(block["products"])):
            most = OFFERS_SHOWN if block["kind"] == "product_card" else 1
            for pk in _named(row, [block], slugs) - {subject}:
                yield from offers.get(kept.get(pk, 0), ())[:most]


def _due(product_ids: Iterable[int], now: datetime) -> dict[int, tuple[int, int]]:
    """By product: claims past their day, and due within 30 days."""
    today = timezone.localdate(now)
    rows = SpecEvidence.objects.filter(product__in=set(product_ids), due_on__lte=today + DUE_WITHIN)
    found: dict[int, tuple[int, int]] = {}
    for product, due_on in rows.values_list("product", "due_on"):
        over, soon = found.get(product, (0, 0))
        is_over = due_on is not None and due_on < today
        found[product] = (over + is_over, soon + (not is_over))
    return found


def _open_findings(article_ids: Iterable[int]) -> dict[int, int]:
    rows = Finding.objects.open().filter(article__in=list(article_ids)).order_by()
    return dict(rows.values_list("article").annotate(count=Count("id")))
