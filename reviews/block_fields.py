"""What does an editor fill in, and does what was filled in fit?

Every field knows how its value is stored (`cleaned`) and says in words what is wrong with one that does not fit. The
admin's forms, the services and the check before publishing all ask here; nobody else judges a block's data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from reviews import rich_text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` leads to the value: field name, then row number from 1, then column name."""

    path: tuple[str | int, ...]
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UnfitError(Exception):
    """A value does not fit its field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing an editor fills in. `name` is the key in the block's data."""

    name: str
    label: str
    help: str = ""
    required: bool = True

    def cleaned(self, value: object) -> Any:
        """The value as it is stored. Raises `UnfitError`."""
        if value is None or value in ("", [], ()):
            stored: Any = self.nothing()
        else:
            stored = self.read(value)
        if self.required and stored in ("", []):
            raise self.unfit("is missing.")
        return stored

    def nothing(self) -> Any:
        """What is stored when an optional field is left empty."""
        return ""

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def unfit(self, message: str) -> UnfitError:
        return UnfitError(Problem((self.name,), self.label, message))

    def text(self, value: object) -> str:
        if not isinstance(value, str):
            raise self.unfit(f"must be text, not {_spoken_type(value)}.")
        return value.replace("\x00", "").replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """One line of plain text."""

    max_length: int = 200

    def read(self, value: Any) -> str:
        line = " ".join(self.text(value).split())
        if len(line) > self.max_length:
            raise self.unfit(f"is {len(line)} characters long; {self.max_length} fit.")
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseKey(Text):
    """A use case of the scoring method, by its key. Whether the method has it is judged before publishing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText(Field):
    """Paragraphs of plain text; a blank line separates them."""

    max_length: int = 4000

    def read(self, value: Any) -> str:
        text = self.text(value)
        if len(text) > self.max_length:
            raise self.unfit(f"is {len(text)} characters long; {self.max_length} fit.")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class RichText(Field):
    """Formatted text. Stored as HTML, sanitised on save and again before it is shown."""

    def read(self, value: Any) -> str:
        return rich_text.sanitised(self.text(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Field):
    """A list of short plain texts, one on each line."""

    minimum: int = 0
    maximum: int = 20

    def nothing(self) -> list[str]:
        return []

    def read(self, value: Any) -> list[str]:
        given = value.splitlines() if isinstance(value, str) else value
        if not isinstance(given, list | tuple):
            raise self.unfit(f"must be a list of texts, not {_spoken_type(value)}.")
        lines = [line for item in given if (line := " ".join(self.text(item).split()))]
        if lines and not self.minimum <= len(lines) <= self.maximum:
            raise self.unfit(f"has {len(lines)} lines; it takes {self.minimum} to {self.maximum}.")
        return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    options: tuple[tuple[str, str], ...]

    def read(self, value: Any) -> str:
        known = [key for key, _ in self.options]
        if value not in known:
            raise self.unfit(f"{value!r} is not one of {', '.join(known)}.")
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Field):
    """Any number of the options, in the order chosen."""

    options: tuple[tuple[str, str], ...]

    def nothing(self) -> list[str]:
        return []

    def read(self, value: Any) -> list[str]:
        if not isinstance(value, list | tuple):
            raise self.unfit(f"must be a list, not {_spoken_type(value)}.")
        known = {key for key, _ in self.options}
        unknown = [item for item in value if not isinstance(item, str) or item not in known]
        if unknown:
            raise self.unfit(f"{', '.join(map(repr, unknown))} cannot be chosen; known are {', '.join(sorted(known))}.")
        return list(dict.fromkeys(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A decimal number, kept as text so that nothing is rounded."""

    minimum: Decimal
    maximum: Decimal
    places: int = 1

    def read(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise self.unfit(f"must be a number, not {_spoken_type(value)}.")
        written = str(value).strip()
        if not written:
            return ""
        try:
            number = Decimal(written)
        except InvalidOperation:
            raise self.unfit(f"{written!r} is not a number; write it like 7.5.") from None
        if not number.is_finite() or not self.minimum <= number <= self.maximum:
            raise self.unfit(f"must be between {self.minimum} and {self.maximum}, not {written}.")
        rounded = number.quantize(Decimal(1).scaleb(-self.places))
        if rounded != number:
            allowed = f"at most {self.places} decimal place(s)" if self.places else "no decimal places"
            raise self.unfit(f"takes {allowed}, not {written}.")
        return str(rounded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Field):
    """Something of ours by its id: the row it points at is related to the block, so that it cannot vanish."""

    def read(self, value: Any) -> int:
        written = str(value)
        if isinstance(value, bool) or not written.isascii() or not written.isdecimal() or not 0 < int(written) < 2**63:
            raise self.unfit(f"must be an id, not {written!r}.")
        return int(written)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRef(Reference):
    """A product that this row or field speaks about. It joins the block's products behind those that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRef(Reference):
    """A picture of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Field):
    """A list of rows with the same columns; a column is any field but `Rows`. Rows with nothing in them are dropped."""

    columns: tuple[Field, ...]
    minimum: int = 0
    maximum: int = 30

    def nothing(self) -> list[dict[str, Any]]:
        return []

    def read(self, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list | tuple):
            raise self.unfit(f"must be a list of rows, not {_spoken_type(value)}.")
        rows: list[dict[str, Any]] = []
        problems: list[Problem] = []
        for number, given in enumerate(value, start=1):
            if isinstance(given, Mapping) and all(cell in (None, "", []) for cell in given.values()):
                continue
            row, found = fit(self.columns, given)
            rows.append(row)
            problems += [self.in_row(number, problem) for problem in found]
        if not self.minimum <= len(rows) <= self.maximum:
            problems += self.unfit(f"has {len(rows)} rows; it takes {self.minimum} to {self.maximum}.").problems
        if problems:
            raise UnfitError(*problems)
        return rows

    def in_row(self, number: int, problem: Problem) -> Problem:
        where = ", ".join(part for part in (self.label, f"row {number}", problem.where) if part)
        return Problem((self.name, number, *problem.path), where, problem.message)


