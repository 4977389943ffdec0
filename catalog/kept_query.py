"""How is a question that pages ask again and again put to PostgreSQL without being worded and planned anew each time?

Django words a queryset in Python each time it is asked, and PostgreSQL plans it each time: for the wide rows of an
article both take longer than the answer. Here a queryset is worded once for each process, and prepared once for each
connection; the rows become the same objects as before.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from django.db import NotSupportedError, OperationalError, ProgrammingError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, RelatedPopulator, ValuesListIterable, get_related_populators
from psycopg import Connection
from psycopg.sql import Literal

log = logging.getLogger(__name__)

R = TypeVar("R")
Answer = list[tuple[Any, ...]]
Asked = int | str | Sequence[int] | Sequence[str]

# Values that no row has; they show where in the worded question the asked ones belong.
_NUMBERS, _WORDS = 8_000_000_000_000_000_000, "\N{SYMBOL FOR UNIT SEPARATOR}"

_prepared: WeakKeyDictionary[Connection[Any], set[str]] = WeakKeyDictionary()
_forgetful: WeakSet[Connection[Any]] = WeakSet()
# A pooler in between gives each transaction another server: what one was told the next need not know,
# or it knows it from others. (0A000: a migration changed a column's type under a prepared statement.)
_NOT_KEPT = frozenset({"26000", "42P05", "0A000"})


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """How a row becomes what the queryset gives; `model` is None where it gives tuples."""

    converters: Sequence[tuple[int, Sequence[Callable[[Any, Any, Any], Any]], Any]]
    model: type[Model] | None
    names: Sequence[str]
    columns: slice
    related: Sequence[RelatedPopulator]
    annotations: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worded:
    """`pieces` of the SQL with `between` each two of them a constant or a variable."""

    pieces: Sequence[str]
    between: Sequence[Any]
    name: str
    rows: _Rows

    @property
    def text(self) -> str:
        return "%s".join(self.pieces)

    def values(self, asked: Mapping[str, Any]) -> list[Any]:
        return [asked[one.name] if isinstance(one, _Variable) else one for one in self.between]


class KeptQuery(Generic[R]):
    """`make` gives the queryset for named values: ids and slugs, or lists of them for an `__in`; never None.

    What can be kept: querysets of models, with related rows selected but nothing prefetched, and those of tuples.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, R]]) -> None:
        self._make = make
        self._worded: _Worded | None = None

    def rows(self, **asked: Asked) -> list[R]:
        """The rows for these values. One query; none where a list has nothing in it."""
        values = {name: one if isinstance(one, int | str) else list(one) for name, one in asked.items()}
        if [] in values.values():
            return []
        if self._worded is None:
            self._worded = _word(self._make, values)
        worded = self._worded
        return list(_objects(worded.rows, _answer(worded, values)))


# --- wording ----------------------------------------------------------------------------------------------------------


def _word(make: Callable[..., QuerySet[Any, Any]], asked: Mapping[str, Any]) -> _Worded:
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
    between = [_Variable(marks[one]) if isinstance(one, int | str) and one in marks else one for one in params]
    for place, one in enumerate(between):
        if isinstance(one, _Variable) and isinstance(marked[one.name], list):
            pieces[place], pieces[place + 1] = _any_of(pieces[place], pieces[place + 1])
    said = repr((pieces, between)).encode()
    return _Worded(
        pieces=pieces,
        between=between,
        # By what it says: behind a pooler another process' statement of the same name is the same statement.
        name=f"kept_{hashlib.sha256(said).hexdigest()[:32]}",
        rows=_rows_of(queryset, compiler),
    )


def _any_of(before: str, after: str) -> tuple[str, str]:
    """A list of any length is one value: `IN (%s)` becomes `= ANY(%s)`."""
    assert before.endswith(" IN ("), before
    assert after.startswith(")"), after
    return before.removesuffix("IN (") + "= ANY(", after


def _rows_of(queryset: QuerySet[Any, Any], compiler: Any) -> _Rows:
    kind = queryset._iterable_class
    assert kind in (ModelIterable, ValuesListIterable), kind
    assert not compiler.has_extra_select, "columns that nobody asked for would be taken for others"
    expressions = [chosen[0] for chosen in compiler.select]
    converters = [(place, *found) for place, found in compiler.get_converters(expressions).items()]
    if kind is ValuesListIterable:
        return _Rows(converters=converters, model=None, names=(), columns=slice(0), related=(), annotations={})
    chosen = compiler.klass_info["select_fields"]
    columns = slice(chosen[0], chosen[-1] + 1)
    return _Rows(
        converters=converters,
        model=compiler.klass_info["model"],
        names=[one.target.attname for one in expressions[columns]],
        columns=columns,
        related=get_related_populators(compiler.klass_info, compiler.select, queryset.db),  # type: ignore[call-arg]  # 5.2
        annotations=compiler.annotation_col_map or {},
    )


# --- asking -----------------------------------------------------------------------------------------------------------


def _answer(worded: _Worded, asked: Mapping[str, Any]) -> Answer:
    with connection.cursor() as cursor:
        mine = connection.connection
        # An error inside a transaction would end it, so there nothing is asked that might be unknown.
        if connection.get_autocommit() and not connection.in_atomic_block and mine not in _forgetful:
            try:
                return _prepared_answer(worded, asked, cursor)
            except (NotSupportedError, OperationalError, ProgrammingError) as error:
                if getattr(error.__cause__, "sqlstate", "") not in _NOT_KEPT:
                    raise
                _forgetful.add(mine)
                log.info("This connection does not keep prepared statements: %s", error)
        cursor.execute(worded.text, worded.values(asked))
        answer: Answer = cursor.fetchall()
        return answer


def _prepared_answer(worded: _Worded, asked: Mapping[str, Any], cursor: CursorWrapper) -> Answer:
    known = _prepared.setdefault(connection.connection, set())
    variables = list(dict.fromkeys(one.name for one in worded.between if isinstance(one, _Variable)))
    if worded.name not in known:
        with connection.wrap_database_errors:
            # No question of the page's: it is not counted among them.
            connection.connection.execute(_preparing(worded, variables))
        known.add(worded.name)
    places = ", ".join(["%s"] * len(variables))
    cursor.execute(f"EXECUTE {worded.name} ({places})", [asked[name] for name in variables])
    answer: Answer = cursor.fetchall()
    return answer


def _preparing(worded: _Worded, variables: Sequence[str]) -> str:
    text = worded.pieces[0]
    for one, piece in zip(worded.between, worded.pieces[1:], strict=True):
        if isinstance(one, _Variable):
            said = f"${variables.index(one.name) + 1}"
        else:
            said = Literal(one).as_string(connection.connection)
        text += said.replace("%", "%%") + piece
    return f"PREPARE {worded.name} AS {text.replace('%%', '%')}"


# --- rows -------------------------------------------------------------------------------------------------------------


def _objects(rows: _Rows, answer: Iterable[tuple[Any, ...]]) -> Iterable[Any]:
    for found in answer:
        row = list(found)
        for place, converters, expression in rows.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        if rows.model is None:
            yield tuple(row)
            continue
        one = rows.model.from_db(connection.alias, rows.names, row[rows.columns])
        for populator in rows.related:
            populator.populate(row, one)
        for name, place in rows.annotations.items():
            setattr(one, name, row[place])
        yield one
