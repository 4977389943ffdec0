"""The catalogue's answer once more, product by product and in the simplest words: what the index has to agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from catalog.facets.asked import Asked, Found, Range, WayOut
from catalog.facets.choices import FACETS, SCORE_FOR
from catalog.facets.rows import ProductRow, prices_of, stock_of
from catalog.facets.words import folded, pieces

WORDS = "words"
Values = Mapping[str, tuple[str, ...]]
Numbers = Mapping[str, Decimal]


class Looked:
    """One product as it is at a moment."""

    def __init__(self, row: ProductRow, asked: Asked, now: datetime) -> None:
        stock, price = stock_of(row.offers, now), prices_of(row.offers, now).get(asked.currency)
        self.row = row
        self.values: Values = {**row.values, **({"stock": (stock,)} if stock else {})}
        self.numbers: Numbers = {**row.numbers, **({"price": price} if price is not None else {})}
        names = (pieces(row.brand_name), pieces(f"{row.model} {row.variant}"))
        self.runs = {
            "".join(name[i:j]) for name in names for i in range(len(name)) for j in range(i + 1, len(name) + 1)
        }
        self.codes = {folded(code).lstrip("0") for code in row.codes}

    def fits(self, part: str, asked: Asked) -> bool:
        if part == WORDS:
            return self.is_called([folded(word) for word in asked.words.split()])
        if part in asked.ranges:
            return is_in(asked.ranges[part], self.numbers.get(part))
        return not asked.choices[part].isdisjoint(self.values.get(part, ()))

    def is_called(self, words: Sequence[str]) -> bool:
        if not words:
            return True
        return (self.bears(words[0], is_last=len(words) == 1) and self.is_called(words[1:])) or (
            len(words) > 1 and self.bears(words[0] + words[1], is_last=len(words) == 2) and self.is_called(words[2:])
        )

    def bears(self, word: str, *, is_last: bool) -> bool:
        code = word.lstrip("0")
        return (
            word in self.runs
            or (is_last and any(run.startswith(word) for run in self.runs))
            or (len(code) >= 4 and any(own.startswith(code) for own in self.codes))
        )


def is_in(asked: Range, number: Decimal | None) -> bool:
    if number is None:
        return False
    return (asked.low is None or asked.low <= number) and (asked.high is None or number <= asked.high)


def find(
    rows: Iterable[ProductRow],
    asked: Asked,
    *,
    start: int,
    size: int,
    now: datetime,
) -> Found:
    """What is found among these products at this moment."""
    everything = [Looked(row, asked, now) for row in rows]
    parts = [key for key, chosen in asked.choices.items() if chosen]
    parts += [key for key, one in asked.ranges.items() if one != Range()]
    parts += [WORDS] if asked.words.split() else []
    without = {
        left_out: [one for one in everything if all(one.fits(part, asked) for part in parts if part != left_out)]
        for left_out in (*parts, "")
    }
    found = ordered(without[""], asked.sort)
    counts: dict[str, Mapping[str, int]] = {}
    spans: dict[str, tuple[Decimal, Decimal] | None] = {}
    for facet in FACETS:
        among = without.get(facet.key, without[""])
        if facet.sort.is_range:
            numbers = [one.numbers[facet.key] for one in among if facet.key in one.numbers]
            spans[facet.key] = (min(numbers), max(numbers)) if numbers else None
        else:
            there = dict.fromkeys((v for one in everything for v in one.values.get(facet.key, ())), 0)
            there |= dict.fromkeys(asked.choices.get(facet.key, ()), 0)
            counts[facet.key] = {**there, **Counter(v for one in among for v in one.values.get(facet.key, ()))}
    ways = [WayOut(part=part, opens=len(without[part])) for part in parts if without[part]] if not found else []
    return Found(
        ids=tuple(one.row.id for one in found[start : start + size]),
        count=len(found),
        counts=counts,
        spans=spans,
        ways_out=tuple(sorted(ways, key=lambda way: (-way.opens, way.part))),
    )


def ordered(found: Sequence[Looked], sort: str) -> list[Looked]:
    def by(number: Decimal | None, *, rising: bool) -> tuple[bool, Decimal]:
        return (number is None, (number or Decimal(0)) * (1 if rising else -1))

    def key(one: Looked) -> tuple[bool, Decimal]:
        if sort == "sold":
            return (not one.values.get("merchant"), Decimal(0))
        if sort.startswith(SCORE_FOR):
            return by(one.row.use_cases.get(sort.removeprefix(SCORE_FOR)), rising=False)
        if sort == "newest":
            return by(one.numbers.get("release_year"), rising=False)
        if sort == "name":
            return (False, Decimal(0))
        return by(one.numbers.get(sort), rising=sort in {"price", "weight_g"})

    return sorted(found, key=lambda one: (key(one), one.row.place))
