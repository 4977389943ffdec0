"""How is each spec of a product printed, known or not?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field

from catalog.models import AudioSpecs
from catalog.spec_sheet import SPECS, Spec
from reviews.blocks.base import SpecFact


def spec_facts(specs: AudioSpecs | None) -> dict[str, SpecFact]:
    """Every spec as it is printed, known or not."""
    return {spec.key: _spec_fact(spec, getattr(specs, spec.key, None)) for spec in SPECS}


def _spec_fact(spec: Spec, value: Any) -> SpecFact:
    if value is None:
        return SpecFact(key=spec.key, label=spec.label, value=None, state="unknown")
    if isinstance(value, bool):
        return SpecFact(key=spec.key, label=spec.label, value="Yes" if value else "No", state="yes" if value else "no")
    number = Decimal(value) if isinstance(value, int | Decimal) else None
    return SpecFact(key=spec.key, label=spec.label, value=_spec_text(spec, value), state="value", number=number)


def _spec_text(spec: Spec, value: Any) -> str:
    words = _WORDS[spec.key]
    if isinstance(value, list):
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


_WORDS = {spec.key: _choice_words(AudioSpecs._meta.get_field(spec.key)) for spec in SPECS}  # type: ignore[arg-type]
