"""Where in the text of a rule file does a value stand, and what is the text with another one there?

A form changes single values: everything around them, comments and spacing too, stays as its author wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from recommender.rules import schema
from recommender.rules.measures import WEIGHT, Measure, measure_of
from recommender.rules.parsing import CHOICES
from recommender.rules.sentences import asked_in_words, field_in_words, plain

Path = tuple[str | int, ...]
STATUSES = CHOICES["status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value that a form may change. `measure` is None for texts and for the switch."""

    path: Path
    kind: str  # weight | threshold | text | status
    label: str
    value: str
    measure: Measure | None = None

    @property
    def name(self) -> str:
        """What the form calls it."""
        return ".".join(str(part) for part in self.path)


class NoSuchRuleError(LookupError):
    """The file holds no rule of that id, or cannot be read as YAML: then only its whole text can be edited."""


def places(text: str, rule_id: str) -> list[Place]:
    """Switch, sentences, weights and thresholds, in the order of the rule. Raises `NoSuchRuleError`."""
    data = yaml.safe_load(block(text, rule_id))[0]
    found = [Place(path=("status",), kind="status", label="Switch", value=str(data.get("status", "active")))]
    found.append(Place(path=("title",), kind="text", label="Title, for editors", value=_flat(data.get("title"))))
    found.append(
        Place(path=("because",), kind="text", label="Because: what readers are told", value=_flat(data.get("because")))
    )
    if data.get("overrides") or data.get("overridden"):
        label = "What readers are told where it wins over other rules"
        found.append(Place(path=("overridden",), kind="text", label=label, value=_flat(data.get("overridden"))))
    effects = data.get("then")
    for index, effect in enumerate(effects if isinstance(effects, list) else ()):
        if isinstance(effect, Mapping):
            found += _weights(effect, index)
            found += _thresholds(effect.get("when"), ("then", index, "when"))
    return [*found, *_thresholds(data.get("when"), ("when",))]


def with_values(text: str, rule_id: str, changed: Mapping[Path, str]) -> str:
    """The text of the file with these values at these places of the rule; numbers as numbers, texts in quotes."""
    node = _rule(text, rule_id)
    edits = [_edit(text, node, path, value) for path, value in changed.items()]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def block(text: str, rule_id: str) -> str:
    """The rule's own lines, from its “- ” to the next rule's."""
    start, end = _span(text, rule_id)
    return text[start:end]


def with_block(text: str, rule_id: str, new: str) -> str:
    """The text of the file with other lines for this rule."""
    start, end = _span(text, rule_id)
    gap = text[start:end][len(text[start:end].rstrip("\n")) :]
    return text[:start] + new.rstrip("\n") + (gap or "\n") + text[end:]


def rule_ids(text: str) -> list[str]:
    """The ids in the file as far as it can be read, in order."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        return []
    return [str(item["id"]) for item in data if isinstance(item, Mapping) and "id" in item] if data else []


def _weights(effect: Mapping[Any, Any], index: int) -> Iterator[Place]:
    for does in schema.WEIGHTED:
        if does in effect:
            words = effect[does] if isinstance(effect[does], list) else [effect[does]]
            what = {"kind_vote": "the vote for", "type_vote": "the vote for the type", "prefer_feature": "the wish for"}
            label = f"Weight of {what[does]} {', '.join(plain(str(word)) for word in words)}"
            if effect.get("for"):
                label += f" (for {', '.join(plain(str(word)) for word in effect['for'])})"
            value = str(effect.get("weight", 1))
            yield Place(path=("then", index, "weight"), kind="weight", label=label, value=value, measure=WEIGHT)


def _thresholds(condition: Any, path: Path) -> Iterator[Place]:
    if not isinstance(condition, Mapping):
        return
    if "not" in condition:
        yield from _thresholds(condition["not"], (*path, "not"))
    for name in ("all", "any"):
        for index, part in enumerate(condition.get(name) or ()):
            yield from _thresholds(part, (*path, name, index))
    measure = measure_of(str(condition.get("field")))
    value = condition.get("value")
    if measure is None or value is None:
        return
    label = f"Threshold: {field_in_words(str(condition['field']))} {asked_in_words(str(condition.get('op')))}"
    numbers = enumerate(value) if isinstance(value, list) else [(None, value)]
    for place, number in numbers:
        where = (*path, "value") if place is None else (*path, "value", place)
        yield Place(path=where, kind="threshold", label=label, value=str(number), measure=measure)


def _edit(text: str, rule: yaml.Node, path: Path, value: str) -> tuple[int, int, str]:
    new = _written(path, value)
    node = _at(rule, path)
    if node is not None:
        old = text[node.start_mark.index : node.end_mark.index]
        return node.start_mark.index, node.end_mark.index, new + old[len(old.rstrip()) :]
    parent = _at(rule, path[:-1])
    assert isinstance(parent, yaml.MappingNode)
    key = str(path[-1])
    if parent.flow_style:
        return parent.end_mark.index - 1, parent.end_mark.index - 1, f", {key}: {new}"
    # before the second key: the first follows the rule's hyphen
    second = parent.value[1][0].start_mark
    return second.index, second.index, f"{key}: {new}\n" + " " * second.column


def _written(path: Path, value: str) -> str:
    if path[-1] == "status":
        return value
    if path[-1] in ("title", "because", "overridden"):
        return json.dumps(" ".join(value.split()), ensure_ascii=False)
    return f"{Decimal(value).normalize():f}"


def _at(node: yaml.Node | None, path: Path) -> yaml.Node | None:
    for part in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            return None
    return node


def _rule(text: str, rule_id: str) -> yaml.Node:
    return _rules(text)[_index(text, rule_id)]


def _span(text: str, rule_id: str) -> tuple[int, int]:
    nodes, index = _rules(text), _index(text, rule_id)
    starts = [text.rfind("\n", 0, node.start_mark.index) + 1 for node in nodes]
    return starts[index], starts[index + 1] if index + 1 < len(starts) else len(text)


def _index(text: str, rule_id: str) -> int:
    for index, node in enumerate(_rules(text)):
        found = _at(node, ("id",))
        if found is not None and found.value == rule_id:
            return index
    raise NoSuchRuleError(rule_id)


@lru_cache(maxsize=64)
def _rules(text: str) -> tuple[yaml.Node, ...]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise NoSuchRuleError(str(error)) from error
    return tuple(root.value) if isinstance(root, yaml.SequenceNode) else ()


def _flat(value: object) -> str:
    return " ".join(str(value or "").split())
