"""Which settings does a plug-in ask a merchant's record for, and are the given ones usable?

Sources and networks declare `SettingField`s; the admin builds its form from them and the services refuse a record
whose settings do not fit. Secrets are never stored in the record: a field with `secret=True` holds the *name* of an
environment variable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
        elif not re.fullmatch(field.pattern, value):
            found.append(f"`{field.name}` does not look right ({value!r}): {field.help}")
    return found
