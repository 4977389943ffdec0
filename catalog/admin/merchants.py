"""Where do editors say who sells, how its prices are read, and what its programme allows?"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog import networks, sources
from catalog.admin.export import ExportAdmin
from catalog.models import Merchant
from catalog.services.merchant_health import resume_merchant
from catalog.services.merchants import host_problem, plugin_problems, store_merchant


class MerchantForm(forms.ModelForm[Merchant]):
    class Meta:
        model = Merchant
        exclude: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, plugins in (("source_settings", sources.SOURCES), ("network_settings", networks.NETWORKS)):
            if name in self.fields:
                self.fields[name].help_text = _what_is_asked_for(plugins)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        source = sources.SOURCES.get(cleaned.get("source", ""))
        network = networks.NETWORKS.get(cleaned.get("network", ""))
        if source is not None:
            self._note("source_settings", plugin_problems("Source", source, cleaned.get("source_settings") or {}))
        if network is not None:
            self._note("network_settings", plugin_problems("Network", network, cleaned.get("network_settings") or {}))
        self._note("hosts", [problem for host in cleaned.get("hosts") or [] if (problem := host_problem(host))])
        return cleaned

    def _note(self, field: str, problems: list[str]) -> None:
        for problem in problems:
            self.add_error(field, problem)


def _what_is_asked_for(plugins: Any) -> str:
    """One sentence per plug-in: which settings it has."""
    parts = []
    for plugin in plugins.values():
        names = [f"{field.name}{'' if field.required else ' (optional)'}" for field in plugin.settings]
        shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
        parts.append(f"{plugin.label}: {shown or 'none'}.")
    return f"An object, e.g. {{}}. {' '.join(parts)}"


@admin.register(Merchant)
class MerchantAdmin(ExportAdmin):
    form = MerchantForm
    list_display = ["name", "country", "currency", "source", "network", "is_active", "health", "refresh_every"]
    list_filter = ["is_active", "source", "network", "country"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    # Not the settings of its source and network: they name accounts.
    export_columns = {
        name: attrgetter(name)
        for name in (
            *("name", "slug", "homepage", "country", "currency", "source", "network", "is_active", "refresh_every"),
            *("max_price_age", "prices_allowed", "history_allowed", "alerts_allowed", "mail_allowed", "feeds_allowed"),
            *("api_allowed", "link_style", "consecutive_failures", "paused_until", "last_error"),
        )
    }
    readonly_fields = ["paused_until", "consecutive_failures", "last_error"]
    actions = ["resume"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "homepage", "hosts", "country", "currency", "is_active"]}),
        ("Prices", {"fields": ["source", "source_settings", "refresh_every"]}),
        ("How it is doing", {"fields": ["paused_until", "consecutive_failures", "last_error"]}),
        ("Who pays for a click", {"fields": ["network", "network_settings"]}),
        (
            "Terms of the programme",
            {
                "description": "What its programme allows. Pages, API, mail, feeds and tasks all ask here.",
                "fields": [
                    "max_price_age",
                    "history_allowed",
                    "alerts_allowed",
                    "mail_allowed",
                    "feeds_allowed",
                    "api_allowed",
                    "image_copies_allowed",
                    "used_allowed",
                    "link_style",
                    "link_label",
                    "disclaimer",
                ],
            },
        ),
    ]

    @admin.display(description="prices")
    def health(self, merchant: Merchant) -> str:
        if merchant.paused_until is not None and merchant.paused_until > timezone.now():
            return f"paused until {merchant.paused_until:%Y-%m-%d %H:%M}: {merchant.last_error[:80]}"
        if merchant.consecutive_failures:
            return f"failed {merchant.consecutive_failures}×: {merchant.last_error[:80]}"
        return "well"

    @admin.action(description="Resume: ask the selected merchants again now")
    def resume(self, request: HttpRequest, queryset: QuerySet[Merchant]) -> None:
        for merchant in queryset:
            resume_merchant(merchant=merchant, now=timezone.now())
        self.message_user(request, "They are asked again within seconds.", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Merchant, form: Any, change: bool) -> None:
        store_merchant(merchant=obj)
