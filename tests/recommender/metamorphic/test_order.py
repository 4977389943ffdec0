"""In whatever order and scale things are told, the answer is the same: MC-03 to MC-07."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.ranking import Catalogue
from recommender.rules import RuleSet
from tests.recommender.metamorphic.population import (
    MAPPINGS,
    PEOPLE,
    PRODUCTS,
    decided,
    ranked,
    rankings,
    rules,
    told,
)

CHANCE = random.Random(3)


def _pairs(mapping: Any) -> list[dict[str, Any]]:
    given = mapping.get("activities") or {}
    if isinstance(given, dict):
        return [{"name": name, "weight": weight} for name, weight in given.items()]
    return [{"name": item, "weight": 1} if isinstance(item, str) else dict(item) for item in given]


def test_mc_03_the_order_and_the_ids_of_the_catalogue_do_not_matter() -> None:
    shuffled = [replace(one, id=CHANCE.randrange(10**6)) for one in PRODUCTS]
    CHANCE.shuffle(shuffled)
    catalogue = Catalogue(shuffled)
    for index, needs in enumerate(PEOPLE):
        assert told(rankings(needs, decided(index), catalogue)) == told(ranked(index))


def test_mc_04_the_order_in_which_needs_are_told_does_not_matter() -> None:
    for index, mapping in enumerate(MAPPINGS):
        items = list(dict(mapping, activities=_pairs(mapping)).items())
        CHANCE.shuffle(items)
        turned = {name: list(reversed(value)) if isinstance(value, list) else value for name, value in items}
        assert needs_from_mapping(turned) == PEOPLE[index]


def test_mc_05_the_order_of_the_rules_in_storage_does_not_matter() -> None:
    mixed = list(rules().rules)
    CHANCE.shuffle(mixed)
    other = RuleSet(tuple(sorted(mixed, key=lambda rule: rule.precedence)), rules().version)
    for index, needs in enumerate(PEOPLE):
        assert decide(needs, other) == decided(index)


def test_mc_06_weights_of_any_scale_mean_the_same() -> None:
    for index, mapping in enumerate(MAPPINGS):
        for factor in (0.1, 3, 100):
            scaled = [{**pair, "weight": pair["weight"] * factor} for pair in _pairs(mapping)]
            assert needs_from_mapping({**mapping, "activities": scaled}) == PEOPLE[index]


def test_mc_07_an_activity_told_in_two_halves_is_one() -> None:
    for index, mapping in enumerate(MAPPINGS):
        pairs = _pairs(mapping)
        if not pairs:
            continue
        first = {**pairs[0], "weight": pairs[0]["weight"] / 2}
        assert needs_from_mapping({**mapping, "activities": [first, *pairs[1:], first]}) == PEOPLE[index]


def test_two_runs_give_the_same_bytes_and_understood_needs_are_understood_again() -> None:
    from recommender.answers import needs_as_mapping

    for index, needs in enumerate(PEOPLE):
        again = needs_from_mapping(needs_as_mapping(needs))
        assert repr(decide(again, rules())) == repr(decided(index))
