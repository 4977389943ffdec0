"""On whom the metamorphic checks are run: our own scenarios and lives, and 500 generated people, over one catalogue."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from recommender import vocabulary
from recommender.answers import Needs, needs_from_mapping
from recommender.counterfactuals import kinds_of
from recommender.decision import Decision
from recommender.engine import decide
from recommender.ranking import Catalogue, Ranking, rank
from recommender.rules import RuleSet, shipped
from tests.recommender.lives import LIVES
from tests.recommender.many_products import many_products

GENERATED = 500
PRODUCTS = many_products(240, seed=24)
CATALOGUE = Catalogue(PRODUCTS)
_SCENARIOS = yaml.safe_load((Path(__file__).parents[1] / "scenarios.yaml").read_text(encoding="utf-8"))
_WEIGHTS = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1)


def generated(count: int = GENERATED, *, seed: int = 2026) -> Iterator[dict[str, Any]]:
    """Needs in the vocabulary's words; each field is there or missing, the same for the same seed."""
    chance = random.Random(seed)
    words = {
        "mic_need": vocabulary.MIC_NEEDS,
        "isolation": vocabulary.ISOLATION,
        "awareness": vocabulary.AWARENESS,
        "portability": vocabulary.PORTABILITY,
        "connection": vocabulary.CONNECTION,
        "sound_priority": vocabulary.SOUND_PRIORITY,
        "has_separate_mic": (True, False, None),
        "will_use_separate_mic": (True, False, None),
        "wear_hours_per_day": range(13),
    }
    for _ in range(count):
        names = chance.sample(vocabulary.ACTIVITIES, chance.choice([1, 1, 2, 2, 3, 4]))
        needs: dict[str, Any] = {"activities": [{"name": n, "weight": chance.choice(_WEIGHTS)} for n in names]}
        needs |= {name: chance.choice(list(values)) for name, values in words.items() if chance.random() < 0.45}
        for name, values in (
            ("environment", vocabulary.ENVIRONMENTS),
            ("platforms", vocabulary.PLATFORMS),
            ("connectors", vocabulary.CONNECTORS),
        ):
            if chance.random() < 0.4:
                needs[name] = chance.sample(values, chance.choice([1, 1, 2]))
        if chance.random() < 0.6:
            needs["budget"] = {"max": chance.randrange(10, 400), "currency": chance.choice(["USD", "USD", "EUR"])}
        if chance.random() < 0.3:
            needs["user"] = {"age": chance.randrange(4, 80), "glasses": chance.random() < 0.5}
        if chance.random() < 0.1:
            needs["hearing"] = {"limit": chance.choice(vocabulary.HEARING_LIMITS)}
        yield needs


MAPPINGS: list[Mapping[str, Any]] = [
    *(scenario["needs"] for scenario in _SCENARIOS),
    *(life["needs"] for life in LIVES),
    *generated(),
]
PEOPLE: list[Needs] = [needs_from_mapping(mapping) for mapping in MAPPINGS]


@cache
def rules() -> RuleSet:
    return shipped()


@cache
def decided(index: int) -> Decision:
    """What is decided for the person of this number; worked out once for all checks."""
    return decide(PEOPLE[index], rules())


@cache
def ranked(index: int) -> tuple[Ranking, ...]:
    return rankings(PEOPLE[index], decided(index), CATALOGUE)


def rankings(needs: Needs, decision: Decision, catalogue: Catalogue, *, limit: int = 6) -> tuple[Ranking, ...]:
    return tuple(
        rank(
            decision,
            catalogue,
            kind=kind,
            budget=needs.budget,
            mic_forbidden=needs.mic_need == "forbidden",
            limit=limit,
        )
        for kind in kinds_of(decision, needs)
    )


def told(found: tuple[Ranking, ...]) -> str:
    """Lists, utilities, gaps and repairs, to the byte."""
    return repr(
        [
            (
                [(item.product.slug, item.utility, item.gaps) for item in (*one.confirmed, *one.unconfirmed)],
                [(item.relaxation.keys, item.relaxation.budget, item.best.slug) for item in one.repairs],
            )
            for one in found
        ]
    )


def slugs(ranking: Ranking) -> list[str]:
    return [item.product.slug for item in (*ranking.confirmed, *ranking.unconfirmed)]
