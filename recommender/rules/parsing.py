"""Which rules does this YAML text hold? Shapes and words are checked here, what rules mean together in `checks`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # the same in C, several times faster
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

from recommender import vocabulary
from recommender.rules import conditions, schema
from recommender.rules.faults import Fault
from recommender.rules.schema import Effect, Rule

REQUIRED = ("id", "title", "section", "basis", "layer", "strength", "then", "because", "tests")
OPTIONAL = ("for", "when", "overrides", "scope", "overridden", "version", "status")
CHOICES = {
    "basis": ("seed", "editorial", "safety", "legal"),
    "layer": tuple(schema.LAYERS),
    "strength": ("hard", "soft"),
    "scope": ("activity", "all"),
    "status": ("active", "draft", "retired"),
}
EFFECT_EXTRAS = ("weight", "value", "rank", "for", "when")
RULE_ID = re.compile(r"[A-Z]{2,6}-[0-9]{1,3}")
MAX_WEIGHT = 3


class _StrictLoader(SafeLoader):
    """YAML silently keeps the last of two equal keys; half a rule would be lost without a word."""


def _mapping_without_twins(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"the key “{key}” stands twice", node.start_mark)
    return {loader.construct_object(key): loader.construct_object(value, deep=True) for key, value in node.value}


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_twins)


def rules_in(text: str, *, file: str) -> tuple[list[Rule], list[Fault]]:
    """The rules of one file, and its faults; a rule with a fault is left out."""
    try:
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader underneath
    except yaml.YAMLError as error:
        return [], [Fault(file=file, problem=f"not readable as YAML: {' '.join(str(error).split())}")]
    if not isinstance(data, list) or not data:
        return [], [Fault(file=file, problem="expected a list of rules, each beginning with “- id:”.")]
    rules, faults = [], []
    for index, item in enumerate(data, start=1):
        parser = _RuleParser(file, item, index)
        rule = parser.rule()
        faults += parser.faults
        if rule is not None and not parser.faults:
            rules.append(rule)
    return rules, faults


class _RuleParser:
    def __init__(self, file: str, item: object, index: int) -> None:
        self.file, self.item = file, item
        self.name = f"number {index}"
        self.faults: list[Fault] = []

    def fault(self, field: str, problem: str) -> None:
        self.faults.append(Fault(file=self.file, rule=self.name, field=field, problem=problem))

    def rule(self) -> Rule | None:
        data = self.item
        if not isinstance(data, Mapping):
            self.fault("", "expected fields such as id, layer and then.")
            return None
        if isinstance(data.get("id"), str):
            self.name = data["id"]
        self._check_fields(data)
        if self.faults:
            return None
        tests = data["tests"] if isinstance(data["tests"], Mapping) else {}
        return Rule(
            id=data["id"],
            title=self.text(data, "title"),
            section=self.text(data, "section"),
            basis=data["basis"],
            layer=data["layer"],
            strength=data["strength"],
            because=self.text(data, "because"),
            activities=self.words(data.get("for", []), "for", vocabulary.ACTIVITIES),
            when=self.condition(data["when"], "when") if "when" in data else None,
            effects=self.effects(data["then"]),
            overrides=self.words(data.get("overrides", []), "overrides", None),
            scope=data.get("scope", "activity"),
            overridden=self.text(data, "overridden") if "overridden" in data else "",
            version=self.whole_number(data.get("version", 1), "version"),
            status=data.get("status", "active"),
            fires=self.examples(tests.get("fires"), "tests.fires"),
            silent=self.examples(tests.get("silent"), "tests.silent"),
            file=self.file,
        )

    def _check_fields(self, data: Mapping[Any, Any]) -> None:
        for field in data:
            if field not in REQUIRED + OPTIONAL:
                self.fault(str(field), f"there is no such field; use {', '.join(REQUIRED + OPTIONAL)}.")
        for field in REQUIRED:
            if field not in data:
                self.fault(field, "is missing; every rule needs it.")
        if "id" in data and not (isinstance(data["id"], str) and RULE_ID.fullmatch(data["id"])):
            self.fault(
                "id", f"“{data['id']}” is not an id; write capital letters, a hyphen and a number, as in EXT-16."
            )
        for field, allowed in CHOICES.items():
            if field in data and data[field] not in allowed:
                self.fault(field, f"“{data[field]}” is not known; use one of {', '.join(allowed)}.")

    def text(self, data: Mapping[Any, Any], field: str) -> str:
        value = data[field]
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self.fault(field, "write a text.")
        return ""

    def whole_number(self, value: object, field: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.fault(field, f"“{value}” is not a whole number.")
        return 0

    def words(self, value: object, field: str, allowed: Sequence[str] | None) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.fault(field, "expected a list of words in square brackets.")
            return ()
        for word in value:
            if allowed is not None and word not in allowed:
                self.fault(field, f"“{word}” is not in the vocabulary; use one of {', '.join(allowed)}.")
        return tuple(value)

    def examples(self, value: object, field: str) -> tuple[Mapping[str, Any], ...]:
        if isinstance(value, list) and value and all(isinstance(needs, Mapping) for needs in value):
            return tuple(value)
        self.fault(field, "give at least one example of needs, as in [{activities: {music: 1}}].")
        return ()

    # --- effects ---------------------------------------------------------------------------------------------

    def effects(self, value: object) -> tuple[Effect, ...]:
        if not isinstance(value, list) or not value:
            self.fault("then", "expected a list of effects, as in [{kind_vote: headset, weight: 1}].")
            return ()
        return tuple(effect for index, item in enumerate(value) for effect in self._effect(item, f"then[{index}]"))

    def _effect(self, item: object, field: str) -> list[Effect]:
        names = [name for name in item if name not in EFFECT_EXTRAS] if isinstance(item, Mapping) else []
        if not isinstance(item, Mapping) or len(names) != 1 or names[0] not in schema.EFFECTS:
            self.fault(field, f"expected one effect with its word; the effects are {', '.join(schema.EFFECTS)}.")
            return []
        does, allowed = names[0], schema.EFFECTS[names[0]]
        given = item[does] if isinstance(item[does], list) else [item[does]]
        narrow: dict[str, Any] = {
            "activities": self.words(item.get("for", []), f"{field}.for", vocabulary.ACTIVITIES),
            "when": self.condition(item["when"], f"{field}.when") if "when" in item else None,
        }
        if not allowed:
            return [Effect(does=does, **narrow)]
        for word in given:
            if word not in allowed:
                self.fault(f"{field}.{does}", f"“{word}” is not in the vocabulary; use one of {', '.join(allowed)}.")
        weight = self._weight(item, does, field)
        if does == "derive":
            return self._derive(item, field)
        return [Effect(does=does, word=word, weight=weight, **narrow) for word in given if word in allowed]

    def _weight(self, item: Mapping[Any, Any], does: str, field: str) -> Decimal:
        weight = item.get("weight", 1)
        if "weight" in item and does not in schema.WEIGHTED:
            self.fault(f"{field}.weight", f"{does} has no weight; only {', '.join(schema.WEIGHTED)} have one.")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= MAX_WEIGHT:
            self.fault(f"{field}.weight", f"“{weight}” is not a weight; use a number above 0, at most {MAX_WEIGHT}.")
            return Decimal(1)
        return Decimal(str(weight))

    def _derive(self, item: Mapping[Any, Any], field: str) -> list[Effect]:
        fact, value = item["derive"], item.get("value")
        if fact in schema.FACTS and value not in schema.FACTS[fact]:
            self.fault(f"{field}.value", f"“{value}” is not a value of {fact}; use one of {schema.FACTS[fact]}.")
        rank = self.whole_number(item.get("rank"), f"{field}.rank")
        return [Effect(does="derive", word=str(fact), value=str(value), rank=rank)]

    # --- conditions ------------------------------------------------------------------------------------------

    def condition(self, value: object, field: str) -> conditions.Condition | None:
        if not isinstance(value, Mapping):
            self.fault(field, "expected a test such as {field: speech_need, op: eq, value: required}.")
            return None
        if set(value) == {"not"}:
            inner = self.condition(value["not"], f"{field}.not")
            return conditions.Not(inner) if inner is not None else None
        if set(value) in ({"all"}, {"any"}):
            name = "all" if "all" in value else "any"
            return self._group(name, value[name], f"{field}.{name}")
        return self._test(value, field)

    def _group(self, name: str, value: object, field: str) -> conditions.Condition | None:
        if not isinstance(value, list) or not value:
            self.fault(field, "expected a list of at least one test.")
            return None
        parts = [self.condition(part, f"{field}[{index}]") for index, part in enumerate(value)]
        known = tuple(part for part in parts if part is not None)
        return conditions.All(known) if name == "all" else conditions.AnyOf(known)

    def _test(self, value: Mapping[Any, Any], field: str) -> conditions.Condition | None:
        extra = set(value) - {"field", "op", "value"}
        if extra or not {"field", "op"} <= set(value):
            self.fault(field, f"a test has field, op and value; got {', '.join(map(str, value))}.")
            return None
        name, op, want = value["field"], value["op"], value.get("value")
        problem = operand_problem(name, op, want, given="value" in value)
        if problem:
            self.fault(field, problem)
            return None
        return conditions.Test(name, op, _frozen(want))


def operand_problem(name: object, op: object, want: object, *, given: bool) -> str:
    """Why this test cannot be asked, or an empty text."""
    kinds: list[tuple[Sequence[str], Sequence[str]]] = [
        (tuple(schema.WORD_FIELDS), conditions.WORD_OPS),
        (tuple(schema.SET_FIELDS), conditions.SET_OPS),
        (schema.FLAG_FIELDS, conditions.FLAG_OPS),
        (schema.NUMBER_FIELDS, conditions.NUMBER_OPS),
        (schema.TEXT_FIELDS, ()),
    ]
    ops = next((ops for names, ops in kinds if name in names), None)
    if ops is None:
        return f"there is no field “{name}”; the schema module lists what a condition may read."
    if op in conditions.NO_VALUE:
        return f"{op} takes no value." if given else ""
    if op not in ops:
        return f"{name} cannot be asked with “{op}”; use one of {', '.join((*ops, *conditions.NO_VALUE))}."
    return _value_problem(str(name), str(op), want)


def _value_problem(name: str, op: str, want: Any) -> str:
    values = want if isinstance(want, list) else [want]
    if (op in conditions.LIST_VALUE) != isinstance(want, list):
        return f"{op} wants {'a list' if op in conditions.LIST_VALUE else 'one value'}."
    allowed = schema.WORD_FIELDS.get(name) or schema.SET_FIELDS.get(name)
    if allowed is not None:
        unknown = [value for value in values if value not in allowed]
        return f"“{unknown[0]}” is not a value of {name}; use one of {', '.join(allowed)}." if unknown else ""
    if name in schema.FLAG_FIELDS:
        return "" if isinstance(want, bool) else f"{name} is true or false."
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return f"{name} is compared with a number, not with “{want}”."
    if op == "between" and (len(values) != 2 or values[0] > values[1]):
        return "between wants two numbers, the smaller first."
    return ""


def _frozen(want: object) -> object:
    """Numbers as Decimals and lists as tuples, so that a rule can be shared and compared."""
    if isinstance(want, list):
        return tuple(_frozen(value) for value in want)
    if isinstance(want, int | float) and not isinstance(want, bool):
        return Decimal(str(want))
    return want
