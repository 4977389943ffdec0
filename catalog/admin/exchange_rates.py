"""Which exchange rates are known, and how does an editor bring in others?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.models import ExchangeRate
from catalog.money.published_rates import RatesError
from catalog.services.exchange_rates import import_csv, lagging_currencies

LARGEST = 20 * 1024 * 1024


class RatesForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="Columns day, currency, per_euro; or the European Central Bank's own CSV (Date and one column each).",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("The file is larger than 20 MB. Leave out earlier years.")
        return file


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnlyAdmin):
    change_list_template = "admin/catalog/exchangerate/change_list.html"
    list_display = ["day", "currency", "per_euro", "source"]
    list_filter = ["currency", "day"]
    list_per_page = 100

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="catalog_exchangerate_import"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = request.user.has_perm("catalog.add_exchangerate")
        for currency, day in lagging_currencies(now=timezone.now()):
            self.message_user(
                request,
                f"{currency} has had no rate since {day:%-d %B}. "
                "One that is more than 20 % off the one before is held: if it is right, import it as CSV.",
                messages.WARNING,
            )
        return super().changelist_view(request, {**(extra_context or {}), "may_import": may})

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("catalog.add_exchangerate"):
            raise PermissionDenied
        form = RatesForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                count = import_csv(content=form.cleaned_data["file"].read(), now=timezone.now())
            except RatesError as error:
                form.add_error("file", f"{error} Nothing was stored.")
            else:
                self.message_user(request, f"Rates stored: {count}.", messages.SUCCESS)
                return redirect("admin:catalog_exchangerate_changelist")
        context = {**self.admin_site.each_context(request), "title": "Import rates", "form": form, "opts": self.opts}
        return TemplateResponse(request, "admin/catalog/exchangerate/import.html", context)
