"""What stands on the result: the answer, why, what would change it, and the products that fit?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from catalog.kinds import ProductType
from recommender import wording
from recommender.advice import Advice, advise, kinds_of
from recommender.answers import Needs
from recommender.decision import Decision, FiredRule
from recommender.engine import decide
from recommender.forms import Form, first_open
from recommender.pages import addresses
from recommender.pages.asking import Given, given_answers
from recommender.pages.products import ProductList, product_lists
from recommender.questions import BY_KEY, Told, needs_of
from recommender.rules import load
from recommender.selectors import candidates

PLAIN_NOTES = ("cleaning_dry_cloth", "budget_below_typical")
BASES = {"seed": "our guide", "editorial": "our editors", "safety": "safety", "legal": "the law"}
# The engine asks for a fact; this is the question of ours that yields it.
ASKS = {
    "activities": "do",
    "gaming_voice": "do",
    "priority": "do",
    "separate_mic": "mic",
    "mic_forbidden": "mic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`source` is the part of our guide that explains the rule, when there is one."""

    text: str
    rule_id: str
    basis: str
    section: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defeated:
    """Rules that matched and lost to the rule `by`, all for the same reason."""

    rule_ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A single different answer that would lead elsewhere, with the address that shows it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
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
    turns: tuple[Turn, ...]
    question: str
    question_href: str
    lists: tuple[ProductList, ...]
    has_links: bool
    given: tuple[Given, ...]
    dropped: tuple[str, ...]
    undo: str
    remarks: tuple[str, ...]
    start: str
    all_at_once: str
    as_of: datetime
    canonical: str
    is_indexed: bool = False
    json_ld: list[dict[str, Any]] = field(default_factory=list)


def result_page(form: Form, *, now: datetime) -> ResultPage:
    """The result for the answers in the address; prices are those that may be shown at `now` (aware, UTC)."""
    told, rules = form.told, load()
    needs = needs_of(told)
    found = candidates(now=now, kinds=kinds_of(decide(needs, rules), needs), currency=told.currency)
    advice = advise(needs, found.facts, rules, now=now, given_up=told.without)
    lists = product_lists(advice, found.offers, told, version=rules.version)
    decision = advice.decision
    dropped = [key for key in told.without if any(key in item.given_up for item in advice.shortlists)]
    kept = [
        f"We cannot leave out {wording.label(key)}: without it the answer would be another one."
        for key in told.without
        if key not in dropped and key in {*decision.must_have, "kind"}
    ]
    asks = ASKS.get(decision.question or "", first_open(told)) if advice.outcome == "clarify" else ""
    return ResultPage(
        title=_headline(decision, needs),
        description="Headset or headphones: the answer for these needs, with reasons and products.",
        kind=decision.kind,
        headline=_headline(decision, needs),
        subline=_subline(decision),
        outcome=advice.outcome,
        reasons=tuple(_reason(rule) for rule in advice.reasons),
        defeated=tuple(_defeated(decision)),
        cited=tuple(rule.rule_id for rule in decision.fired),
        wants=tuple(wording.label(name) for name in decision.must_have),
        # types of the chosen kind that do not fit say nothing to a reader who is told the type that does
        refuses=tuple(wording.label(name) for name in decision.excluded if not name.startswith("type:")),
        warnings=tuple(_notes(key for key in decision.advisories if key not in PLAIN_NOTES)),
        notes=tuple(_notes(key for key in decision.advisories if key in PLAIN_NOTES)),
        turns=tuple(_turns(advice, told)),
        question=BY_KEY[asks].title if asks else "",
        question_href=addresses.asking(told, ask=asks) if asks else "",
        lists=lists,
        has_links=any(card.offer for item in lists for card in item.cards),
        given=tuple(given_answers(told)),
        dropped=tuple(wording.give_up(key) for key in dropped),
        undo=addresses.result(told, without=()),
        remarks=(*(remark.text for remark in form.remarks), *kept),
        start=reverse("choose"),
        all_at_once=addresses.all_at_once(told),
        as_of=now,
        canonical=reverse("choose"),
    )


def _headline(decision: Decision, needs: Needs) -> str:
    if decision.kind == "headset":
        return "You want a headset"
    if decision.kind == "headphones":
        return "You want headphones"
    return "Headset or headphones: both can be right" if needs.activities else "Tell us a little more"


def _subline(decision: Decision) -> str:
    """The types in a sentence: the best with its facets, then what would also do."""
    if not decision.types:
        return ""
    best, *others = (ProductType(name) for name in decision.types[:3])
    first = ", ".join([*decision.facets, best.label.lower()])
    named = ", ".join(f"{other.label.lower()} {other.kind.value}" for other in others)
    also = f" Also: {named}." if named else ""
    return f"Best type: {first} {best.kind.value}.{also}"


def _reason(rule: FiredRule) -> Reason:
    """Rules from our guide link to the part that explains them; our editors' and safety rules say whose they are."""
    is_explained = rule.basis == "seed" and rule.section
    return Reason(
        text=rule.because,
        rule_id=rule.rule_id,
        basis=BASES.get(rule.basis, rule.basis),
        section=rule.section,
        source=addresses.guide(rule.section) if is_explained else "",
    )


def _defeated(decision: Decision) -> Iterable[Defeated]:
    groups: dict[tuple[str, str], list[str]] = {}
    for item in decision.overridden:
        groups.setdefault((item.by, item.reason), []).append(item.rule_id)
    for (by, reason), rule_ids in groups.items():
        yield Defeated(rule_ids=tuple(rule_ids), by=by, reason=reason)


def _notes(keys: Iterable[str]) -> Iterable[Note]:
    for key in keys:
        title, text = wording.ADVISORIES[key]
        yield Note(title=title, text=text)


def _turns(advice: Advice, told: Told) -> Iterable[Turn]:
    answers = {
        "own": "If you used a microphone of your own",
        "none": "If you had no microphone of your own",
        "rarely": "If you made only the odd, short call",
        "never": "If you did not talk at all",
    }
    names = {option.value: option.label for option in BY_KEY["do"].options}
    for flip in advice.flips:
        what, _, value = flip.key.partition(":")
        if what == "mic":
            text, href = answers[value], addresses.result(told, mic=value)
        else:
            text = f"Without “{names.get(value, value)}”"
            href = addresses.result(told, do=tuple(name for name in told.do if name != value))
        kind = "a headset" if flip.kind == "headset" else "headphones"
        yield Turn(text=f"{text}, the answer would be {kind}.", href=href)
