"""Which settings does a plug-in ask a merchant's record for, and are the given ones usable?

Sources and networks declare `SettingField`s; the admin builds its form from them and the services refuse a record
whose settings do not fit. Secrets are never stored in the record: a field with `secret=True` holds the *name* of an
environment variable, and whoever asks the merchant looks it up at that moment (`resolved`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,79}", re.ASCII)
# What the site itself lives by must never travel to a merchant because a record names it.
_OF_THE_SITE = frozenset({"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "POSTGRES_PASSWORD", "PGPASSWORD"})


class MissingSecretError(Exception):
    """A secret cannot be looked up. The message names the setting and the variable, never a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    name: str
    help: str
    pattern: str = r".+"
    required: bool = True
    secret: bool = False


def problems(fields: Sequence[SettingField], settings: Mapping[str, object]) -> list[str]:
    """What is wrong with the settings, one sentence each; empty when they can be used."""
    known = {field.name: field for field in fields}
    found = [
        f"`{name}` is not a setting here; known are: {', '.join(known) or 'none'}."
        for name in settings
        if name not in known
    ]
    for field in fields:
        value = settings.get(field.name)
        if value in (None, ""):
            if field.required:
                found.append(f"`{field.name}` is missing: {field.help}")
        elif not isinstance(value, str):
            found.append(f"`{field.name}` must be text, not {type(value).__name__}.")
        elif field.secret:
            found += _variable_problems(field, value)
        elif not re.fullmatch(field.pattern, value):
            found.append(f"`{field.name}` does not look right ({value!r}): {field.help}")
    return found


def resolved(
    fields: Sequence[SettingField], settings: Mapping[str, object], environ: Mapping[str, str]
) -> dict[str, str]:
    """The settings as a plug-in is given them: each secret field holds the secret that its variable holds.

    `environ` answers for a variable's name with its value. What is empty is left out. Raises `MissingSecretError`.
    """
    secret = {field.name for field in fields if field.secret}
    found: dict[str, str] = {}
    for name, value in settings.items():
        if value in (None, ""):
            continue
        found[name] = _looked_up(name, str(value), environ) if name in secret else str(value)
    return found


def _looked_up(name: str, variable: str, environ: Mapping[str, str]) -> str:
    if not _VARIABLE.fullmatch(variable) or variable in _OF_THE_SITE:
        raise MissingSecretError(f"`{name}` must be the name of an environment variable that is the merchant's.")
    value = environ.get(variable, "").strip()
    if not value:
        raise MissingSecretError(f"The environment variable {variable}, which `{name}` names, is not set or empty.")
    return value


def _variable_problems(field: SettingField, value: str) -> list[str]:
    """Never repeats the value: it may be the secret itself, pasted into the wrong place."""
    if not _VARIABLE.fullmatch(value):
        return [
            f"`{field.name}` must be the name of an environment variable (capitals, digits and _), not the secret "
            f"itself: {field.help}"
        ]
    if value in _OF_THE_SITE:
        return [f"`{field.name}` names {value}, which is the site's own secret: {field.help}"]
    return []
