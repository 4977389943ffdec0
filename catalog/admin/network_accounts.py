"""Where do editors set up our accounts at networks, and see how their reports come in?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog.admin.as_opened import AsOpenedForm, AsOpenedMixin
from catalog.models import NetworkAccount
from catalog.models.conversion import network_choices
from catalog.networks.reports import REPORTS
from catalog.services.network_accounts import (
    AccountError,
    fields_of,
    postback_path,
    reports_of,
    setting_problems,
    store_account,
)
from catalog.services.polling import ask_now
from catalog.tasks import poll_account


class AccountForm(AsOpenedForm):
    class Meta:
        model = NetworkAccount
        fields = ("name", "network", "report_settings", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "network" in self.fields:
            choices = [(key, label) for key, label in network_choices() if key in REPORTS]
            self.fields["network"] = forms.ChoiceField(choices=choices, help_text="Networks that tell us of purchases.")
        if "report_settings" in self.fields:
            self.fields["report_settings"].help_text = _what_is_asked_for()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = cleaned.get("report_settings")
        if "network" in cleaned and (given is None or isinstance(given, dict)):
            for problem in setting_problems(cleaned["network"], given or {}):
                self.add_error("report_settings", problem)
        elif given is not None and "report_settings" not in self.errors:
            self.add_error("report_settings", 'It must be an object, such as {"publisher_id": "123456"}.')
        return cleaned


def _what_is_asked_for() -> SafeString:
    """A line for each network: its settings, and what each is."""
    rows = [
        (
            dict(network_choices()).get(key, key),
            format_html_join(
                "",
                "<li><code>{}</code>{}: {}</li>",
                ((one.name, "" if one.required else " (optional)", one.help) for one in fields_of(reports)),
            ),
        )
        for key, reports in REPORTS.items()
    ]
    lists = format_html_join("", "<details><summary>{}</summary><ul>{}</ul></details>", rows)
    return format_html("An object. Secrets by the name of their environment variable. {}", lists)


@admin.register(NetworkAccount)
class NetworkAccountAdmin(AsOpenedMixin, admin.ModelAdmin[NetworkAccount]):
    form = AccountForm
    change_form_template = "admin/catalog/networkaccount/change_form.html"
    list_display = ["name", "network", "health", "polled_at", "next_poll_at", "conversion_count", "is_active"]
    list_filter = ["network", "is_active"]
    search_fields = ["name"]
    readonly_fields = ["postback_address", "health", "polled_at", "polled_until", "next_poll_at", "troubles"]
    fieldsets = [
        (None, {"fields": ["name", "network", "report_settings", "is_active"]}),
        ("What it sends by itself", {"fields": ["postback_address"]}),
        ("How its reports come in", {"fields": ["health", "polled_at", "polled_until", "next_poll_at", "troubles"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: NetworkAccount | None = None) -> Any:
        if obj is None:
            return self.with_marks(request, obj, self.fieldsets[:1])
        # The address is a secret.
        may_see = self.has_change_permission(request, obj)
        shown = self.fieldsets if may_see else [self.fieldsets[0], self.fieldsets[2]]
        return self.with_marks(request, obj, shown)

    def get_queryset(self, request: HttpRequest) -> QuerySet[NetworkAccount]:
        rows: QuerySet[NetworkAccount] = super().get_queryset(request)
        return rows.annotate(purchase_count=Count("conversions"))

    def has_delete_permission(self, request: HttpRequest, obj: NetworkAccount | None = None) -> bool:
        return False  # what it earned hangs on it; it can be switched off

    @admin.display(description="conversions", ordering="purchase_count")
    def conversion_count(self, account: Any) -> str:
        return f"{account.purchase_count:,}"

    @admin.display(description="reports")
    def health(self, account: NetworkAccount) -> str:
        reports = reports_of(account)
        if reports is None or not reports.polls:
            return "it is not asked: its reports come by themselves, or as files"
        if account.consecutive_failures:
            return f"failed {account.consecutive_failures}×: {account.last_error[:300]}"
        if account.last_troubles:
            return f"well, but rows of the last answer that could not be read: {len(account.last_troubles)}"
        return "well" if account.polled_at else "not asked yet"

    @admin.display(description="rows that could not be read")
    def troubles(self, account: NetworkAccount) -> str | SafeString:
        rows = [(str(trouble),) for trouble in account.last_troubles or ()]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows)) if rows else "none"

    @admin.display(description="postback address")
    def postback_address(self, account: NetworkAccount) -> str | SafeString:
        """To copy into the network's own pages. It is a secret: only those who may change the account see it."""
        reports = reports_of(account)
        if reports is None or not reports.methods:
            return "This network does not call us."
        try:
            address = f"{settings.SITE_URL}{postback_path(account)}"
        except AccountError as error:
            return str(error)
        what = reports.postback_help.replace("{address}", address) or f"It calls with {', '.join(reports.methods)}."
        proof = "Its messages are signed." if reports.signed_headers else "Unsigned: provisional until reports agree."
        return format_html('<code class="address">{}</code><p class="how">{}</p><p>{}</p>', address, what, proof)

    def save_model(self, request: HttpRequest, obj: NetworkAccount, form: Any, change: bool) -> None:
        store_account(account=obj, now=timezone.now())

    def get_urls(self) -> list[URLPattern]:
        ask = self.admin_site.admin_view(require_POST(self.ask_view))
        return [path("<int:pk>/ask/", ask, name="catalog_networkaccount_ask"), *super().get_urls()]

    def ask_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(NetworkAccount, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        ask_now(account=account, now=timezone.now())
        poll_account.delay_on_commit(account.pk)  # type: ignore[attr-defined]
        self.message_user(request, f"{account} is asked now; look again in a moment.", messages.SUCCESS)
        return redirect("admin:catalog_networkaccount_change", pk)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        account = kwargs.get("obj")
        reports = reports_of(account) if account else None
        context["can_ask"] = bool(account and account.is_active and reports and reports.polls)
        context["takes_files"] = bool(reports and reports.files)
        return super().render_change_form(request, context, *args, **kwargs)
