"""A catalogue of any size for the bench of the advice: generated, half of the facts unknown, the same each time."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from recommender.facts import CandidateFacts, KnownPrice

_FLAGS = (
    "foldable", "durable", "accurate_sound", "high_fidelity", "anc", "passive_isolation", "transparency",
    "comfort_long_wear", "glasses_friendly", "child_size", "volume_limited", "hygiene_wipeable", "professional_look",
    "rgb", "multipoint", "hearing_protection",
)  # fmt: skip
_FORMS = ("over-ear", "on-ear", "in-ear", "earbud")
_TYPES = ("gaming", "business", "bluetooth", "call-centre", "aviation")
_PLUGS = ("jack_3_5mm", "usb_a", "usb_c", "jack_6_35mm", "ga_dual_plug", "xlr")


def products(count: int, *, seed: int = 1) -> list[CandidateFacts]:
    chance = random.Random(seed)
    return [_product(number, chance) for number in range(count)]


def _product(number: int, chance: random.Random) -> CandidateFacts:
    is_headset = chance.random() < 0.45
    form = chance.choice(_FORMS)
    wireless = chance.choice([True, True, False, None])
    facts: dict[str, Any] = {name: chance.choice([True, False, None, None]) for name in _FLAGS}
    enclosure = chance.choice(["open", "closed", "closed", None])
    if enclosure == "open":  # a sheet does not contradict itself: what is open keeps no noise out
        facts |= {"passive_isolation": False, "hearing_protection": False}
    elif facts["hearing_protection"]:
        facts["passive_isolation"] = True
    if wireless is False:
        facts["multipoint"] = None
    shape = "in-ear" if form == "earbud" else form
    return CandidateFacts(
        id=number,
        slug=f"product-{number:06}",
        name=f"Product {number}",
        brand=f"Brand {chance.randrange(max(8, 40))}",
        kind="headset" if is_headset else "headphones",
        types=_types(shape, wireless, chance, is_headset=is_headset),
        prices=_prices(chance),
        form_factor=form if chance.random() < 0.8 else None,
        enclosure=enclosure,
        ears=chance.choice(["one", "two", None]) if is_headset else "two",
        weight_g=chance.choice([None, Decimal(chance.randrange(5, 420))]),
        water_rating=chance.choice([None, "none", "IPX4", "IP67"]),
        mic_grade="communication" if is_headset else chance.choice(["none", "incidental", None]),
        mic_form=chance.choice(["boom", "built-in", None]) if is_headset else None,
        mic_noise_cancelling=chance.choice([True, False, None]) if is_headset else None,
        mic_mute=chance.choice([True, False, None]) if is_headset else None,
        driver_mm=chance.choice([None, Decimal(40), Decimal(10)]),
        wireless=wireless,
        radios=frozenset({"bluetooth"}) if wireless and chance.random() < 0.8 else None,
        connectors=frozenset(chance.sample(_PLUGS, 2)) if chance.random() < 0.7 else None,
        platforms=frozenset(chance.sample(["pc", "xbox", "playstation"], 2)) if chance.random() < 0.4 else None,
        latency=chance.choice(["low", "ordinary", None, None]) if wireless else None,
        battery_hours=chance.choice([None, Decimal(chance.randrange(4, 60))]) if wireless else None,
        scores=(("", Decimal(chance.randrange(40, 95)) / 10),) if chance.random() < 0.2 else (),
        **facts,
    )


def _types(shape: str, wireless: bool | None, chance: random.Random, *, is_headset: bool) -> tuple[str, ...]:
    if is_headset:
        return (chance.choice(_TYPES),) if chance.random() < 0.9 else ()
    return (shape, "wireless") if wireless else (shape,)


def _prices(chance: random.Random) -> tuple[KnownPrice, ...]:
    amount = Decimal(chance.choice([19, 29, 49, 79, 99, 149, 199, 249, 349])) + Decimal(chance.randrange(0, 100)) / 100
    found = [KnownPrice(amount=amount, currency="USD")] if chance.random() < 0.85 else []
    if chance.random() < 0.2:
        found.insert(0, KnownPrice(amount=amount + 3, currency="EUR"))
    return tuple(found)
