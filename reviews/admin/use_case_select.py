"""How does an editor choose the use case of the method whose weights count?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.choices import CallableChoiceIterator

from reviews.score_table import use_case_choices


class UseCaseSelect(forms.Select):
    """The use cases of the active method; one that it no longer has stays chosen and says so."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = CallableChoiceIterator(lambda: [("", "—"), *use_case_choices()])

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        known = {str(key) for key, _ in self.choices}
        groups = super().optgroups(name, value, attrs)
        for gone in sorted(one for one in value if one and one not in known):
            label = f"{gone} (not in the active method)"
            groups.append((None, [self.create_option(name, gone, label, True, len(groups))], len(groups)))
        return groups
