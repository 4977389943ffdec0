"""How does an editor change one rule: its switch, weights, thresholds and sentences, each with its unit and range?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from recommender.rules.editing import STATUSES, Path, Place, block, places
from recommender.rules.parsing import CHOICES

MOST_LETTERS = 600
_MOST_FIGURES = 12
_SWITCH = {
    "active": "On: it takes part in every answer",
    "draft": "Off: not yet, it is being prepared",
    "retired": "Off: it was in use and is no longer",
}
assert set(_SWITCH) == set(CHOICES["status"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`value` is as typed. `options` are those of the switch; `help` says unit and range."""

    name: str
    kind: str
    label: str
    value: str
    help: str = ""
    least: str = ""
    most: str = ""
    step: str = ""
    options: tuple[tuple[str, str], ...] = ()
    problem: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in ("weight", "threshold")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForm:
    """`yaml` are the rule's own lines. `changed` are the new values at their places, none where a field is wrong."""

    fields: tuple[Field, ...]
    yaml: str
    changed: Mapping[Path, str]

    @property
    def problems(self) -> list[str]:
        return [f"{field.label}: {field.problem}" for field in self.fields if field.problem]


def form_of(text: str, rule_id: str) -> RuleForm:
    """As the rule stands. Raises `NoSuchRuleError`."""
    return RuleForm(
        fields=tuple(_field(place) for place in places(text, rule_id)), yaml=block(text, rule_id), changed={}
    )


def form_from(text: str, rule_id: str, data: Mapping[str, str]) -> RuleForm:
    """As it was typed. Raises `NoSuchRuleError`."""
    fields, changed = [], {}
    for place in places(text, rule_id):
        typed = " ".join(data.get(place.name, place.value).replace("\x00", "").split())
        problem = _problem(place, typed)
        fields.append(replace(_field(place), value=typed, problem=problem))
        if not problem and not _is_same(place, typed):
            changed[place.path] = typed
    return RuleForm(fields=tuple(fields), yaml=block(text, rule_id), changed=changed)


def _field(place: Place) -> Field:
    measure = place.measure
    return Field(
        name=place.name,
        kind=place.kind,
        label=place.label,
        value=place.value,
        help=f"{measure.unit}; from {measure.least} to {measure.most:,}" if measure else "",
        least=str(measure.least) if measure else "",
        most=str(measure.most) if measure else "",
        step=str(measure.step) if measure else "",
        options=tuple((status, _SWITCH[status]) for status in STATUSES) if place.kind == "status" else (),
    )


def _problem(place: Place, typed: str) -> str:
    if place.kind == "status":
        return "" if typed in STATUSES else f"“{typed[:20]}” is no switch. Choose one of {', '.join(STATUSES)}."
    if place.kind == "text":
        if not typed:
            return "Write a sentence; readers would see an empty reason."
        return "" if len(typed) <= MOST_LETTERS else f"{len(typed)} letters are too many; at most {MOST_LETTERS}."
    assert place.measure is not None
    number = _number(typed)
    if number is None:
        return f"“{typed[:20]}” is not a number. Write one such as {place.value}."
    if not place.measure.least <= number <= place.measure.most:
        return f"{typed} is out of range: from {place.measure.least} to {place.measure.most:,} ({place.measure.unit})."
    return ""


def _is_same(place: Place, typed: str) -> bool:
    return _number(typed) == _number(place.value) if place.measure else typed == place.value


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".")) if len(text) <= _MOST_FIGURES else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
