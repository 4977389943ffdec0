"""The recommender for machines: needs or a sentence in, the whole advice with its reasons and products out.

The words are those of the decision vocabulary. Ranking and prices rest only on what merchants' terms allow in an API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view

from catalog.page_addresses import page_address
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from recommender.advice import Advice, Option, Pick, Turn, WayOut, advise
from recommender.answers import Needs, needs_as_mapping
from recommender.api.door import Door
from recommender.api.serializers import ProblemOut, RecommendationIn, RecommendationOut
from recommender.kept_catalogue import kept_catalogue, offers_of
from recommender.rules import RuleSet, load
from recommender.why_not import why_not

# What an edit's changes come to in the words of the needs.
Changed = Callable[[Mapping[str, Any]], dict[str, Any]]


@extend_schema_view(
    post=extend_schema(
        request=RecommendationIn,
        responses={200: RecommendationOut, (400, "application/problem+json"): ProblemOut},
    )
)
class Recommendation(Door):
    """Headset or headphones, and which one. Nothing that is sent is kept."""

    reads, tells = RecommendationIn, RecommendationOut

    def answer(self, needs: Needs, given: dict[str, Any]) -> dict[str, Any]:
        now, rules = timezone.now(), load()
        catalogue = kept_catalogue(now=now, use=Use.API)
        dropped = sorted(given.get("give_up", ()))
        advice = advise(needs, catalogue, rules, now=now, given_up=dropped)
        asked_for = given.get("why_not")
        told = explained(needs, asked_for, rules, now=now, given_up=dropped) if asked_for else None
        return answer(advice, _offers(advice, now), told, version=rules.version)


def explained(
    needs: Needs, slug: str, rules: RuleSet, *, now: datetime, given_up: Sequence[str]
) -> dict[str, Any] | None:
    """What keeps this product back."""
    found = why_not(needs, slug, kept_catalogue(now=now, use=Use.API), rules, given_up=given_up)
    if found is None:
        return None
    same = (
        "kind",
        "verdict",
        "place",
        "failed",
        "unknown",
        "may_give_up",
        "behind",
        "ahead",
        "is_beaten",
        "steps_back",
    )
    return {
        **{name: getattr(found, name) for name in same},
        "product": found.product.slug,
        "rival": found.rival.slug if found.rival else None,
        "would_win": changes_of(needs, needs_as_mapping(needs), found.would_win.changes) if found.would_win else None,
    }


def _offers(advice: Advice, now: datetime) -> Mapping[int, tuple[ShownOffer, ...]]:
    """The first offer of a product is the best one in the currency that the budget is in."""
    shown = [pick.product for one in advice.shortlists for pick in (*one.confirmed, *one.unconfirmed)]
    currency = advice.needs.budget.currency if advice.needs.budget else "USD"
    return offers_of(shown, now=now, use=Use.API, currency=currency)


def answer(
    advice: Advice,
    offers: Mapping[int, tuple[ShownOffer, ...]],
    told: dict[str, Any] | None = None,
    *,
    version: str,
) -> dict[str, Any]:
    """The advice in the words of the vocabulary."""
    decision, needs = advice.decision, needs_as_mapping(advice.needs)
    changed = partial(changes_of, advice.needs, needs)
    same = ("kind", "types", "facets", "must_have", "nice_to_have", "excluded", "advisories", "question", "margin")
    return {
        **{name: getattr(decision, name) for name in same},
        "outcome": advice.outcome,
        "fired": [rule.rule_id for rule in decision.fired],
        "overridden": sorted({rule.rule_id for rule in decision.overridden}),
        "reasons": advice.reasons,
        "defeated": decision.overridden,
        "flips": [{"kind": one.kind, "changes": changed(one.changes)} for one in advice.flips],
        "turns": [_turn(turn, changed) for turn in advice.turns],
        "type_turn": _turn(advice.type_turn, changed) if advice.type_turn else None,
        "options": [_option(option) for option in advice.options],
        "way_out": _way_out(advice.way_out, changed) if advice.way_out else None,
        "why_not": told,
        "products": list(_products(advice, offers)),
        "relaxations": list(_relaxations(advice)),
        "needs": needs,
        "unknown_activities": advice.needs.unknown_activities,
        "rules_version": version,
        "as_of": advice.as_of,
    }


def _products(advice: Advice, offers: Mapping[int, tuple[ShownOffer, ...]]) -> Iterator[dict[str, Any]]:
    for shortlist in advice.shortlists:
        picks = [(pick, True) for pick in shortlist.confirmed] + [(pick, False) for pick in shortlist.unconfirmed]
        for rank, (pick, is_confirmed) in enumerate(picks, start=1):
            yield {
                "rank": rank,
                "kind": shortlist.kind,
                "is_confirmed": is_confirmed,
                **_product(pick),
                "offers": offers.get(pick.product.id, ()),
            }


def _product(pick: Pick) -> dict[str, Any]:
    product = pick.product
    return {
        "slug": product.slug,
        "name": product.name,
        "brand": product.brand,
        "types": product.types,
        "url": settings.SITE_URL + page_address("product", product.slug),
        "fits": pick.fits,
        "not_confirmed": pick.not_confirmed,
        "lacks": pick.lacks,
        "score": pick.score,
        "utility": pick.utility,
    }


def _relaxations(advice: Advice) -> Iterator[dict[str, Any]]:
    for shortlist in advice.shortlists:
        for repair in shortlist.repairs:
            budget = repair.relaxation.budget
            yield {
                "kind": shortlist.kind,
                "give_up": [key for key in repair.relaxation.keys if key != "budget"],
                "budget": None if budget is None else {"max": budget.maximum, "currency": budget.currency},
                "opens": repair.relaxation.opens,
                "best": repair.best.slug,
            }


def _turn(turn: Turn, changed: Changed) -> dict[str, Any]:
    return {
        "product": turn.product.slug if turn.product else None,
        "type": turn.type,
        "cost": turn.cost,
        "changes": changed(turn.changes),
    }


def _way_out(found: WayOut, changed: Changed) -> dict[str, Any]:
    return {"missing": found.missing, "changes": [changed(edit.changes) for edit in found.edits]}


def _option(option: Option) -> dict[str, Any]:
    microphone = option.microphone
    return {
        **{name: getattr(option, name) for name in ("key", "rule_id", "because", "is_within", "is_cheaper")},
        "product": option.product.slug if option.product else None,
        "microphone": {"max": microphone.maximum, "currency": microphone.currency} if microphone else None,
    }


def changes_of(needs: Needs, before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the needs mapping (`before`) that an edit changes, with their new values."""
    after = needs_as_mapping(replace(needs, **changes))
    return {name: value for name, value in after.items() if value != before[name]}
