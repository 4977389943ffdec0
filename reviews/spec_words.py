"""How is each spec of a product printed, known or not?"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field

from catalog.models import AudioSpecs
from catalog.spec_sheet import SPECS, Spec
from reviews.blocks.base import SpecFact


def spec_facts(specs: AudioSpecs | None) -> dict[str, SpecFact]:
    """Every spec as it is printed, known or not."""
    if specs is None:
        return dict(_NOTHING_KNOWN)
    said = {
        # A list is no key; a tuple of the same words is printed like it.
        key: _spec_fact(key, tuple(value) if isinstance(value, list) else value)
        for key in _BY_KEY
        if (value := getattr(specs, key)) is not None
    }
    return {**_NOTHING_KNOWN, **said}


# Products say the same few things. `typed`: that it is wireless (True) is not the number 1.
@lru_cache(maxsize=10_000, typed=True)
def _spec_fact(key: str, value: Any) -> SpecFact:
    spec = _BY_KEY[key]
    if isinstance(value, bool):
        return SpecFact(key=spec.key, label=spec.label, value="Yes" if value else "No", state="yes" if value else "no")
    number = Decimal(value) if isinstance(value, int | Decimal) else None
    return SpecFact(key=spec.key, label=spec.label, value=_spec_text(spec, value), state="value", number=number)


def _spec_text(spec: Spec, value: Any) -> str:
    words = _WORDS[spec.key]
    if isinstance(value, tuple):
        return ", ".join(str(words.get(item, item)) for item in value) or "None"
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
    elif isinstance(value, int) and spec.unit:
        text = f"{value:,}"
    else:
        text = words.get(value, str(value))
    return f"{text}\N{NO-BREAK SPACE}{spec.unit}" if spec.unit else text


def _choice_words(field: Field[Any, Any]) -> dict[str, str]:
    chosen = field.base_field if isinstance(field, ArrayField) else field
    return {str(key): str(label) for key, label in chosen.flatchoices}


_BY_KEY = {spec.key: spec for spec in SPECS}
_NOTHING_KNOWN = {spec.key: SpecFact(key=spec.key, label=spec.label, value=None, state="unknown") for spec in SPECS}
_WORDS = {spec.key: _choice_words(AudioSpecs._meta.get_field(spec.key)) for spec in SPECS}  # type: ignore[arg-type]
