"""How is a queryset put into words once, so that its answer becomes the same objects without it?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, RelatedPopulator, ValuesListIterable, get_related_populators

_NAMED = re.compile(r"%\((\w+)\)s")
# Values that no row has; they show where in the worded question the asked ones belong.
_NUMBERS, _WORDS = 8_000_000_000_000_000_000, "\N{SYMBOL FOR UNIT SEPARATOR}"


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How a row becomes what the queryset gives; `model` is None where it gives tuples."""

    converters: Sequence[tuple[int, Sequence[Callable[[Any, Any, Any], Any]], Any]]
    model: type[Model] | None
    names: Sequence[str]
    columns: slice
    related: Sequence[RelatedPopulator]
    annotations: Mapping[str, int]


_TUPLES = Rows(converters=(), model=None, names=(), columns=slice(0), related=(), annotations={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """`pieces` of the SQL with `between` each two of them a constant or a variable."""

    pieces: Sequence[str]
    between: Sequence[Any]
    name: str
    rows: Rows

    @property
    def text(self) -> str:
        return "%s".join(self.pieces)

    def values(self, asked: Mapping[str, Any]) -> list[Any]:
        return [asked[one.name] if isinstance(one, Variable) else one for one in self.between]


def word(make: Callable[..., QuerySet[Any, Any]], asked: Mapping[str, Any]) -> Worded:
    numbers = count(_NUMBERS)
    marks: dict[object, str] = {}
    marked: dict[str, object] = {}
    for name, one in asked.items():
        sample = one[0] if isinstance(one, list) else one
        number = next(numbers)
        mark = f"{_WORDS}{number}" if isinstance(sample, str) else number
        marks[mark] = name
        marked[name] = [mark] if isinstance(one, list) else mark
    queryset = make(**marked)
    lookups = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
    assert not lookups, "what is prefetched would be lost"
    compiler = queryset.query.get_compiler(connection=connection)
    text, params = compiler.as_sql()
    pieces = text.split("%s")
    assert len(pieces) == len(params) + 1, text
    assert not any(isinstance(one, date) for one in params), "a moment would stand still: ask the database for its own"
    between = [Variable(marks[one]) if isinstance(one, int | str) and one in marks else one for one in params]
    for place, one in enumerate(between):
        if isinstance(one, Variable) and isinstance(marked[one.name], list):
            pieces[place], pieces[place + 1] = _any_of(pieces[place], pieces[place + 1])
    return Worded(
        pieces=pieces,
        between=between,
        name=_name(pieces, between),
        rows=_rows_of(queryset, compiler),
    )


def worded_as(text: str) -> Worded:
    """SQL that asks for values by `%(name)s`; every row is a tuple."""
    pieces = _NAMED.split(text)
    between = [Variable(name) for name in pieces[1::2]]
    return Worded(pieces=pieces[::2], between=between, name=_name(pieces[::2], between), rows=_TUPLES)


def _name(pieces: Sequence[str], between: Sequence[Any]) -> str:
    """By what it says: behind a pooler another process' statement of the same name is the same statement."""
    return f"kept_{hashlib.sha256(repr((pieces, between)).encode()).hexdigest()[:32]}"


def _any_of(before: str, after: str) -> tuple[str, str]:
    """A list of any length is one value: `IN (%s)` becomes `= ANY(%s)`."""
    assert before.endswith(" IN ("), before
    assert after.startswith(")"), after
    return before.removesuffix("IN (") + "= ANY(", after


def _rows_of(queryset: QuerySet[Any, Any], compiler: Any) -> Rows:
    kind = queryset._iterable_class
    assert kind in (ModelIterable, ValuesListIterable), kind
    assert not compiler.has_extra_select, "columns that nobody asked for would be taken for others"
    expressions = [chosen[0] for chosen in compiler.select]
    converters = [(place, *found) for place, found in compiler.get_converters(expressions).items()]
    if kind is ValuesListIterable:
        return replace(_TUPLES, converters=converters)
    related = get_related_populators(compiler.klass_info, compiler.select, queryset.db)  # type: ignore[call-arg]  # 5.2
    assert not any(one.reorder_for_init for one in related), "a child of another model has its columns elsewhere"
    chosen = compiler.klass_info["select_fields"]
    columns = slice(chosen[0], chosen[-1] + 1)
    return Rows(
        converters=converters,
        model=compiler.klass_info["model"],
        names=[one.target.attname for one in expressions[columns]],
        columns=columns,
        related=related,
        annotations=compiler.annotation_col_map or {},
    )


def objects(rows: Rows, answer: Iterable[tuple[Any, ...]]) -> Iterable[Any]:
    repeated: list[dict[Any, Model]] = [{} for _ in rows.related]
    for found in answer:
        row = list(found)
        for place, converters, expression in rows.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        if rows.model is None:
            yield tuple(row)
            continue
        one = rows.model.from_db(connection.alias, rows.names, row[rows.columns])
        for populator, made in zip(rows.related, repeated, strict=True):
            _relate(populator, row, one, made)
        for name, place in rows.annotations.items():
            setattr(one, name, row[place])
        yield one


def _relate(populator: Any, row: Sequence[Any], one: Model, made: dict[Any, Model]) -> None:
    """As Django's own `populate`, but ten offers of one shop get one shop: a row that comes again is one object."""
    data = row[populator.cols_start : populator.cols_end]
    key = data[populator.pk_idx]
    related = made.get(key)
    if related is None and key is not None:
        related = made[key] = populator.model_cls.from_db(populator.db, populator.init_list, data)
        for deeper in populator.related_populators:
            deeper.populate(row, related)
    populator.local_setter(one, related)
    if related is not None:
        populator.remote_setter(related, one)
