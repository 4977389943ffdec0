"""What may a model ask each tool, and how is it told what does not fit? Schemas and sentences of one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.facets.choices import FACETS, Facet, Origin
from recommender.api.needs_input import NeedsIn
from recommender.api.serializers import MOST_TEXT
from recommender.questions import BY_KEY
from reviews.pages.search import LONGEST_WORDS

MOST_COMPARED = 4
_LONGEST_SLUG = 200
_MOST_PAGES = 10_000

# Not by price, stock or shop: the answer would tell what merchants' terms keep from machines.
FILTERS: Mapping[str, Facet] = {facet.key: facet for facet in FACETS if facet.origin is not Origin.OFFERS}
# Nor may the order rest on prices.
ORDERS = ("match", "score", "weight_g", "battery_hours", "newest", "name")


class RefusedError(Exception):
    """What was asked cannot be answered. Its words say what would do."""


def _filter_words(facet: Facet) -> str:
    if facet.sort.is_range:
        return f"{facet.key} (a range, {facet.unit or 'number'})"
    values = "|".join(value for value, _ in facet.values)
    return f"{facet.key} ({values})" if values else facet.key


def _needs_words() -> str:
    """The fields of the needs with their values, as the API's own serializer knows them."""
    parts = []
    for name, field in NeedsIn().fields.items():
        choices = getattr(field, "choices", None)
        parts.append(f"{name} ({'|'.join(map(str, choices))})" if choices else name)
    return "; ".join(parts)


Slug = Annotated[str, Field(min_length=1, max_length=_LONGEST_SLUG)]
Words = Annotated[
    str, Field(max_length=LONGEST_WORDS, description="Words to look for. Typing errors are forgiven; empty: all.")
]
Country = Annotated[
    str,
    Field(pattern="^([A-Z]{2})?$", description="ISO 3166, e.g. DE: shops that do not deliver there come last."),
]
Currency = Annotated[
    str, Field(pattern="^([A-Z]{3})?$", description="ISO 4217, e.g. EUR: prices in others are also given converted.")
]
Needs = Annotated[
    dict[str, Any],
    Field(
        description=(
            "What is known of the shopper; what is not known is left out. `activities` is a list of "
            '{"name": "music", "weight": 1}, `budget` is {"max": 200, "currency": "USD"}. Fields: ' + _needs_words()
        )
    ),
]
Text = Annotated[
    str, Field(max_length=MOST_TEXT, description="The shopper's own words, in English. Fills what `needs` leave open.")
]


class Arguments(BaseModel):
    """A misspelt argument that is silently ignored answers another question: it is refused."""

    model_config = ConfigDict(extra="forbid")


class FindArticles(Arguments):
    words: Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS, description="Words to look for.")]


class ReadArticle(Arguments):
    slug: Annotated[Slug, Field(description="The article's slug, as `find_articles` gives it.")]


class FindProducts(Arguments):
    words: Words = ""
    filters: Annotated[
        dict[str, str | list[str]],
        Field(
            description=(
                'One value or several for each filter, e.g. {"type": "over-ear", "anc": "yes", "weight_g": "-250"}. '
                "A range is written 100-250, 100- (from) or -250 (up to). Filters: "
                + "; ".join(map(_filter_words, FILTERS.values()))
            )
        ),
    ] = Field(default_factory=dict)
    sort: Annotated[str, Field(description=f"One of: {', '.join(ORDERS)}; empty: what suits the words.")] = ""
    page: Annotated[int, Field(ge=1, le=_MOST_PAGES, description="Ten products to a page.")] = 1
    country: Country = ""
    currency: Currency = ""


class ReadProduct(Arguments):
    slug: Annotated[Slug, Field(description="The product's slug, as `find_products` gives it.")]
    country: Country = ""
    currency: Currency = ""


class Compare(Arguments):
    slugs: Annotated[
        list[Slug], Field(min_length=2, max_length=MOST_COMPARED, description="The products' slugs, in your order.")
    ]
    only_differences: Annotated[bool, Field(description="Leave out rows in which they do not differ.")] = False
    country: Country = ""
    currency: Currency = ""


class Recommend(Arguments):
    needs: Needs = Field(default_factory=dict)
    text: Text = ""
    give_up: Annotated[
        list[str], Field(description="Demands the shopper agreed to drop, as offered in `relaxations`.")
    ] = Field(default_factory=list)
    why_not: Annotated[str, Field(description="A product's slug: what keeps it from the first place?")] = ""


class NextQuestion(Arguments):
    needs: Needs = Field(default_factory=dict)
    text: Text = ""
    skipped: Annotated[list[str], Field(description=f"Questions the shopper passed over: {', '.join(BY_KEY)}.")] = (
        Field(default_factory=list)
    )


Asked = TypeVar("Asked", bound=Arguments)


def read(model: type[Asked], given: Mapping[str, Any]) -> Asked:
    """The arguments as the tool takes them. Raises `RefusedError`, whose words name each one that does not fit."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise RefusedError(in_words(list(_problems(model, error)))) from None


def in_words(problems: list[str]) -> str:
    return "\n".join(["Nothing was looked up, because this does not fit:", *(f"- {one}" for one in problems)])


def _problems(model: type[Arguments], error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False):
        name = ".".join(map(str, one["loc"]))
        field = model.model_fields.get(str(one["loc"][0])) if one["loc"] else None
        if one["type"] == "extra_forbidden":
            yield f"`{name[:40]}`: there is no such argument; known are: {', '.join(model.model_fields)}."
        elif one["type"] == "missing":
            yield f"`{name}` is missing. {field.description if field else ''}".rstrip()
        else:
            yield f"`{name}`: {one['msg']}. {(field.description if field else '') or ''}".rstrip()
