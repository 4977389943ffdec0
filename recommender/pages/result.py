"""What stands on the result: the answer, why, what would change it, and the products that fit?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from recommender import wording
from recommender.advice import advise
from recommender.answers import Needs
from recommender.asking import first_open
from recommender.forms import Form
from recommender.kept_catalogue import kept_catalogue, offers_of
from recommender.pages import addresses
from recommender.pages.changes import (
    Change,
    OptionCard,
    WayOutPart,
    change_of_type,
    changes_of_kind,
    changes_of_winner,
    option_cards,
    way_out_part,
)
from recommender.pages.exports import CatalogueLink, CompareLink, catalogue_link, compare_link
from recommender.pages.given import Given, given_answers
from recommender.pages.products import ProductCard, ProductList, product_lists
from recommender.pages.reasons import Defeated, Reason, defeated, headline, reason, subline
from recommender.pages.rules_then import RulesChanged, answering
from recommender.pages.why_not import WhyNotPart, why_not_part
from recommender.questions import BY_KEY
from recommender.told import needs_of

PLAIN_NOTES = ("cleaning_dry_cloth", "budget_below_typical")
# The engine asks for a fact; this is the question of ours that yields it.
ASKS = {
    "activities": "do",
    "gaming_voice": "do",
    "priority": "do",
    "separate_mic": "mic",
    "mic_forbidden": "mic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """`itself` is the address of this answer with the rules it was given by: what a reader keeps or shares."""

    title: str
    description: str
    kind: str
    headline: str
    subline: str
    outcome: str
    reasons: tuple[Reason, ...]
    defeated: tuple[Defeated, ...]
    cited: tuple[str, ...]
    wants: tuple[str, ...]
    refuses: tuple[str, ...]
    warnings: tuple[Note, ...]
    notes: tuple[Note, ...]
    turns: tuple[Change, ...]
    winner_turns: tuple[Change, ...]
    options: tuple[OptionCard, ...]
    why_not: WhyNotPart | None
    why_not_fields: tuple[tuple[str, str], ...]
    question: str
    question_href: str
    lists: tuple[ProductList, ...]
    way_out: WayOutPart | None
    has_links: bool
    given: tuple[Given, ...]
    dropped: tuple[str, ...]
    undo: str
    rules_changed: RulesChanged | None
    remarks: tuple[str, ...]
    start: str
    all_at_once: str
    why: str
    itself: str
    catalogue: CatalogueLink | None
    comparison: CompareLink | None
    as_of: datetime
    canonical: str
    is_indexed: bool = False
    json_ld: list[dict[str, Any]] = field(default_factory=list)

    @property
    def first(self) -> ProductCard | None:
        """The one we would take, where every demand is confirmed and the kind is sure."""
        best = next((card for item in self.lists[:1] for card in item.cards), None)
        return best if best is not None and best.is_confirmed and len(self.lists) == 1 else None


def result_page(form: Form, *, now: datetime) -> ResultPage:
    """The result for the answers in the address; prices are those that may be shown at `now` (aware, UTC)."""
    told = form.told
    needs = needs_of(told)
    rules, changed = answering(form.version, told, needs)
    advice = advise(needs, kept_catalogue(now=now), rules, now=now, given_up=told.without)
    shown = [pick.product for one in advice.shortlists for pick in (*one.confirmed, *one.unconfirmed)]
    lists = product_lists(advice, offers_of(shown, now=now), told, version=rules.version)
    decision = advice.decision
    dropped = [key for key in told.without if any(key in item.given_up for item in advice.shortlists)]
    kept = [
        f"We cannot leave out {wording.label(key)}: without it the answer would be another one."
        for key in told.without
        if key not in dropped and key in {*decision.must_have, "kind"}
    ]
    asks = ASKS.get(decision.question, first_open(told)) if decision.question else ""
    return ResultPage(
        title=headline(decision, needs),
        description="Headset or headphones: the answer for these needs, with reasons and products.",
        kind=decision.kind,
        headline=headline(decision, needs),
        subline=subline(decision) if needs.activities else "",
        outcome=advice.outcome,
        reasons=tuple(reason(rule) for rule in advice.reasons),
        defeated=tuple(defeated(decision)),
        cited=tuple(rule.rule_id for rule in decision.fired),
        wants=tuple(wording.label(name) for name in decision.must_have),
        refuses=tuple(wording.label(name) for name in decision.excluded if _is_worth_saying(name, needs)),
        warnings=tuple(_notes(key for key in decision.advisories if key not in PLAIN_NOTES)),
        notes=tuple(_notes(key for key in decision.advisories if key in PLAIN_NOTES)),
        turns=(*changes_of_kind(advice, told), *(change_of_type(advice, told) if lists else ())),
        winner_turns=tuple(changes_of_winner(advice, told)),
        options=tuple(option_cards(advice)),
        why_not=why_not_part(form.why, needs, told, rules, now=now),
        why_not_fields=tuple(told.params()),
        question=BY_KEY[asks].title if asks else "",
        question_href=addresses.asking(told, ask=asks) if asks else "",
        lists=lists,
        way_out=way_out_part(advice, told),
        has_links=any(card.offer for item in lists for card in item.cards),
        given=tuple(given_answers(told)),
        dropped=tuple(wording.give_up(key) for key in dropped),
        undo=addresses.result(told, without=(), version=rules.version),
        rules_changed=changed,
        remarks=(*(remark.text for remark in form.remarks), *kept),
        start=reverse("choose"),
        all_at_once=addresses.all_at_once(told),
        why=addresses.why(told, version=rules.version),
        itself=addresses.result(told, version=rules.version),
        catalogue=catalogue_link(decision, told),
        comparison=compare_link(card.slug for item in lists[:1] for card in item.cards),
        as_of=now,
        canonical=reverse("choose"),
    )


def _is_worth_saying(refused: str, needs: Needs) -> bool:
    """Not of types, for a reader is told the one that fits, nor of a plug that only who flies has ever seen."""
    return refused in needs.avoid_features or (refused != "aviation_plug" and not refused.startswith("type:"))


def _notes(keys: Iterable[str]) -> Iterable[Note]:
    for key in keys:
        title, text = wording.ADVISORIES[key]
        yield Note(title=title, text=text)
