"""Can the rules be used? A system check, so that a bad rule file is seen at start and not by the first shopper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from recommender import rules


@register
def rules_can_be_used(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """recommender.E001, with every fault: file, rule, field and what to do."""
    try:
        rules.load()
    except rules.RulesError as error:
        return [
            Error(str(error), hint="recommender/rules/schema.py says what a rule looks like.", id="recommender.E001")
        ]
    return []
