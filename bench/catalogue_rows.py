"""What do ten thousand, a hundred thousand, a million products look like, and what do readers ask of them?

Nothing random: the same seed makes the same rows and questions in every run. How many sheets say what, and how many
products a brand has, is as in a real catalogue: some specs are known of most products, most of few; few brands have
many products.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from catalog.facets.asked import Asked, Range
from catalog.facets.choices import BY_KEY
from catalog.facets.rows import OfferRow, ProductRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SYLLABLES = (
    *("ba", "ko", "mi", "ra", "se", "tu", "vo", "zen", "lux", "dor", "fin", "gal", "hep"),
    *("jin", "kal", "lor", "mon", "nex", "pra", "qui", "ros", "syl", "tan", "ulm", "var", "wex"),
)
_LINES = [f"{first.title()}{second}" for first in _SYLLABLES for second in _SYLLABLES[:16]]
# Of a hundred sheets so many say it.
_KNOWN = {
    "kind": 97,
    "form_factor": 94,
    "enclosure": 34,
    "wireless": 60,
    "mic_grade": 37,
    "anc": 30,
    "transparency": 15,
    "foldable": 20,
    "multipoint": 20,
    "connectors": 30,
    "radios": 30,
    "platforms": 20,
    "mic_form": 15,
    "latency": 15,
    "ears": 20,
    "rgb": 10,
    "sidetone": 8,
}
_NUMBERS = {"weight_g": (50, 4, 480, 1), "battery_hours": (30, 3, 80, 1), "release_year": (40, 2008, 2026, 0)}
_NUMBERS |= {"driver_mm": (30, 6, 60, 1), "impedance_ohm": (25, 8, 600, 0), "score": (10, 3, 9, 1)}


def brand_name(number: int) -> str:
    return f"{_LINES[number % len(_LINES)]}ton" + ("" if number < len(_LINES) else f" {number // len(_LINES)}")


def _letters(random: Random) -> str:
    return random.choice("ABCDEHKMQSTWX") + random.choice("ABHMPX")


def rows(count: int) -> Iterator[ProductRow]:
    """So many products, with 800 brands at most; half of them are sold."""
    random = Random(1)
    merchants = [f"shop-{number}" for number in range(30)]
    for pk in range(1, count + 1):
        brand = int(800 * random.random() ** 3)
        values: dict[str, tuple[str, ...]] = {"brand": (f"brand-{brand}",)}
        for key, share in _KNOWN.items():
            if random.random() * 100 < share:
                choices = [value for value, _ in BY_KEY[key].values]
                wanted = 2 if BY_KEY[key].sort == "list" else 1
                values[key] = tuple(dict.fromkeys(random.choices(choices, k=wanted)))
        numbers = {}
        for key, (share, low, high, places) in _NUMBERS.items():
            if random.random() * 100 < share:
                numbers[key] = Decimal(random.randrange(low * 10**places, high * 10**places)).scaleb(-places)
        offers: tuple[OfferRow, ...] = ()
        if random.random() < 0.5:
            shop, total = random.choice(merchants), Decimal(random.randrange(1000, 60000)).scaleb(-2)
            until = NOW + timedelta(hours=random.randrange(1, 24))
            offers = (OfferRow(shop, True, "in_stock", total, "USD", NOW, until),)
            values["merchant"] = (shop,)
        yield ProductRow(
            id=pk,
            brand=values["brand"][0],
            brand_name=brand_name(brand),
            model=f"{random.choice(_LINES)} {_letters(random)}-{random.randrange(10, 9999)}",
            codes=(f"{4_000_000_000_000 + pk}",),
            values=values,
            numbers=numbers,
            offers=offers,
        )


def questions(count: int) -> list[Asked]:
    """Each with three filters and words: brands, lines, the beginning of a model, a typing error, what words mean."""
    random = Random(2)
    found = []
    for number in range(count):
        brand, line = brand_name(int(800 * random.random() ** 3)), random.choice(_LINES)
        words = (
            brand,
            line,
            f"{brand} {line[:3]}",
            line[:4],
            f"{brand[:3]}x{brand[3:]}",
            "wireless headphones",
            f"{random.choice('AHMX')}{random.choice('BHMP')}-{random.randrange(10, 99)}",
            f"{4_000_000_000_000 + random.randrange(1, 9999)}",
        )[number % 8]
        choices = [
            {"kind": frozenset({"headphones"}), "wireless": frozenset({"yes"})},
            {"form_factor": frozenset({"over-ear", "on-ear"}), "mic_grade": frozenset({"communication", "incidental"})},
            {"stock": frozenset({"in_stock"}), "kind": frozenset({"headphones", "headset"})},
        ][number % 3]
        ranges = [
            {"price": Range(high=Decimal(random.randrange(50, 500)))},
            {"weight_g": Range(high=Decimal(random.randrange(100, 400)))},
        ][number % 2]
        sort = ("match", "price", "sold", "weight_g", "name")[number % 5]
        found.append(Asked(words=words, choices=choices, ranges=ranges, sort=sort))
    return found
