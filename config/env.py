"""How is the machine told what to do? By environment variables, read once, with refusals that say what is wrong.

Every reader takes the variable's name and a default; `NAME_FILE` may name a file that holds the value (the way
container secrets are mounted). `VARIABLES` collects what was asked for, so that a test can compare it with
`.env.example` and `docs/operations.md`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

VARIABLES: set[str] = set()
# Those of them that take a few words only: all else is refused by their reader.
FEW_WORDS: set[str] = set()

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable's value, or the content of the file that `NAME_FILE` names; empty is as good as not set."""
    VARIABLES.add(name)
    value = os.environ.get(name)
    path = os.environ.get(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    return value or default


def flag(name: str, *, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    FEW_WORDS.add(name)
    value = text(name, "1" if default else "0").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.") from None


def number(name: str, default: str) -> Decimal:
    value = text(name, default)
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a number.") from None


def choice(name: str, allowed: Collection[str], default: str) -> str:
    """One of a few words."""
    FEW_WORDS.add(name)
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; say one of {', '.join(allowed)}.")
    return value


def time_zone(name: str, default: str) -> str:
    """A key of the tz database."""
    value = text(name, default)
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):  # no such zone, none that could be, or a folder of zones
        raise ImproperlyConfigured(f"{name} is {value!r}; say a zone such as Europe/Berlin or UTC.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks around the commas do not count."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def options(name: str) -> dict[str, Any]:
    """A JSON object of named options; empty: none."""
    value = text(name)
    try:
        found = json.loads(value or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f'{name} must be a JSON object like {{"bucket_name": "pictures"}}.')
    return found
