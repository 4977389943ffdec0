"""How does an editor fill in a link, its routes and the visitor to try them with?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from catalog.admin.as_opened import AsOpenedForm
from catalog.clicks.visitors import FORMS, device, language
from catalog.links.countries import NAMES
from catalog.links.languages import NAMES as LANGUAGES
from catalog.links.route_words import DAY_NAMES, SYSTEM_NAMES
from catalog.links.routing import Visitor
from catalog.models import Link, LinkRoute
from catalog.services.link_checks import Problems, link_problems, route_problems
from catalog.services.links import free_code

DEVICES = (
    ("phone ios", "iPhone"),
    ("tablet ios", "iPad that says so (most ask as a Mac)"),
    ("phone android", "Android phone"),
    ("tablet android", "Android tablet"),
    ("desktop windows", "Windows PC"),
    ("desktop macos", "Mac"),
    ("desktop linux", "Linux PC"),
    ("desktop ", "Chromebook"),
    (" ", "A device we do not know"),
)
_COUNTRY_CODES: Mapping[str, str] = {name.removeprefix("the ").lower(): code for code, name in NAMES.items()}


class CodesField(forms.Field):
    """Several codes in one line, between commas or spaces; names that are known become their codes."""

    def __init__(self, *, known: Mapping[str, str] | None = None, is_upper: bool = False, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.known = known or {}
        self.is_upper = is_upper

    def to_python(self, value: Any) -> list[str]:
        parts = re.split(r"[,;\n]+", value or "")
        found = [code for part in parts for code in self._codes(part)]
        return list(dict.fromkeys(found))

    def _codes(self, text: str) -> Iterator[str]:
        """Of words without a comma between them: the longest name that is known, or the word as a code."""
        words = text.split()
        while words:
            for length in range(len(words), 0, -1):
                if code := self.known.get(" ".join(words[:length]).lower().removeprefix("the ")):
                    break
            else:
                length, code = 1, words[0].upper() if self.is_upper else words[0].lower()
            yield code
            del words[:length]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _ticks(choices: Any, help_text: str = "", **kwargs: Any) -> Any:
    kwargs.setdefault("coerce", str)
    return forms.TypedMultipleChoiceField(
        choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text, **kwargs
    )


class LinkForm(AsOpenedForm):
    class Meta:
        model = Link
        fields = (
            *("code", "offer", "is_active", "redirect_status"),
            *("expires_at", "expires_after_clicks", "fallback_path"),
        )
        help_texts = {"code": "What stands after /go/. Empty: made of the product and the merchant. It stays for good."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:  # shown, not asked, once the link is stored
            self.fields["code"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "code" in self.fields and cleaned.get("code") == "" and cleaned.get("offer"):
            cleaned["code"] = free_code(offer=cleaned["offer"])
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance.offer_id is not None:
            stored = Link.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
            add_problems(self, link_problems(self.instance, stored=stored))


class RouteForm(AsOpenedForm):
    countries = CodesField(
        known=_COUNTRY_CODES, is_upper=True, help_text="Names or codes, between commas: Germany, AT. Empty: everywhere."
    )
    forms = _ticks([(form, form.capitalize()) for form in FORMS], "None ticked: all.", label="Devices")
    systems = _ticks(list(SYSTEM_NAMES.items()), "None ticked: all.")
    languages = CodesField(
        known={name.lower(): code for code, name in LANGUAGES.items()},
        help_text="What the visitor reads first, names or codes between commas: German, fr. Empty: all.",
    )
    weekdays = _ticks(list(enumerate(DAY_NAMES, 1)), "None ticked: every day.", coerce=int)

    class Meta:
        model = LinkRoute
        fields = (
            *("position", "weight", "name", "offer", "countries", "forms", "systems", "languages", "weekdays"),
            *("from_time", "until_time", "time_zone", "starts_at", "ends_at"),
        )
        widgets = {"time_zone": forms.TextInput(attrs={"list": "time-zones"})}

    def _get_validation_exclusions(self) -> set[str]:
        # What `route_problems` says of these is meant for editors; the model's own words speak of items of arrays.
        told: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return told | {"countries", "forms", "systems", "languages", "weekdays", "from_time", "until_time", "ends_at"}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance.offer_id is not None:
            stored = LinkRoute.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
            add_problems(self, route_problems(self.instance, stored=stored))


class TrialForm(forms.Form):
    """A visitor to try a link's routes with. Everything may be left out."""

    country = forms.ChoiceField(
        required=False,
        label="From",
        choices=[
            ("", "A country we do not know"),
            *sorted(((code, name.removeprefix("the ")) for code, name in NAMES.items()), key=lambda pair: pair[1]),
        ],
    )
    device = forms.ChoiceField(required=False, label="On", choices=DEVICES)
    user_agent = forms.CharField(
        required=False, max_length=1000, help_text="A browser's own words (User-Agent), instead of the device above."
    )
    language = forms.CharField(
        required=False, max_length=200, label="Reading", help_text="de, or a browser's whole Accept-Language."
    )
    at = forms.DateTimeField(
        required=False,
        label="At",
        help_text="Day and time as in 2026-11-27 21:00, in the site's time zone. Empty: now.",
        widget=forms.DateTimeInput(attrs={"placeholder": "now", "autocomplete": "off"}),
    )

    def visitor(self) -> Visitor:
        """The visitor that was described. The form is valid."""
        given = self.cleaned_data
        form, _, system = (given["device"] or " ").partition(" ")
        if given["user_agent"]:
            found = device(given["user_agent"])
            form, system = found.form, found.system
        return Visitor(given["country"], form, system, language(given["language"]), given["at"] or timezone.now())


def filled_in(formset: Any) -> list[LinkRoute]:
    """The routes as they stand in the forms, without those that are wrong or to be deleted; new ones get a `pk` < 0."""
    found = []
    for number, form in enumerate(formset.forms, 1):
        if not form.is_valid() or form.instance.offer_id is None or form.cleaned_data.get("DELETE"):
            continue
        row: LinkRoute = form.instance
        if row.pk is None:
            row.pk = -number
        found.append(row)
    return found


def add_problems(form: forms.ModelForm[Any], problems: Problems) -> None:
    """Put each sentence at its field, or above the form where the field is not asked; once for each field."""
    for name, sentences in problems.items():
        for sentence in sentences if name not in form.errors else ():
            form.add_error(name if name in form.fields else None, sentence)
