"""By which method do we score, and what did products get by it? Read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet

from catalog.kept_query import KeptQuery, Question
from reviews.models import Criterion, MethodVersion, Score, UseCase, Weight
from reviews.scoring import Overall, overall, shares


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionFacts:
    pk: int
    key: str
    label: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseFacts:
    """`weights` has every criterion of the method, in its order; 0 where it does not count."""

    key: str
    label: str
    weights: Mapping[str, int]

    @property
    def shares(self) -> dict[str, int]:
        """Whole per cent by criterion; they add up to 100."""
        return dict(zip(self.weights, shares(list(self.weights.values())), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A version of the method, read whole."""

    pk: int
    number: int
    criteria: tuple[CriterionFacts, ...]
    use_cases: tuple[UseCaseFacts, ...]

    def use_case(self, key: str) -> UseCaseFacts | None:
        return next((one for one in self.use_cases if one.key == key), None)

    @property
    def default(self) -> UseCaseFacts | None:
        """The use case that speaks where a page has none of its own: the first."""
        return self.use_cases[0] if self.use_cases else None


def method_of(version: MethodVersion) -> Method:
    """Three queries."""
    criteria = list(version.criteria.all())
    use_cases = version.use_cases.prefetch_related(Prefetch("weights", Weight.objects.order_by("id")))
    return Method(
        pk=version.pk,
        number=version.number,
        criteria=tuple(CriterionFacts(pk=row.pk, key=row.key, label=row.label, how=row.how) for row in criteria),
        use_cases=tuple(
            UseCaseFacts(key=row.key, label=row.label, weights=_weights(row, criteria)) for row in use_cases
        ),
    )


def _weights(row: UseCase, criteria: Iterable[Criterion]) -> dict[str, int]:
    given = {weight.criterion_id: weight.weight for weight in row.weights.all()}
    return {criterion.key: given.get(criterion.pk, 0) for criterion in criteria}


def active_version() -> MethodVersion | None:
    return MethodVersion.objects.filter(state=MethodVersion.State.ACTIVE).first()


def active_method() -> Method | None:
    """What pages are scored by from now on; None before the first one is activated. Four queries at most."""
    version = active_version()
    return method_of(version) if version else None


def public_versions() -> QuerySet[MethodVersion]:
    """Those that are or were active, newest first: the change log of the method."""
    return MethodVersion.objects.exclude(state=MethodVersion.State.DRAFT).order_by("-number")


def use_case_choices() -> list[tuple[str, str]]:
    """Key and label of what an article can be weighted for. One query."""
    rows = UseCase.objects.filter(version__state=MethodVersion.State.ACTIVE)
    return list(rows.values_list("key", "label"))


def score_rows(method: Method, product_ids: Iterable[int]) -> dict[int, dict[str, Score]]:
    """What counts of these products: by product, then by the criterion's key. One query."""
    keys = {criterion.pk: criterion.key for criterion in method.criteria}
    found: dict[int, dict[str, Score]] = {}
    for row in Score.objects.filter(criterion__in=keys, product__in=list(product_ids), is_confirmed=True):
        found.setdefault(row.product_id, {})[keys[row.criterion_id]] = row
    return found


def scores_of_product(method: Method, product_id: int) -> dict[str, Score]:
    """The same of one product, each with its tester. One query."""
    keys = {criterion.pk: criterion.key for criterion in method.criteria}
    rows = Score.objects.filter(criterion__in=keys, product=product_id, is_confirmed=True).select_related("tester")
    return {keys[row.criterion_id]: row for row in rows}


def overalls(method: Method, use_case: UseCaseFacts, product_ids: Iterable[int]) -> dict[int, Overall]:
    """Of each product for this use case, in the order asked for. One query."""
    return overalls_of(score_rows(method, product_ids), use_case, product_ids)


def overalls_of(
    rows: Mapping[int, Mapping[str, Score]], use_case: UseCaseFacts, product_ids: Iterable[int]
) -> dict[int, Overall]:
    return {
        product_id: overall({key: row.value for key, row in rows.get(product_id, {}).items()}, use_case.weights)
        for product_id in product_ids
    }


def _default_rows(*, products: Iterable[int]) -> QuerySet[Weight, tuple[str, int, int | None, Decimal | None]]:
    first = (
        UseCase.objects.filter(version__state=MethodVersion.State.ACTIVE).order_by("position", "id").values("pk")[:1]
    )
    counts = Q(criterion__scores__product__in=products, criterion__scores__is_confirmed=True)
    return (
        Weight.objects.filter(use_case=first)
        .annotate(given=FilteredRelation("criterion__scores", condition=counts))
        .values_list("criterion__key", "weight", "given__product", "given__value")
    )


_default_scores = KeptQuery(_default_rows)


def default_scores_question(product_ids: Iterable[int]) -> Question | None:
    """What `default_overalls` will ask about these, for `asked_together`."""
    return _default_scores.of(products=product_ids)


def default_overalls(product_ids: Iterable[int]) -> dict[int, Decimal]:
    """By the active method for its first use case; who is not scored enough is left out. One query."""
    weights: dict[str, int] = {}
    scores: dict[int, dict[str, Decimal]] = {}
    for key, weight, product_id, value in _default_scores.rows(products=list(product_ids)):
        weights[key] = weight
        if product_id is not None and value is not None:
            scores.setdefault(product_id, {})[key] = value
    found = {product_id: overall(given, weights).value for product_id, given in scores.items()}
    return {product_id: value for product_id, value in found.items() if value is not None}
