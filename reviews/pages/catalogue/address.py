"""Which question does an address of the catalogue ask, and what in it makes no sense?

One question has one address (`Question.url`). Forms and addresses of former days spell it otherwise: each value on its
own (`brand[]=sony&brand[]=jabra`), a range as two numbers (`weight_g-from=100`), `wireless=1`, `mic=1`. The view leads
those to the one address. Nonsense is named and left out, and the rest still works.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from catalog.facets.asked import Range
from catalog.facets.choices import FACETS, SCORE_FOR, SORTS, Facet, FacetSort, is_sort
from catalog.facets.written import LONGEST_WORDS, MOST_VALUES, is_crossed, range_of, sorted_out, split
from reviews.pages.catalogue.question import BY_MATCH, BY_OFFERS, COLUMNS, FIRST_COLUMNS, Question, plain

# How the form's fields are called that stand for one value of several, and for an end of a range.
EACH, FROM, TO = "[]", "-from", "-to"
# Says that the form asks: its empty fields would otherwise stay in the address.
_OF_FORM = "via"
# Asked for by a former name: the facet and the value it means.
_FORMER = {"mic": ("mic_grade", "communication")}
_RANGES = tuple(facet.key for facet in FACETS if facet.sort.is_range)
# The query parameters that the page depends on.
READS = (
    "q",
    *(facet.key for facet in FACETS),
    *(key + end for key in _RANGES for end in (FROM, TO)),
    *(facet.key + EACH for facet in FACETS if facet.key not in _RANGES),
    *_FORMER,
    *("sort", "view", "cols", f"cols{EACH}", "page", _OF_FORM),
)

_LONGEST_SAID = 40
_MOST_COLUMNS = 12
_MOST_DIGITS = 9  # of a page number: Python refuses to read numbers of thousands of digits
_ON, _OFF = {"1", "on", "true"}, {"0", "off", "false"}


@dataclass(frozen=True, slots=True)
class Address:
    """`is_respelt`: the question has another address. Never where something is to be said about this one."""

    question: Question
    problems: tuple[str, ...]
    is_respelt: bool


def read(query: QueryDict) -> Address:
    """What an address asks. Empty parts ask nothing, whatever is not in `READS` is not looked at."""
    problems: list[str] = []
    choices = {facet.key: _values(facet, query, problems) for facet in FACETS if not facet.sort.is_range}
    ranges = {facet.key: _range(facet, query, problems) for facet in FACETS if facet.sort.is_range}
    words = _words(query.get("q", ""), problems)
    question = Question(
        words=words,
        choices={key: values for key, values in choices.items() if values},
        ranges={key: one for key, one in ranges.items() if one != Range()},
        sort=_sort(query.get("sort", ""), bool(words), problems),
        is_table=_is_table(query.get("view", ""), problems),
        columns=_columns([*query.getlist("cols"), *query.getlist(f"cols{EACH}")], problems),
        number=_number(query.get("page", ""), problems),
    )
    said = sorted((name, value) for name in READS for value in query.getlist(name) if value)
    return Address(question, tuple(problems), is_respelt=not problems and said != sorted(question.pairs()))


def _words(text: str, problems: list[str]) -> str:
    clean = " ".join(text.replace("\x00", "").split())
    if len(clean) > LONGEST_WORDS:
        problems.append(f"Only the first {LONGEST_WORDS} signs of the words were looked for.")
    return clean[:LONGEST_WORDS].rstrip()


def _values(facet: Facet, query: QueryDict, problems: list[str]) -> tuple[str, ...]:
    """The facet's values that are asked for, each once and sorted."""
    said = split([*query.getlist(facet.key), *query.getlist(facet.key + EACH)])
    for former, (key, value) in _FORMER.items():
        if key == facet.key and query.get(former, "") in _ON | {"yes"}:
            said.append(value)
    if facet.sort is FacetSort.FLAG:
        said = ["yes" if one in _ON else one for one in said if one not in _OFF]
    found, wrong = sorted_out(facet, said)
    problems += [no_such_value(facet, one) for one in wrong]
    if len(found) > MOST_VALUES:
        problems.append(f"{facet.label}: only {MOST_VALUES} choices were looked at.")
    return tuple(found[:MOST_VALUES])


def no_such_value(facet: Facet, value: str) -> str:
    """The sentence for a value that the facet does not have."""
    said = f"{facet.label} cannot be “{_short(value)}”."
    if facet.sort is FacetSort.FLAG:
        return f"{said} Write {facet.key}=yes or {facet.key}=no."
    return f"{said} Choose one of those in the list of filters."


def _range(facet: Facet, query: QueryDict, problems: list[str]) -> Range:
    text = query.get(facet.key, "")
    low, high = query.get(facet.key + FROM, ""), query.get(facet.key + TO, "")
    if low or high:
        text = f"{low.strip()}-{high.strip()}"
    if text in ("", "-"):
        return Range()
    found = range_of(text)
    if found is None:
        problems.append(
            f"{facet.label} cannot be “{_short(text)}”. "
            f"Write {facet.key}=100-250, {facet.key}=100- (from) or {facet.key}=-250 (up to)."
        )
        return Range()
    if is_crossed(found):
        span = f"from {plain(found.low)} to {plain(found.high)}"
        problems.append(f"{facet.label}: {span} fits nothing; it was read the other way round.")
        return Range(low=found.high, high=found.low)
    return found


def _sort(text: str, has_words: bool, problems: list[str]) -> str:
    """Empty for the order that is taken anyway; which use cases there are, is asked later."""
    if text and not is_sort(text):
        problems.append(f"Products cannot be sorted by “{_short(text)}”. Choose an order from the list above them.")
        return ""
    if text == BY_MATCH or (text == BY_OFFERS and not has_words):
        return ""
    return text


def no_such_order(sort: str) -> str:
    """The sentence for an order by a use case that there is not."""
    return f"There is no use “{_short(sort.removeprefix(SCORE_FOR))}” to sort by; {SORTS[BY_OFFERS].lower()} instead."


def _is_table(text: str, problems: list[str]) -> bool:
    if text not in ("", "cards", "table"):
        problems.append(f"There is no view “{_short(text)}”: it is cards or table.")
    return text == "table"


def _columns(said: Iterable[str], problems: list[str]) -> tuple[str, ...]:
    wanted = set(split(said))
    problems += [f"There is no column “{_short(one)}”." for one in sorted(wanted.difference(COLUMNS))]
    found = tuple(key for key in COLUMNS if key in wanted)
    if len(found) > _MOST_COLUMNS:
        problems.append(f"A table has at most {_MOST_COLUMNS} columns of your choice; the last ones were left out.")
    found = found[:_MOST_COLUMNS]
    return () if set(found) == set(FIRST_COLUMNS) else found


def _number(text: str, problems: list[str]) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and int(text) > 0):
        problems.append(f"There is no page “{_short(text)}”; this is the first one.")
        return 1
    return int(text or 1)


def _short(text: str) -> str:
    return text[:_LONGEST_SAID]