def fit(fields: Sequence[Field], data: object) -> tuple[dict[str, Any], list[Problem]]:
    """The data as it is stored, and everything that is wrong with it. What does not fit is left out of the former."""
    if not isinstance(data, Mapping):
        return {}, [Problem((), "", f"must be a set of fields, not {_spoken_type(data)}.")]
    known = {field.name: field for field in fields}
    problems = [
        Problem((str(name),), str(name), f"is not a field here; known are {', '.join(known) or 'none'}.")
        for name in data
        if name not in known
    ]
    stored: dict[str, Any] = {}
    for name, field in known.items():
        try:
            stored[name] = field.cleaned(data.get(name))
        except UnfitError as error:
            problems += error.problems
    return stored, problems


def rich_texts(fields: Sequence[Field], data: Mapping[str, Any]) -> list[str]:
    """Every formatted text in the data, for checks of links and headings. What does not fit is passed over."""
    found: list[str] = []
    for field in fields:
        value = data.get(field.name)
        if isinstance(field, RichText) and isinstance(value, str):
            found.append(value)
        elif isinstance(field, Rows) and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    found += rich_texts(field.columns, row)
    return found


def references(fields: Sequence[Field], data: Mapping[str, Any], kind: type[Reference]) -> list[int]:
    """The ids of this kind that the data names, each once, in order. What does not fit is passed over."""
    found: dict[int, None] = {}
    for field in fields:
        value = data.get(field.name)
        if isinstance(field, kind) and isinstance(value, int) and not isinstance(value, bool):
            found[value] = None
        elif isinstance(field, Rows) and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    found |= dict.fromkeys(references(field.columns, row, kind))
    return list(found)


def _spoken_type(value: object) -> str:
    names = {dict: "a set of fields", list: "a list", bool: "yes or no", type(None): "nothing", str: "text"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else type(value).__name__)
