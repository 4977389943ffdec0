"""Which rules answer an address that names the rules it was answered by, and what is said when they have changed?

A shared answer stays as it was given: its version of the rules is kept for good. The reader is told when today's rules
are others, whether that changes this answer, and where the answer by today's rules stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from recommender.answers import Needs
from recommender.decision import Decision
from recommender.engine import decide
from recommender.pages import addresses
from recommender.pages.reasons import headline
from recommender.rules import RuleSet, load
from recommender.rules_in_force import rules_then
from recommender.told import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """`today` is the address of the answer by today's rules; empty on a page that is that answer."""

    text: str
    today: str = ""


def answering(version: str, told: Told, needs: Needs) -> tuple[RuleSet, RulesChanged | None]:
    """The rules to answer by, and what to say of them; `version` is empty where the address names none."""
    now = load()
    if version in ("", now.version):
        return now, None
    then = rules_then(version)
    if then is None:
        text = f"We do not have the rules “{version}” that this address names. This is the answer by today's rules."
        return now, RulesChanged(text=text)
    was, would_be = decide(needs, then), decide(needs, now)
    if _gist(was) == _gist(would_be):
        today = "By today's rules it would be the same."
    elif was.kind == would_be.kind:
        today = "By today's rules the kind is the same, but not the types or demands."
    else:
        today = f"By today's rules: {headline(would_be, needs).lower()}."
    text = f"Our rules have changed since. This is the answer as it was given then. {today}"
    return then, RulesChanged(text=text, today=addresses.result(told))


def _gist(decision: Decision) -> tuple[object, ...]:
    return decision.kind, decision.types, set(decision.must_have), set(decision.excluded)
