"""Which claims of an article are watched, how do they stand, and do their words still stand in the working copy?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from reviews.blocks import BLOCKS
from reviews.conditions import CONDITIONS
from reviews.models import Article, Watch
from reviews.passages import BlockText, sentences

# What needs an editor stands first.
_ORDER = (Watch.State.BROKEN, Watch.State.UNKNOWN, Watch.State.UNCHECKED, Watch.State.HOLDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLine:
    """`where`: the block's number and kind; empty for the article as a whole. `lost`: what is no longer there."""

    watch: Watch
    words: str
    where: str
    lost: str


def watches() -> QuerySet[Watch]:
    """With everything that `claim_words` reads, those that need an editor first. Two queries."""
    order = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(_ORDER)), output_field=IntegerField()
    )
    return (
        Watch.objects.select_related("article__author")
        .prefetch_related("watch_products__product__brand")
        .annotate(urgency=order)
        .order_by("urgency", "-since", "id")
    )


def watches_of(article: Article) -> list[WatchLine]:
    """Four queries at most."""
    rows = list(watches().filter(article=article))
    blocks = block_texts(article) if rows else []
    return [watch_line(row, blocks) for row in rows]


def watch_line(watch: Watch, blocks: Sequence[BlockText]) -> WatchLine:
    """`blocks`: all of its article's."""
    own = next((block for block in blocks if block.key == watch.block_key), None)
    where = f"Block {own.number} ({own.label})" if own else ""
    lost = ""
    if watch.block_key and own is None:
        lost = "Its block is no longer in the working copy."
    elif watch.passage:
        looked_at = [own] if own else list(blocks)
        if not any(block.holds(watch.passage) for block in looked_at):
            lost = "These words are no longer in the working copy."
    return WatchLine(watch=watch, words=claim_words(watch), where=where, lost=lost)


def block_texts(article: Article) -> list[BlockText]:
    """The working copy's blocks with what is written in them. One query."""
    return [_block_text(number, row) for number, row in enumerate(article.blocks.order_by("position", "id"), start=1)]


def _block_text(number: int, row: Any) -> BlockText:
    block = BLOCKS.get(row.kind)
    written = sentences(block.fields, row.data) if block and isinstance(row.data, dict) else ()
    return BlockText(row.key, number, block.label if block else row.kind, written)


def claim_words(watch: Watch) -> str:
    """“Acme One costs less than $50.00”. Needs `watch_products__product__brand` prefetched."""
    names = [link.product.name for link in watch.watch_products.all()]
    return words_of(watch.condition, watch.parameters, names)


def words_of(condition_key: str, parameters: Any, names: Sequence[str]) -> str:
    """The same for what is not stored yet; what does not fit is said by its name alone."""
    condition = CONDITIONS.get(condition_key)
    subject = names[0] if names else "A product that is gone"
    if condition is None:
        return f"{subject}: {condition_key}"
    stored, problems = condition.fit(parameters)
    said = condition.label.lower() if problems else condition.says(stored)
    others = f" (beside {', '.join(names[1:])})" if len(names) > 1 else ""
    return f"{subject} {said}{others}"


def broken_counts(article_ids: Iterable[int]) -> dict[int, int]:
    """How many claims of each article are no longer true; who has none is not in it. One query."""
    rows = Watch.objects.filter(article__in=list(article_ids), state=Watch.State.BROKEN).order_by()
    return dict(rows.values_list("article").annotate(count=Count("id")))
