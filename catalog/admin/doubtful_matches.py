"""Where does an editor say which product a merchant's doubtful item is?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog.admin.export import ExportAdmin
from catalog.models import DoubtfulMatch, Offer, Product, ProductCode
from catalog.money import money_text
from catalog.services.doubtful import DoubtError, dismiss_item, match_item, reopen_item

Decision = DoubtfulMatch.Decision


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that it may be. `score`: 0 to 100; `codes` as an editor reads them."""

    product: Product
    score: int
    why: str
    codes: tuple[str, ...] = ()


class Queue(ChangeList):
    """The rows of the page get their candidates with one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        give_candidates(self.result_list)


def give_candidates(rows: Iterable[DoubtfulMatch]) -> None:
    """Set `offered` on each row. A candidate that was merged into another product is that one. Two queries."""
    found = list(rows)
    ids = {entry["product"] for row in found for entry in row.candidates}
    products = Product.objects.filter(pk__in=ids).select_related("brand", "merged_into__brand")
    kept = {product.pk: product.merged_into or product for product in products}
    codes: dict[int, list[str]] = {}
    for code in ProductCode.objects.filter(product__in=kept.values()):
        codes.setdefault(code.product_id, []).append(str(code))
    for row in found:
        offered: dict[int, Candidate] = {}
        for entry in row.candidates:
            product = kept.get(entry["product"])
            if product is not None:
                score = round(100 * entry.get("score", 0))
                names = tuple(codes.get(product.pk, ()))
                offered.setdefault(product.pk, Candidate(product, score, entry.get("why", ""), names))
        row.offered = tuple(offered.values())  # type: ignore[attr-defined]


class OtherProductForm(forms.Form):
    use_required_attribute = False  # the buttons for the candidates stand in the same form
    product = forms.ModelChoiceField(Product.objects.none(), label="Another product")

    def __init__(self, *args: Any, site: admin.AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Product.objects.select_related("brand", "merged_into__brand")
        field.widget = AutocompleteSelect(Offer._meta.get_field("product"), site)
        field.widget.choices = field.choices


@admin.register(DoubtfulMatch)
class DoubtfulMatchAdmin(ExportAdmin):
    change_list_template = "admin/catalog/doubtfulmatch/change_list.html"
    list_display = ["item", "merchant", "price", "which", "decided"]
    list_display_links = None
    list_filter = ["decision", "merchant", "created_at"]
    list_select_related = ["merchant", "product__brand"]
    search_fields = ["title", "brand", "gtin", "mpn", "asin", "merchant_sku"]
    list_per_page = 25
    actions = ["match_best", "dismiss", "reopen"]
    export_columns = {
        name: attrgetter(name)
        for name in (
            *("merchant_sku", "title", "brand", "gtin", "mpn", "asin", "condition", "amount", "currency", "url"),
            *("merchant.name", "decision", "decided_by", "decided_at", "created_at"),
        )
    }

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("merchant")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Queue

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Without a filter: what waits for a decision."""
        if request.method == "GET" and not request.GET:
            return redirect(f"{request.path}?decision__exact={Decision.OPEN.value}")
        return super().changelist_view(request, extra_context)

    @admin.display(description="item", ordering="title")
    def item(self, doubt: DoubtfulMatch) -> SafeString:
        return render_to_string("admin/catalog/doubtfulmatch/item.html", {"doubt": doubt})

    @admin.display(description="price")
    def price(self, doubt: DoubtfulMatch) -> str:
        return "–" if doubt.amount is None else money_text(doubt.amount, doubt.currency)

    @admin.display(description="is it one of these?")
    def which(self, doubt: DoubtfulMatch) -> SafeString:
        return render_to_string("admin/catalog/doubtfulmatch/candidates.html", {"doubt": doubt})

    @admin.display(description="decision", ordering="decided_at")
    def decided(self, doubt: DoubtfulMatch) -> str:
        if doubt.decision == Decision.OPEN:
            return "open"
        what = format_html("{}", doubt.product) if doubt.product else doubt.get_decision_display()
        return f"{what} ({doubt.decided_by})"

    @admin.action(description="Match each to its best candidate", permissions=["change"])
    def match_best(self, request: HttpRequest, queryset: QuerySet[DoubtfulMatch]) -> None:
        rows = list(queryset)
        give_candidates(rows)

        def match(doubt: DoubtfulMatch) -> None:
            offered: tuple[Candidate, ...] = doubt.offered  # type: ignore[attr-defined]
            if not offered:
                raise DoubtError(f"{doubt}: it has no candidate.")
            self._match(request, doubt, offered[0].product)

        self._each(request, rows, match, "matched")

    @admin.action(description="Dismiss: none of ours", permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[DoubtfulMatch]) -> None:
        by = request.user.get_username()
        self._each(request, queryset, lambda one: dismiss_item(doubt=one, by=by, now=timezone.now()), "dismissed")

    @admin.action(description="Take the decision back", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[DoubtfulMatch]) -> None:
        self._each(request, queryset, lambda one: reopen_item(doubt=one, now=timezone.now()), "open again")

    def _each(
        self, request: HttpRequest, rows: Iterable[DoubtfulMatch], act: Callable[[DoubtfulMatch], None], done: str
    ) -> None:
        count = 0
        for doubt in rows:
            try:
                act(doubt)
                count += 1
            except DoubtError as error:
                self.message_user(request, str(error), messages.WARNING)
        if count:
            self.message_user(request, f"{count} {done}.", messages.SUCCESS)

    def _match(self, request: HttpRequest, doubt: DoubtfulMatch, product: Product) -> None:
        told = match_item(doubt=doubt, product=product, by=request.user.get_username(), now=timezone.now())
        for sentence in told:
            self.message_user(request, sentence, messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        return [path("<int:pk>/decide/", decide, name="catalog_doubtfulmatch_decide"), *super().get_urls()]

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One click: `product` (its id), `dismiss` or `reopen`; then back to where the editor was."""
        doubt = get_object_or_404(DoubtfulMatch, pk=pk)
        if not self.has_change_permission(request, doubt):
            raise PermissionDenied
        asked, by = request.GET, request.user.get_username()
        if "dismiss" in asked:
            self._each(request, [doubt], lambda one: dismiss_item(doubt=one, by=by, now=timezone.now()), "dismissed")
        elif "reopen" in asked:
            self._each(request, [doubt], lambda one: reopen_item(doubt=one, now=timezone.now()), "open again")
        else:
            form = OtherProductForm(asked if "product" in asked else request.POST, site=self.admin_site)
            if not form.is_valid():
                self.message_user(request, "Choose the product first.", messages.WARNING)
                return redirect("admin:catalog_doubtfulmatch_change", pk)
            product = form.cleaned_data["product"]
            self._each(request, [doubt], lambda one: self._match(request, one, product), f"matched to {product}")
        return redirect(_back(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The item beside its candidates, with every way to decide."""
        pk = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        doubt = get_object_or_404(DoubtfulMatch.objects.select_related("merchant", "product__brand"), pk=pk)
        if not self.has_view_permission(request, doubt):
            raise PermissionDenied
        give_candidates([doubt])
        form = OtherProductForm(site=self.admin_site)
        context = {
            **self.admin_site.each_context(request),
            "title": str(doubt),
            "opts": self.opts,
            "media": self.media + form.media,
            "doubt": doubt,
            "form": form,
            "may_decide": self.has_change_permission(request, doubt),
            "add_url": f"{reverse('admin:catalog_product_add')}?{urlencode({'model': _model(doubt)})}",
        }
        return TemplateResponse(request, "admin/catalog/doubtfulmatch/doubt.html", context)


def _model(doubt: DoubtfulMatch) -> str:
    """The title without the brand before it: nearer to the model's name."""
    title, brand = doubt.title.strip(), doubt.brand.strip()
    return title[len(brand) :].strip() if brand and title.casefold().startswith(brand.casefold()) else title


def _back(request: HttpRequest) -> str:
    """The list as the editor had filtered it."""
    came_from = request.headers.get("Referer", "")
    queue = reverse("admin:catalog_doubtfulmatch_changelist")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if is_ours and f"{queue}?" in came_from else queue
