"""Who would move where if a version of the method came into force (E6)? Nothing here changes anything.

Guides count that readers see and that have a use case; their products are those they pick, in their order. Reviews
count whose scores come from the method. A fixed number of queries, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from catalog.models import Product
from reviews.blocks.scores import overall as frozen_overall
from reviews.blocks.scores import shown_rows
from reviews.models import Article, MethodVersion, Score
from reviews.pages.picks import picked_ids
from reviews.reports.slopes import Slopes, slopes
from reviews.score_table import Method, active_version, method_of, overalls_of, score_rows
from reviews.scoring import STEP, Move, moves, out_of_order


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """`direction` is up, down, same, new or gone; `words` say the move without an arrow or a colour."""

    name: str
    move: Move
    direction: str
    arrow: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideMoves:
    """`unlike` names neighbours on the page that the new scores would have the other way round."""

    article_id: int
    title: str
    url: str
    edit_url: str
    use_case: str
    lines: tuple[MoveLine, ...]
    unlike: tuple[str, ...]
    chart: Slopes
    # The new version does not know its use case any more.
    is_lost: bool

    @property
    def moved(self) -> int:
        return sum(line.direction != "same" for line in self.lines)

    @property
    def unscored(self) -> tuple[str, ...]:
        return tuple(line.name for line in self.lines if line.move.after is None)

    @property
    def is_touched(self) -> bool:
        return self.is_lost or any(line.move.changes for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMove:
    """`before` is what readers see in the review."""

    article_id: int
    title: str
    url: str
    edit_url: str
    use_case: str
    before: Decimal | None
    after: Decimal | None

    @property
    def words(self) -> str:
        if self.before is None or self.after is None:
            return "would get a score" if self.before is None else "would lose its score"
        return f"{'up' if self.after > self.before else 'down'} by {abs(self.after - self.before)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesReport:
    """`to_confirm` are scores carried over that do not count until somebody confirms them."""

    guides: tuple[GuideMoves, ...]
    reviews: tuple[ReviewMove, ...]
    unchanged_reviews: int
    to_confirm: int

    @property
    def touched(self) -> tuple[GuideMoves, ...]:
        return tuple(guide for guide in self.guides if guide.is_touched)


def moves_report(version: MethodVersion) -> MovesReport:
    """What `version` would change against the active one and against what reviews say."""
    active = active_version()
    before, after = (method_of(active) if active else None), method_of(version)
    articles = list(_articles())
    picked = {row.pk: picked_ids(_content(row)) for row in articles}
    reviewed = [(row, block) for row in articles for block in _blocks_by_method(row)]
    ids = {pk for found in picked.values() for pk in found} | {pk for _, block in reviewed for pk in block["products"]}
    rows_before = score_rows(before, ids) if before else {}
    rows_after = score_rows(after, ids)
    names = {row.pk: row.name for row in Product.objects.filter(pk__in=ids).select_related("brand")}
    guides = tuple(
        _guide(row, picked[row.pk], (before, rows_before), (after, rows_after), names)
        for row in articles
        if row.kind != Article.ArticleKind.REVIEW and row.use_case and picked[row.pk]
    )
    all_reviews = [found for row, block in reviewed if (found := _review(row, block, after, rows_after))]
    changed = tuple(one for one in all_reviews if _differs(one))
    return MovesReport(
        guides=guides,
        reviews=changed,
        unchanged_reviews=len(all_reviews) - len(changed),
        to_confirm=Score.objects.filter(criterion__version=version, is_confirmed=False).count(),
    )


def _articles() -> Iterable[Article]:
    return Article.objects.published().select_related("live_revision").order_by("title", "pk")


def _content(article: Article) -> Mapping[str, Any]:
    assert article.live_revision is not None
    content: Mapping[str, Any] = article.live_revision.content
    return content


def _blocks_by_method(article: Article) -> list[Mapping[str, Any]]:
    return [
        block
        for block in _content(article)["blocks"]
        if block["kind"] == "scores" and block["products"] and block["data"].get("use_case")
    ]


Weighed = tuple[Method | None, Mapping[int, Mapping[str, Score]]]


def _guide(article: Article, picked: Sequence[int], old: Weighed, new: Weighed, names: Mapping[int, str]) -> GuideMoves:
    use_case = new[0].use_case(article.use_case) if new[0] else None
    before, after = _values(old, article.use_case, picked), _values(new, article.use_case, picked)
    found = moves(before, after)
    return GuideMoves(
        article_id=article.pk,
        title=_content(article)["article"]["title"],
        url=article.get_absolute_url(),
        edit_url=reverse("admin:reviews_article_change", args=[article.pk]),
        use_case=use_case.label if use_case else article.use_case,
        lines=tuple(_line(move, names) for move in found),
        unlike=tuple(
            f"{names[first]} ({after[first]}) stands before {names[second]} ({after[second]})"
            for first, second in out_of_order(picked, after)
        ),
        chart=slopes(found, names),
        is_lost=use_case is None,
    )


def _values(weighed: Weighed, use_case: str, ids: Sequence[int]) -> dict[int, Decimal | None]:
    method, rows = weighed
    found = method.use_case(use_case) if method else None
    if found is None:
        return dict.fromkeys(ids)
    return {product: one.value for product, one in overalls_of(rows, found, ids).items()}


def _line(move: Move, names: Mapping[int, str]) -> MoveLine:
    direction, arrow, words = _spoken(move)
    return MoveLine(name=names.get(move.product_id, "?"), move=move, direction=direction, arrow=arrow, words=words)


def _spoken(move: Move) -> tuple[str, str, str]:
    if move.after is None:
        return ("gone", "×", "would have no score") if move.before is not None else ("same", "–", "has no score")
    if move.before is None:
        return "new", "+", "gets its first score"
    if not move.places:
        return "same", "=", "stays"
    count = abs(move.places)
    places = f"{count} place{'' if count == 1 else 's'}"
    return ("up", "↑", f"up {places}") if move.places > 0 else ("down", "↓", f"down {places}")


def _review(
    article: Article, block: Mapping[str, Any], method: Method, rows: Mapping[int, Mapping[str, Score]]
) -> ReviewMove | None:
    use_case = method.use_case(block["data"]["use_case"])
    product = block["products"][0]
    after = overalls_of(rows, use_case, [product])[product].value if use_case else None
    return ReviewMove(
        article_id=article.pk,
        title=_content(article)["article"]["title"],
        url=article.get_absolute_url(),
        edit_url=reverse("admin:reviews_article_change", args=[article.pk]),
        use_case=use_case.label if use_case else block["data"]["use_case"],
        before=frozen_overall(shown_rows(block["data"])),
        after=after,
    )


def _differs(one: ReviewMove) -> bool:
    if one.before is None or one.after is None:
        return one.before is not one.after
    return abs(one.after - one.before) >= STEP
