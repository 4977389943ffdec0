"""Where do editors say who sells, how its prices are read, and what its programme allows?"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog import networks, sources
from catalog.admin.as_opened import AsOpenedForm, AsOpenedMixin
from catalog.admin.export import ExportAdmin
from catalog.admin.network_fields import about, in_sight, input_name, inputs_of, problems_by_input
from catalog.models import Merchant
from catalog.models.merchant import REFERRER_POLICIES
from catalog.networks.base import Network
from catalog.refused_links import tagged_or_why
from catalog.services.merchant_health import resume_merchant
from catalog.services.merchants import host_problem, plugin_problems, starting_terms, store_merchant

WHO_PAYS = "Who pays for a click"


class MerchantForm(AsOpenedForm):
    """A subclass of it has the inputs of one network (`with_network`)."""

    network_inputs: ClassVar[str] = ""

    class Meta:
        model = Merchant
        exclude: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, plugins in (("source_settings", sources.SOURCES), ("network_settings", networks.NETWORKS)):
            if name in self.fields:
                self.fields[name].help_text = _what_is_asked_for(plugins)
        policy = self.fields.get("referrer_policy")
        if isinstance(policy, forms.TypedChoiceField):
            policy.choices = [("", "As its network wants"), *REFERRER_POLICIES]
        if "network" in self.fields:
            self.fields["network"].help_text = about(self.network_inputs)
        if self.network_inputs == self.instance.network:
            for name, value in (self.instance.network_settings or {}).items():
                self.initial[input_name(name)] = value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "source_settings" in cleaned:
            cleaned["source_settings"] = cleaned["source_settings"] or {}  # an emptied field is an object without any
        source = sources.SOURCES.get(cleaned.get("source", ""))
        network = networks.NETWORKS.get(cleaned.get("network", ""))
        if source is not None:
            self._note("source_settings", plugin_problems("Source", source, cleaned.get("source_settings", {})))
        if network is not None:
            cleaned["network_settings"] = self._network_settings(network, cleaned)
            self._judge_network(network, cleaned)
        if self.instance.pk is None:
            strict = starting_terms(cleaned.get("source", ""), cleaned.get("network", ""))
            cleaned.update({name: strict[name] for name in strict.keys() & self.fields.keys() - set(self.changed_data)})
        self._note("hosts", [problem for host in cleaned.get("hosts") or [] if (problem := host_problem(host))])
        return cleaned

    def clean_delivers_to(self) -> list[str]:
        """Each country once, in their order."""
        return sorted(set(self.cleaned_data["delivers_to"]))

    def _network_settings(self, network: Network, cleaned: dict[str, Any]) -> Any:
        """The object as it was entered, and over it every input that was changed; an empty one is taken out.

        With another network chosen, what was a setting of the old one only goes by itself.
        """
        given = cleaned.get("network_settings") or {}
        if not isinstance(given, dict):
            return given
        settings, known = dict(given), {field.name for field in network.settings}
        if "network" in self.changed_data and "network_settings" not in self.changed_data:
            settings = {name: value for name, value in settings.items() if name in known}
        for name in known if self.network_inputs == network.key else ():
            if input_name(name) in self.changed_data:
                settings[name] = cleaned.get(input_name(name), "")
        return {name: value for name, value in settings.items() if value != ""}

    def _judge_network(self, network: Network, cleaned: dict[str, Any]) -> None:
        settings, hosts = cleaned["network_settings"], cleaned.get("hosts") or []
        if not isinstance(settings, dict):
            self._note("network_settings", plugin_problems("Network", network, settings))
            return
        for name, problem in problems_by_input(network, settings, hosts=hosts):
            field = name if name in self.fields else "network_settings"
            self.add_error(field, problem if name in self.fields else f"Network {network.label}: {problem}")

    def _note(self, field: str, problems: list[str]) -> None:
        for problem in problems:
            self.add_error(field, problem)


def with_network(key: str) -> type[MerchantForm]:
    """The form with the inputs of this network."""
    return type("MerchantForm", (MerchantForm,), {**inputs_of(key), "network_inputs": key})


def _what_is_asked_for(plugins: Any) -> str:
    """One sentence per plug-in: which settings it has."""
    parts = []
    for plugin in plugins.values():
        names = [f"{field.name}{'' if field.required else ' (optional)'}" for field in plugin.settings]
        shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
        parts.append(f"{plugin.label}: {shown or 'none'}.")
    return f"An object, e.g. {{}}. {' '.join(parts)}"


def _chosen(request: HttpRequest, merchant: Merchant | None) -> str:
    """The key of the network whose inputs are shown: the one just chosen, else the stored one."""
    return str(request.POST.get("network") or (merchant.network if merchant is not None else ""))


@admin.register(Merchant)
class MerchantAdmin(AsOpenedMixin, ExportAdmin):
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
            *("api_allowed", "conversion_allowed", "link_style", "consecutive_failures", "paused_until", "last_error"),
        )
    } | {"delivers_to": lambda merchant: ", ".join(merchant.delivers_to)}
    readonly_fields = ["paused_until", "consecutive_failures", "last_error", "example_link"]
    actions = ["resume"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "homepage", "hosts", "country", "currency", "delivers_to", "is_active"]}),
        ("Prices", {"fields": ["source", "source_settings", "refresh_every"]}),
        ("How it is doing", {"fields": ["paused_until", "consecutive_failures", "last_error"]}),
        (WHO_PAYS, {"fields": ["network", "referrer_policy", "example_link"]}),
        (
            "Terms of the programme",
            {
                "description": (
                    "What its programme allows. Pages, API, mail, feeds and tasks all ask here. A new merchant starts "
                    "with the stricter of what its source and its network allow, wherever nothing else is entered."
                ),
                "fields": [
                    "max_price_age",
                    "history_allowed",
                    "alerts_allowed",
                    "mail_allowed",
                    "feeds_allowed",
                    "api_allowed",
                    "image_copies_allowed",
                    "used_allowed",
                    "conversion_allowed",
                    "link_style",
                    "link_label",
                    "disclaimer",
                ],
            },
        ),
    ]

    def get_form(self, request: HttpRequest, obj: Merchant | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"form": with_network(_chosen(request, obj)), **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Merchant | None = None) -> Any:
        """The settings of the merchant's network stand beside it; who may only look sees them as an object."""
        shown, folded = in_sight(_chosen(request, obj), (obj.network_settings or {}) if obj else {})
        may_edit = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        fieldsets: list[Any] = []
        for title, options in self.fieldsets:
            if title != WHO_PAYS:
                fieldsets.append((title, options))
                continue
            first, *rest = options["fields"]
            fieldsets.append((title, {"fields": [first, *(shown if may_edit else []), *rest]}))
            if folded and may_edit:
                fieldsets.append((f"{title}: more settings", {"fields": folded, "classes": ["collapse"]}))
            fieldsets.append((f"{title}: as an object", {"fields": ["network_settings"], "classes": ["collapse"]}))
        return self.with_marks(request, obj, fieldsets)

    @admin.display(description="what a link looks like")
    def example_link(self, merchant: Merchant) -> str:
        """The address of one of its offers (or its home page) as visitors are sent there, or why they are not."""
        if merchant.pk is None:
            return "Shown when the merchant is saved."
        offer = merchant.offers.filter(withdrawn_at__isnull=True).order_by("pk").first()
        return tagged_or_why(merchant, offer.url if offer is not None else merchant.homepage)

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
