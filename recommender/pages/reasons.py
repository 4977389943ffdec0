"""In which words does an answer give its reasons: the headline, the rules that spoke for it, those that lost?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.kinds import ProductType
from recommender.answers import Needs
from recommender.decision import Decision, FiredRule
from recommender.pages import addresses

BASES = {"seed": "our guide", "editorial": "our editors", "safety": "safety", "legal": "the law"}


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


def headline(decision: Decision, needs: Needs) -> str:
    if decision.kind == "headset":
        return "You want a headset"
    if decision.kind == "headphones":
        return "You want headphones"
    return "Headset or headphones: both can be right" if needs.activities else "Tell us a little more"


def in_a_sentence(kind_of: ProductType) -> str:
    """A type's name behind other words; Bluetooth is a name and keeps its capital."""
    return kind_of.label if kind_of is ProductType.BLUETOOTH else kind_of.label.lower()


def subline(decision: Decision) -> str:
    """The types in a sentence: the best with its facets, then what would also do."""
    if not decision.types:
        return ""
    best, *others = (ProductType(name) for name in decision.types[:3])
    first = ", ".join([*decision.facets, in_a_sentence(best)])
    named = ", ".join(f"{in_a_sentence(other)} {other.kind.value}" for other in others)
    also = f" Also: {named}." if named else ""
    return f"Best type: {first} {best.kind.value}.{also}"


def so_far(decision: Decision, *, is_sure: bool | None = None) -> str:
    """Where the answers given point, and, when that is known, whether one more is likely to turn it."""
    if decision.outcome == "clarify" or decision.kind == "either":
        return "So far it could be either of the two."
    kind = "a headset" if decision.kind == "headset" else "headphones"
    more = {
        None: ".",
        True: ", and no next answer is likely to change that: the rest finds the right model.",
        False: "; an answer can still change that.",
    }
    return f"So far this points to {kind}{more[is_sure]}"


def reason(rule: FiredRule) -> Reason:
    """Rules from our guide link to the part that explains them; our editors' and safety rules say whose they are."""
    is_explained = rule.basis == "seed" and rule.section
    return Reason(
        text=rule.because,
        rule_id=rule.rule_id,
        basis=BASES.get(rule.basis, rule.basis),
        section=rule.section,
        source=addresses.guide(rule.section) if is_explained else "",
    )


def defeated(decision: Decision) -> Iterable[Defeated]:
    groups: dict[tuple[str, str], list[str]] = {}
    for item in decision.overridden:
        groups.setdefault((item.by, item.reason), []).append(item.rule_id)
    for (by, why), rule_ids in groups.items():
        yield Defeated(rule_ids=tuple(rule_ids), by=by, reason=why)
