"""Has its maker brought out nothing newer in the same line?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviews.conditions.base import Condition, Facts, Outcome, Reads, Text, broken, holds, unknown


class NewestOfItsLine(Condition):
    key = "newest_of_its_line"
    label = "Newest of its line"
    help = "Hears of models that come into the catalogue later, too."
    fields = (
        Text(
            name="line",
            label="The line",
            max_length=60,
            help="How the models of the line begin, without the maker: “WH-1000XM” for WH-1000XM4, XM5 …",
        ),
    )
    reads = frozenset({Reads.SIBLINGS, Reads.SPECS})
    example = {"line": "One"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"is the newest {asked['line']}"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        line, year = asked["line"].casefold(), facts.product.release_year
        of_line = [one for one in facts.product.siblings if one.model.casefold().startswith(line)]
        if year is None:
            return unknown("The year it came out is not known: its spec sheet says it.")
        newer = sorted(
            (one.release_year, one.name) for one in of_line if one.release_year is not None and one.release_year > year
        )
        if newer:
            return broken(f"It is from {year}; {newer[-1][1]} came out in {newer[-1][0]}.")
        undated = [one.name for one in of_line if one.release_year is None and not one.is_discontinued]
        if undated:
            return unknown(f"The year is not known of {', '.join(undated[:3])}.")
        return holds(f"Of {len(of_line) + 1} in the line none came out after {year}.")
