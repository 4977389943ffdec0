"""Which questions does a merchant's form ask for its network? One input for each of the network's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog import networks
from catalog.networks.base import Network
from catalog.settings_fields import SettingField, problems

PREFIX = "network_setting_"
# A network with more optional settings than this shows those that are not set folded away.
_MOST_IN_SIGHT = 8


def input_name(setting: str) -> str:
    return PREFIX + setting


def inputs_of(key: str) -> dict[str, forms.Field]:
    """The inputs for this network's settings, by name; none for a network that is not there."""
    network = networks.NETWORKS.get(key)
    if network is None:
        return {}
    return {
        input_name(field.name): forms.CharField(
            label=field.name.replace("_", " ").capitalize(),
            # What is missing is told by the network's own words, not by the browser's.
            required=False,
            help_text=_help(field, network.example_settings.get(field.name, "")),
            widget=forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false", "autocomplete": "off"}),
        )
        for field in network.settings
    }


def in_sight(key: str, settings: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The inputs' names: those to show at once, and those to fold away (optional, not set, and many)."""
    network = networks.NETWORKS.get(key)
    if network is None:
        return [], []
    folded = [field.name for field in network.settings if not field.required and not settings.get(field.name)]
    if len(folded) <= _MOST_IN_SIGHT:
        folded = []
    return (
        [input_name(field.name) for field in network.settings if field.name not in folded],
        [input_name(name) for name in folded],
    )


def about(key: str) -> SafeString | str:
    """What editors should know of this network."""
    network = networks.NETWORKS.get(key)
    if network is None:
        return "Choose a network and save: its settings are asked for then."
    return format_html("{}: {}", network.label, _with_code(network.note))


def problems_by_input(
    network: Network, settings: Mapping[str, Any], *, hosts: list[str]
) -> list[tuple[str | None, str]]:
    """What is wrong with the settings: pairs of an input it belongs to (None: to none of them) and a sentence.

    What settings are wrong together stands at each that the sentence names.
    """
    known = {field.name: field for field in network.settings}
    found: list[tuple[str | None, str]] = [
        (None, problem) for problem in problems(network.settings, {**settings}) if _is_of_none(problem, known)
    ]
    for name, field in known.items():
        given = {name: settings[name]} if name in settings else {}
        found += [(input_name(name), problem) for problem in problems([field], given)]
    if not found:
        for problem in network.settings_problems(settings, hosts=hosts):
            inputs = [input_name(name) for name in problem.split("`")[1::2] if name in known]
            found += [(name, problem) for name in dict.fromkeys(inputs)] or [(None, problem)]
    return found


def _is_of_none(problem: str, known: Mapping[str, SettingField]) -> bool:
    return problem.partition("`")[2].partition("`")[0] not in known


def _help(field: SettingField, example: str) -> SafeString:
    optional = "" if field.required else " Optional."
    if not example or example in field.help:
        return format_html("{}{}", _with_code(field.help), optional)
    return format_html("{} For example <code>{}</code>.{}", _with_code(field.help), example, optional)


def _with_code(text: str) -> SafeString:
    """The words between backticks as code."""
    pieces = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", piece) if number % 2 else piece,) for number, piece in pieces)
    )
