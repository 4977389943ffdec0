"""By which steps was the answer reached? Every rule that counted, what it read and added, and what was overruled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from recommender.engine import decide
from recommender.explain import Reading, Step, trace
from recommender.forms import Form
from recommender.pages import addresses
from recommender.pages.given import Given, given_answers
from recommender.pages.reasons import BASES, Defeated, defeated, headline
from recommender.pages.rules_then import RulesChanged, answering
from recommender.rules.sentences import field_in_words, plain
from recommender.told import needs_of

_OPERATORS = {
    "eq": "is",
    "ne": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "gte": "is at least",
    "lte": "is at most",
    "gt": "is more than",
    "lt": "is less than",
    "weight_gte": "is at least",
    "between": "is between",
    "contains_any": "has one of",
    "contains_all": "has all of",
    "present": "is known",
    "absent": "is not known",
}

# What was concluded, where the rules' own word says too little.
_FACTS = {
    "kept": "it stays in use",
    "not_kept": "none is in use",
    "met": "met by a microphone of your own",
    "forbidden": "a microphone is not allowed",
    "teen": "a teenager",
    "child": "a child",
}
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """`added` is signed: towards a headset above zero, towards headphones below; empty where the rule had no vote."""

    rule_id: str
    title: str
    text: str
    basis: str
    source: str
    section: str
    readings: tuple[str, ...]
    added: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    title: str
    description: str
    headline: str
    margin: str
    steps: tuple[Fired, ...]
    defeated: tuple[Defeated, ...]
    facts: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    given: tuple[Given, ...]
    version: str
    result: str
    rules_changed: RulesChanged | None
    canonical: str
    remarks: tuple[str, ...]
    is_indexed: bool = False
    json_ld: list[dict[str, Any]] = field(default_factory=list)


def why_page(form: Form) -> WhyPage:
    told = form.told
    needs = needs_of(told)
    rules, changed = answering(form.version, told, needs)
    decision = decide(needs, rules)
    found = trace(needs, decision, rules)
    return WhyPage(
        title=f"Every step to this answer: {headline(decision, needs).lower()}",
        description="Every rule that counted for these needs, what it read, what it added and what was overruled.",
        headline=headline(decision, needs),
        margin=f"{found.margin:+.2f}",
        steps=tuple(_fired(step) for step in found.steps),
        defeated=tuple(defeated(decision)),
        facts=tuple(
            (field_in_words(name), _FACTS.get(value, plain(value))) for name, value in found.facts if value != _UNKNOWN
        ),
        unknown=tuple(field_in_words(name) for name, value in found.facts if value == _UNKNOWN),
        given=tuple(given_answers(told)),
        version=found.rules_version,
        result=addresses.result(told, version=rules.version),
        rules_changed=changed,
        canonical=reverse("choose"),
        remarks=tuple(remark.text for remark in form.remarks),
    )


def _fired(step: Step) -> Fired:
    rule = step.rule
    is_explained = rule.basis == "seed" and rule.section
    return Fired(
        rule_id=rule.rule_id,
        title=step.title,
        text=rule.because,
        basis=BASES.get(rule.basis, rule.basis),
        source=addresses.guide(rule.section) if is_explained else "",
        section=rule.section if is_explained else "",
        readings=tuple(_said(reading) for reading in step.readings),
        added=f"{rule.contribution:+.2f}" if rule.contribution else "",
    )


def _said(reading: Reading) -> str:
    """`hours of wear a day is at least 4 (here: 8)`."""
    name = field_in_words(reading.field)
    asked = f"{name} {_OPERATORS.get(reading.op, plain(reading.op))}"
    wanted = "" if reading.op in ("present", "absent") else f" {reading.wanted}"
    have = f" (here: {reading.have})" if reading.have else " (here: not known)"
    return plain(f"{asked}{wanted}{have}")
