"""Which rules decide? The literal list of rule files that ship with the code, or the version editors published.

Adding a rule: an entry in one of these files, or a new file and its name here. `schema` says what a rule looks like.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import MappingProxyType

from catalog.page_tags import note
from recommender.rules.checks import faults_among
from recommender.rules.faults import Fault, RulesError
from recommender.rules.parsing import rules_in
from recommender.rules.schema import Rule, RuleSet

FILES = (
    "reading.yaml",
    "headphones.yaml",
    "headsets.yaml",
    "difference.yaml",
    "types_of_headphones.yaml",
    "types_of_headsets.yaml",
    "design.yaml",
    "use_cases_for_headphones.yaml",
    "use_cases_for_headsets.yaml",
    "portability.yaml",
    "sound_quality.yaml",
    "comfort.yaml",
    "convenience.yaml",
    "price.yaml",
    "faq.yaml",
    "verdict.yaml",
    "extensions.yaml",
    "house.yaml",
    "wishes.yaml",
)
FOLDER = Path(__file__).parent

# What `decide_with` was given last.
_chosen: dict[str, RuleSet | None] = {"now": None}

__all__ = [
    "FILES",
    "Fault",
    "Rule",
    "RuleSet",
    "RulesError",
    "decide_with",
    "load",
    "rules_of_texts",
    "ruleset_of",
    "shipped",
    "shipped_texts",
]


def load() -> RuleSet:
    """The rules this site decides with; a page that asks for them goes when they change. Raises `RulesError`."""
    note("rules")
    return _chosen["now"] or shipped()


def decide_with(ruleset: RuleSet | None) -> None:
    """From now on these rules decide in this process; None: those that ship with the code."""
    _chosen["now"] = ruleset


@cache
def shipped() -> RuleSet:
    """The rules that ship with the code; raises `RulesError` naming every fault."""
    return ruleset_of(shipped_texts())


@cache
def shipped_texts() -> Mapping[str, str]:
    """File name → YAML text, in the order of `FILES`."""
    return MappingProxyType({name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES})


def ruleset_of(texts: Mapping[str, str]) -> RuleSet:
    """The checked rules of these YAML texts (file name → text), in precedence order whatever the order of files."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    for name, text in texts.items():
        found, wrong = rules_in(text, file=name)
        rules += found
        faults += wrong
    # what rules mean together is only judged once each of them can be read
    faults = faults or faults_among(rules)
    if faults:
        raise RulesError(faults)
    active = tuple(sorted((rule for rule in rules if rule.status == "active"), key=lambda rule: rule.precedence))
    return RuleSet(active, _fingerprint(active))


def rules_of_texts(texts: Mapping[str, str]) -> tuple[Rule, ...]:
    """Every rule that can be read, drafts and retired ones too, in the order of the files."""
    return tuple(rule for name, text in texts.items() for rule in rules_in(text, file=name)[0])


def _fingerprint(rules: tuple[Rule, ...]) -> str:
    content = json.dumps([asdict(rule) for rule in rules], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
