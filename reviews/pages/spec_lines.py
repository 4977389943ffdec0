"""How does a spec sheet print what is known, who says so, and who says otherwise?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalog.models import Product, SpecEvidence
from catalog.spec_pictures import SpecPicture, picture_of
from catalog.spec_sheet import GROUPS, SPECS, agrees
from reviews.blocks.base import ProductFacts, SpecFact


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so, and when that was last looked at; of a measurement, by whom, on which unit and firmware."""

    name: str
    url: str
    checked_on: date
    is_measured: bool = False
    tester: str = ""
    sample: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Dissent:
    """Another source says something else than the sheet."""

    source: Source
    value: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The source that is quoted for a spec, and those that say otherwise."""

    source: Source
    dissents: tuple[Dissent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecLine:
    """A spec with who says so; None when nobody was named, or when it is the page's usual source."""

    fact: SpecFact
    source: Source | None
    dissents: tuple[Dissent, ...] = ()
    picture: SpecPicture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecGroup:
    name: str
    lines: tuple[SpecLine, ...]


def evidence_of(product: Product, facts: ProductFacts) -> dict[str, Evidence]:
    """By spec. Quoted is who agrees with the sheet, who measured before who only says so, the latest first.

    Needs `evidence` prefetched.
    """
    rows: dict[str, list[SpecEvidence]] = defaultdict(list)
    for row in product.evidence.all():
        rows[row.spec].append(row)
    return {spec: _evidence(found, facts.specs.get(spec)) for spec, found in rows.items()}


def _evidence(rows: list[SpecEvidence], fact: SpecFact | None) -> Evidence:
    ordered = sorted(
        rows, key=lambda row: (not _differs(row, fact), row.is_measured, row.checked_on, row.pk), reverse=True
    )
    return Evidence(
        source=_source(ordered[0]),
        dissents=tuple(Dissent(_source(row), row.value) for row in ordered if _differs(row, fact)),
    )


def _differs(row: SpecEvidence, fact: SpecFact | None) -> bool:
    """What names no value of its own vouches for the sheet's."""
    if not row.value or fact is None or fact.value is None:
        return False
    return not agrees(row.value, printed=fact.value, number=fact.number)


def _source(row: SpecEvidence) -> Source:
    return Source(row.source, row.source_url, row.checked_on, row.is_measured, row.tester, row.sample, row.firmware)


def usual_source(evidence: Mapping[str, Evidence], facts: ProductFacts) -> Source | None:
    """The source of more than half of what is known, if every known spec has a source at all."""
    known = [evidence.get(spec.key) for spec in SPECS if facts.specs[spec.key].value is not None]
    if not known or None in known:
        return None
    source, count = Counter(one.source for one in known if one is not None).most_common(1)[0]
    return source if count * 2 > len(known) else None


def spec_groups(facts: ProductFacts, evidence: Mapping[str, Evidence], usual: Source | None) -> tuple[SpecGroup, ...]:
    """What is known, by group. A source that most specs share is told once, above them."""
    lines: dict[str, list[SpecLine]] = {group: [] for group in GROUPS}
    for spec in SPECS:
        fact, found = facts.specs[spec.key], evidence.get(spec.key)
        if fact.value is None:
            continue
        source = found.source if found and found.source != usual else None
        # Where the quoted source itself says otherwise, that is what its line tells.
        dissents = found.dissents if found else ()
        if any(one.source == source for one in dissents):
            source = None
        picture = picture_of(spec.key, facts.specs)
        lines[spec.group].append(SpecLine(fact=fact, source=source, dissents=dissents, picture=picture))
    return tuple(SpecGroup(name=name, lines=tuple(found)) for name, found in lines.items() if found)
