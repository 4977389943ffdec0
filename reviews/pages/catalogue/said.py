"""How is it said what was asked, what the search made of the words, and which way leads out of an empty list?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from catalog.facets.asked import Found
from catalog.facets.choices import BY_KEY, FACETS
from catalog.kinds import Kind, ProductType
from reviews.pages.catalogue.filters import labels_of, range_words
from reviews.pages.catalogue.question import WORDS, Question
from reviews.pages.parts import hub_url, type_name


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was asked, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Exit:
    """What can be given up so that products are found: how many, and where they are."""

    said: str
    opens: int
    url: str

    @property
    def products(self) -> str:
        return products(self.opens)


def products(count: int) -> str:
    """`No product`, `One product`, `7,134 products`."""
    return {0: "No product", 1: "One product"}.get(count, f"{count:,} products")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the search did with the words. `literal_url`: the same words, each looked for as it is written."""

    corrected: tuple[tuple[str, str], ...]
    meant: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    literal_url: str


def chips(question: Question, found: Found, *, currency: str) -> tuple[Chip, ...]:
    """All that was asked, in the order of the address."""
    asked = [Chip("Words", f"“{question.words}”", question.without(WORDS).url)] if question.words else []
    for facet in FACETS:
        labels = labels_of(facet, found) if facet.key in question.choices else {}
        asked += [
            Chip(facet.label, labels.get(value, value), question.without(facet.key, value).url)
            for value in question.choices.get(facet.key, ())
        ]
        if one := question.ranges.get(facet.key):
            asked.append(Chip(facet.label, range_words(facet, one, currency=currency), question.without(facet.key).url))
    return tuple(asked)


def exits(question: Question, found: Found, *, currency: str) -> tuple[Exit, ...]:
    """The ways out of an empty list, those that open most first."""
    return tuple(
        Exit(_part(question, found, way.part, currency), way.opens, question.without(way.part).url)
        for way in found.ways_out
    )


def _part(question: Question, found: Found, part: str, currency: str) -> str:
    if part == WORDS:
        return f"the words “{question.words}”"
    facet = BY_KEY[part]
    if facet.sort.is_range:
        return f"{facet.label}: {range_words(facet, question.ranges[part], currency=currency)}"
    labels = labels_of(facet, found)
    return f"{facet.label}: {' or '.join(labels.get(one, one) for one in question.choices[part])}"


def understood(question: Question, found: Found) -> Understood | None:
    """None where the words were taken as they stand."""
    reading = found.reading
    if not (reading.corrected or reading.meant or reading.ignored):
        return None
    literal = replace(question, words=f'"{question.words.replace(chr(34), "")}"', number=1)
    return Understood(
        corrected=reading.corrected, meant=reading.meant, ignored=reading.ignored, literal_url=literal.url
    )


def headline(question: Question, found: Found) -> str:
    """What the list is of, by what was asked first: `Sony gaming headsets`, `Headphones`, `Products`."""
    one = {key: values[0] for key, values in question.choices.items() if len(values) == 1}
    noun = "Products"
    if "type" in one:
        noun = type_name(ProductType(one["type"]))
    elif "kind" in one:
        noun = Kind(one["kind"]).plural
    if "brand" in one and (brand := found.labels.get("brand", {}).get(one["brand"])):
        return f"{brand} {noun[0].lower()}{noun[1:]}"
    return noun


def hub(question: Question, found: Found) -> tuple[str, str]:
    """Name and address of the page nearest to what was asked; empty where there is none."""
    one = {key: values[0] for key, values in question.choices.items() if len(values) == 1}
    if "type" in one:
        name = ProductType(one["type"])
        return type_name(name), hub_url(name.kind, name)
    if "brand" in one and one["brand"] in found.labels.get("brand", {}):
        return found.labels["brand"][one["brand"]], reverse("brand", kwargs={"slug": one["brand"]})
    if "kind" in one:
        return Kind(one["kind"]).plural, hub_url(Kind(one["kind"]))
    return "", ""


def hub_of_the_same(question: Question) -> str:
    """The address of the hub that is about exactly what was asked: a kind, or a type with or without its kind."""
    kinds, types = question.choices.get("kind", ()), question.choices.get("type", ())
    if question != Question(choices=question.choices) or question.choices.keys() - {"kind", "type"}:
        return ""
    if len(types) == 1 and len(kinds) < 2:
        name = ProductType(types[0])
        return hub_url(name.kind, name) if kinds in ((), (name.kind.value,)) else ""
    return hub_url(Kind(kinds[0])) if len(kinds) == 1 and not types else ""
