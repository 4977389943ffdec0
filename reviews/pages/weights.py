"""How do products stand by a reader's own weights, beside ours, and what moved each?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from reviews import own_weights
from reviews.models import Score
from reviews.own_weights import HEAVIEST, Given, Standing, share_by_key
from reviews.pages.compare_address import MOST, compare_url
from reviews.score_table import Method, UseCaseFacts

# The query parameter that the weights stand in, how a form with a field for each of them writes it, and where on a page
# they are.
PARAMETER = "w"
FORM_PARAMETER = "w[]"
ANCHOR = "your-weights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighable:
    """A product as the list names it."""

    product_id: int
    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightField:
    """`value` and `ours` are from 0 to 10."""

    key: str
    label: str
    value: int
    ours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedScore:
    label: str
    score: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedLine:
    """`why` says in a sentence what moved it; empty where it keeps its place."""

    name: str
    url: str
    standing: Standing
    why: str
    scores: tuple[WeighedScore, ...]

    @property
    def moved(self) -> str:
        """`up 2 places`, `down 1 place`, `same place`."""
        places = self.standing.places
        if not places:
            return "same place"
        return f"{'up' if places > 0 else 'down'} {abs(places)} place{'' if abs(places) == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartLine:
    """A product that is not ranked, and what it has no score on."""

    name: str
    url: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWeights:
    """`action` is the path of the page; `spelling` the weights in its address, empty where they are ours."""

    use_case: str
    method_number: int
    method_url: str
    action: str
    fields: tuple[WeightField, ...]
    problems: tuple[str, ...]
    spelling: str
    lines: tuple[WeighedLine, ...]
    apart: tuple[ApartLine, ...]
    compare_url: str
    # Where weights that are spelt another way lead, such as those of a form; empty where they are as they should be.
    led_to: str
    heaviest: int = HEAVIEST

    @property
    def is_weighted(self) -> bool:
        return bool(self.spelling)

    @property
    def share_url(self) -> str:
        """The page with these weights; that of ours has none in its address."""
        return weighted_url(self.action, self.spelling)


def rank_url(use_case: str) -> str:
    """The list of all scored products for this use case (its key)."""
    return reverse("rank", kwargs={"use_case": use_case})


def weighted_url(action: str, spelling: str) -> str:
    return f"{action}?{PARAMETER}={spelling}" if spelling else action


def _led_to(written: Sequence[str], given: Given, action: str) -> str:
    if given.problems or ",".join(written) == given.spelling:
        return ""
    return f"{weighted_url(action, given.spelling)}#{ANCHOR}"


def weighed(
    products: Sequence[Weighable],
    rows: Mapping[int, Mapping[str, Score]],
    written: Sequence[str],
    *,
    method: Method,
    use_case: UseCaseFacts,
    action: str,
) -> OwnWeights:
    """`products` in the order that ties keep; `rows` are their scores by the method. No query."""
    given = own_weights.read(written, use_case.weights)
    scores = {one.product_id: _values(rows.get(one.product_id, {})) for one in products}
    yours = use_case.weights if given.is_ours else given.weights
    ranking = own_weights.rerank(scores, use_case.weights, yours)
    by_id = {one.product_id: one for one in products}
    labels = {one.key: one.label for one in method.criteria}
    ranked = [by_id[one.product_id] for one in ranking.standings]
    return OwnWeights(
        use_case=use_case.label,
        method_number=method.number,
        method_url=reverse("method-version", kwargs={"number": method.number}),
        action=action,
        fields=_fields(given, use_case, labels),
        problems=given.problems,
        spelling=given.spelling,
        lines=tuple(
            WeighedLine(
                name=by_id[one.product_id].name,
                url=by_id[one.product_id].url,
                standing=one,
                why=_why(one, use_case, yours, scores[one.product_id], labels),
                scores=_shown(scores[one.product_id], yours, labels),
            )
            for one in ranking.standings
        ),
        apart=tuple(
            ApartLine(
                name=by_id[one.product_id].name,
                url=by_id[one.product_id].url,
                missing=tuple(labels[key] for key in one.missing),
            )
            for one in ranking.apart
        ),
        compare_url=compare_url(one.slug for one in ranked[:MOST]) if len(ranked) > 1 else "",
        led_to=_led_to(written, given, action),
    )


def _values(rows: Mapping[str, Score]) -> dict[str, Decimal]:
    return {key: row.value for key, row in rows.items()}


def _fields(given: Given, use_case: UseCaseFacts, labels: Mapping[str, str]) -> tuple[WeightField, ...]:
    ours = own_weights.on_scale(use_case.weights)
    return tuple(
        WeightField(key=key, label=labels[key], value=value, ours=ours[key]) for key, value in given.weights.items()
    )


def _shown(
    scores: Mapping[str, Decimal], yours: Mapping[str, int], labels: Mapping[str, str]
) -> tuple[WeighedScore, ...]:
    """What counts by the reader's weights, the heaviest first."""
    counting = sorted((key for key in yours if yours[key] > 0), key=lambda key: -yours[key])
    return tuple(WeighedScore(label=labels[key], score=scores[key]) for key in counting)


def _why(
    one: Standing,
    use_case: UseCaseFacts,
    yours: Mapping[str, int],
    scores: Mapping[str, Decimal],
    labels: Mapping[str, str],
) -> str:
    """`Comfort counts more: 50 %, not 30 %; it has 9.0 there.`"""
    if not one.moved_by:
        return ""
    now, before = share_by_key(yours)[one.moved_by], share_by_key(use_case.weights)[one.moved_by]
    if now == before:  # a share of a per cent: not worth a number
        return f"{labels[one.moved_by]} counts a little differently; it has {scores[one.moved_by]} there."
    more = "more" if now > before else "less"
    return f"{labels[one.moved_by]} counts {more}: {now} %, not {before} %; it has {scores[one.moved_by]} there."
