"""For whom does the bench ask for advice, and in which sentences? Generated needs, the same each time."""

from __future__ import annotations

import random
from typing import Any

from recommender import vocabulary
from recommender.answers import Needs, needs_from_mapping

PEOPLE = 120
_SENTENCES = (
    "Teams calls all day in an open office, the others must not hear the room. 120 dollars at most.",
    "I play Valorant with my squad every night and we talk all the time, under 80 euros.",
    "Mostly music on the train, now and then a short call, wireless, I wear glasses, about £150.",
    "I mix records at home and my desk microphone stays; sound before everything, six hours a day.",
    "Something for my seven year old for films on the tablet, no more than 40 USD, nothing that plays too loud.",
    "I drive a lorry and phone dispatch while driving, hands on the wheel, never both ears covered.",
    "Podcasts while jogging in the rain, small, sweat proof, no cable, and I must hear the traffic.",
    "No calls ever. Just quiet on aeroplanes, noise cancelling, long flights, 300 dollars, nothing from Beats.",
)


def people() -> list[Needs]:
    chance = random.Random(11)
    return [needs_from_mapping(_needs(chance)) for _ in range(PEOPLE)]


def sentences() -> tuple[str, ...]:
    return _SENTENCES


def _needs(chance: random.Random) -> dict[str, Any]:
    names = chance.sample(vocabulary.ACTIVITIES[:-1], chance.choice([1, 1, 2, 3]))
    found: dict[str, Any] = {"activities": [{"name": name, "weight": chance.choice([1, 2, 5])} for name in names]}
    for name, values in (
        ("mic_need", vocabulary.MIC_NEEDS[:3]),
        ("isolation", vocabulary.ISOLATION),
        ("connection", vocabulary.CONNECTION),
        ("portability", vocabulary.PORTABILITY),
        ("sound_priority", vocabulary.SOUND_PRIORITY),
        ("has_separate_mic", (True, False)),
        ("wear_hours_per_day", (1, 3, 6, 8)),
    ):
        if chance.random() < 0.5:
            found[name] = chance.choice(values)
    if chance.random() < 0.7:
        found["budget"] = {"max": chance.randrange(15, 350), "currency": "USD"}
    if chance.random() < 0.5:
        found["environment"] = [chance.choice(vocabulary.ENVIRONMENTS)]
    return found
