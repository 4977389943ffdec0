"""How is a question that pages ask again and again put to PostgreSQL without being worded and planned anew each time?

Django words a queryset in Python each time it is asked, and PostgreSQL plans it each time: for the wide rows of an
article both take longer than the answer. Here a queryset is worded once for each process, and prepared once for each
connection; the rows become the same objects as before. Questions that are known beforehand can be asked together: the
page then waits for the database once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from django.db import NotSupportedError, OperationalError, ProgrammingError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from psycopg import Connection
from psycopg.sql import Literal

from catalog.kept_wording import Variable, Worded, objects, word, worded_as

log = logging.getLogger(__name__)

R = TypeVar("R")
Answer = list[tuple[Any, ...]]
Asked = int | str | Iterable[int] | Iterable[str]
Key = tuple[str, frozenset[tuple[str, Any]]]

_prepared: WeakKeyDictionary[Connection[Any], set[str]] = WeakKeyDictionary()
_forgetful: WeakSet[Connection[Any]] = WeakSet()
# A pooler in between gives each transaction another server: what one was told the next need not know,
# or it knows it from others. (0A000: a migration changed a column's type under a prepared statement.)
_NOT_KEPT = frozenset({"26000", "42P05", "0A000"})
# What was asked together, while the page is built that asks it.
_ahead: ContextVar[Mapping[Key, Answer] | None] = ContextVar("answers that came together", default=None)


@dataclass(frozen=True, slots=True)
class Question:
    """A worded queryset and the values it is asked for; those with the same `key` have the same answer."""

    worded: Worded
    values: Mapping[str, Any]

    @property
    def key(self) -> Key:
        same = {name: frozenset(one) if isinstance(one, list) else one for name, one in self.values.items()}
        return self.worded.name, frozenset(same.items())


class KeptQuery(Generic[R]):
    """`make` gives the queryset for named values: ids and slugs, or lists of them for an `__in`; never None.

    What can be kept: querysets of models, with related rows selected but nothing prefetched, and those of tuples.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, R]]) -> None:
        self._make = make
        self._worded: Worded | None = None

    def of(self, **asked: Asked) -> Question | None:
        """The question for these values, for `asked_together`; None where a list has nothing in it: no row is there."""
        values = {name: one if isinstance(one, int | str) else list(one) for name, one in asked.items()}
        if [] in values.values():
            return None
        if self._worded is None:
            self._worded = word(self._make, values)
        return Question(self._worded, values)

    def rows(self, **asked: Asked) -> list[R]:
        """The rows for these values. One query; none where a list has nothing in it, or the answer is there already."""
        question = self.of(**asked)
        if question is None:
            return []
        ahead = _ahead.get()
        answer = ahead.get(question.key) if ahead else None
        return list(objects(question.worded.rows, _answer(question) if answer is None else answer))


class KeptSql:
    """The same for a question that no queryset words: its SQL, with `%(name)s` where a value belongs and no other
    `%`. Its rows are tuples."""

    def __init__(self, text: str) -> None:
        self._worded = worded_as(text)

    def rows(self, **asked: int | str) -> Answer:
        """One query."""
        return _answer(Question(self._worded, asked))


@contextmanager
def asked_together(*questions: Question | None) -> Iterator[None]:
    """Asks all of them in one go; in this block `rows` finds the answers there. One query.

    Where statements cannot be kept (in a transaction, behind some poolers) each is asked when its rows are wanted.
    """
    mark = _ahead.set(_answers([question for question in questions if question]))
    try:
        yield
    finally:
        _ahead.reset(mark)


# --- asking -----------------------------------------------------------------------------------------------------------


def _answers(questions: Sequence[Question]) -> Mapping[Key, Answer]:
    with connection.cursor() as cursor:
        found = _prepared_answers(questions, cursor) if questions and _keeps_statements() else None
    return {question.key: answer for question, answer in zip(questions, found or (), strict=found is not None)}


def _answer(question: Question) -> Answer:
    with connection.cursor() as cursor:
        if _keeps_statements() and (found := _prepared_answers([question], cursor)) is not None:
            return found[0]
        cursor.execute(question.worded.text, question.worded.values(question.values))
        answer: Answer = cursor.fetchall()
        return answer


def _keeps_statements() -> bool:
    """An error inside a transaction would end it, so there nothing is asked that might be unknown.

    What keeps no cursor between two transactions keeps no statement either.
    """
    alone = connection.get_autocommit() and not connection.in_atomic_block
    is_pooled = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    return alone and not is_pooled and connection.connection not in _forgetful


def _prepared_answers(questions: Sequence[Question], cursor: CursorWrapper) -> list[Answer] | None:
    """In the order of the questions; None when this connection turns out not to keep what it is told."""
    try:
        return _executed(questions, cursor)
    except (NotSupportedError, OperationalError, ProgrammingError) as error:
        if getattr(error.__cause__, "sqlstate", "") not in _NOT_KEPT:
            raise
        _forgetful.add(connection.connection)
        log.info("This connection does not keep prepared statements: %s", error)
        return None


def _executed(questions: Sequence[Question], cursor: CursorWrapper) -> list[Answer]:
    known = _prepared.setdefault(connection.connection, set())
    asking: list[str] = []
    values: list[Any] = []
    for question in questions:
        worded = question.worded
        variables = list(dict.fromkeys(one.name for one in worded.between if isinstance(one, Variable)))
        if worded.name not in known:
            with connection.wrap_database_errors:
                # No question of the page's: it is not counted among them.
                connection.connection.execute(_preparing(worded, variables))
            known.add(worded.name)
        asking.append(f"EXECUTE {worded.name} ({', '.join(['%s'] * len(variables))})")
        values += [question.values[name] for name in variables]
    cursor.execute("; ".join(asking), values)
    answers: list[Answer] = [cursor.fetchall()]
    while cursor.nextset():
        answers.append(cursor.fetchall())
    return answers


def _preparing(worded: Worded, variables: Sequence[str]) -> str:
    text = worded.pieces[0]
    for one, piece in zip(worded.between, worded.pieces[1:], strict=True):
        if isinstance(one, Variable):
            said = f"${variables.index(one.name) + 1}"
        else:
            said = Literal(one).as_string(connection.connection)
        text += said.replace("%", "%%") + piece
    return f"PREPARE {worded.name} AS {text.replace('%%', '%')}"
