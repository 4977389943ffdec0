"""Where do editors see what is for sale, how fresh each price is, and decide about doubtful ones?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone

from catalog.admin.as_opened import AsOpenedForm, AsOpenedMixin
from catalog.admin.export import ExportAdmin
from catalog.admin.held_prices import held_urls
from catalog.admin.links import make_links
from catalog.admin.pickers import PickerMixin
from catalog.admin.written_down import write_down
from catalog.models import Link, Offer
from catalog.money import money_text
from catalog.reading import Availability
from catalog.services import offers as work
from catalog.services.link_checks import target_problem
from catalog.services.price_decisions import (
    DecisionError,
    accept_held_price,
    amount_problem,
    reject_held_price,
    set_price_by_hand,
)
from catalog.table_rows import offers_for_export
from catalog.targets import TargetError, refuse_foreign

WHAT_WAS_READ = (
    "price",
    "availability",
    "seen_at",
    "state",
    "state_reason",
    "checked_at",
    "next_check_at",
    "withdrawn_at",
)


class OfferForm(AsOpenedForm):
    price_by_hand = forms.DecimalField(
        required=False,
        max_digits=13,
        decimal_places=3,  # some currencies have three; how many its own has is asked below
        help_text="What the merchant asks now, in its own currency, as you see it on its page. Empty: leave the price.",
    )
    availability_by_hand = forms.ChoiceField(
        required=False, choices=[("", "Not looked at"), *[(a.value, a.label) for a in Availability]]
    )

    class Meta:
        model = Offer
        fields = ("product", "merchant", "merchant_sku", "url", "condition")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        merchant, url = cleaned.get("merchant"), cleaned.get("url")
        if merchant is not None and url:
            try:
                refuse_foreign(url, merchant.hosts, merchant=merchant.name)
            except TargetError as error:
                self.add_error("url", str(error))
            else:
                # Not asked where only a price is typed in: the network may have lost its tag since.
                leads_anew = set(self.changed_data) & set(OfferForm.Meta.fields)
                if leads_anew and (why := target_problem(Offer(merchant=merchant, url=url))):
                    self.add_error("url", why)
        amount = cleaned.get("price_by_hand")
        if amount is None and cleaned.get("availability_by_hand") and "price_by_hand" not in self.errors:
            self.add_error("price_by_hand", "Stock is written down with the price it is sold at. Type that in as well.")
        elif amount is not None and merchant is not None and (problem := amount_problem(amount, merchant.currency)):
            self.add_error("price_by_hand", problem)
        return cleaned


class LinkInline(admin.TabularInline[Link, Offer]):
    model = Link
    extra = 0
    fields = ["code", "redirect_status", "is_active"]
    readonly_fields = ["code"]
    can_delete = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The names over the columns are no labels of the fields under them: each field says its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(db_field.verbose_name).capitalize()
        return field

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the offer's link is made when the offer is stored


@admin.register(Offer)
class OfferAdmin(AsOpenedMixin, PickerMixin, ExportAdmin):
    form = OfferForm
    list_display = ["product", "merchant", "condition", "price", "availability", "seen_at", "state", "state_reason"]
    list_filter = ["state", "merchant", "availability", "condition", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product__brand", "merchant"]
    search_fields = ["product__model", "product__brand__name", "merchant_sku", "links__code"]
    autocomplete_fields = ["product", "merchant"]
    ordering = ["product__brand__name", "product__model", "merchant__name"]
    list_per_page = 50
    table = "offers"
    inlines = [LinkInline]
    change_list_template = "admin/catalog/offer/change_list.html"
    actions = ["check_now", "accept_held", "reject_held", "withdraw", "restore", "make_links"]
    readonly_fields = WHAT_WAS_READ
    fieldsets = [
        (None, {"fields": ["product", "merchant", "merchant_sku", "url", "condition"]}),
        ("What was read", {"fields": WHAT_WAS_READ}),
        ("Type a price in", {"fields": ["price_by_hand", "availability_by_hand"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [*held_urls(self.admin_site), *super().get_urls()]

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return offers_for_export(rows)

    @admin.display(description="price", ordering="amount")
    def price(self, offer: Offer) -> str:
        return "–" if offer.amount is None else money_text(offer.amount, offer.currency)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Offer, form: Any, change: bool) -> None:
        hand = form.cleaned_data.get("price_by_hand")
        if not change or set(form.changed_data) & set(OfferForm.Meta.fields):
            work.store_offer(offer=obj, now=timezone.now())
        if hand is not None:
            set_price_by_hand(
                offer=obj,
                amount=hand,
                currency=obj.merchant.currency,
                availability=Availability(form.cleaned_data.get("availability_by_hand") or Availability.UNKNOWN),
                seen_at=timezone.now(),
                by=request.user.get_username(),
            )

    def delete_model(self, request: HttpRequest, obj: Offer) -> None:
        raise ValidationError("Offers are withdrawn, not deleted: their clicks and readings stay.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # withdraw it instead: clicks and readings keep their meaning

    @admin.action(description="Check the price now")
    def check_now(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        count = work.check_now(offers=queryset, now=timezone.now())
        self.message_user(request, f"Offers that are looked at within seconds: {count}.", messages.SUCCESS)

    @admin.action(description="Accept the held price")
    def accept_held(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        self._decide(request, queryset, accept_held_price, "accepted")

    @admin.action(description="Reject the held price")
    def reject_held(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        self._decide(request, queryset, reject_held_price, "rejected")

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[Offer], decision: Callable[..., object], done: str
    ) -> None:
        count = 0
        for offer in queryset:
            try:
                decision(offer=offer, by=request.user.get_username(), now=timezone.now())
                count += 1
                write_down(request, [offer], f"Held price {done}.")
            except DecisionError as error:
                self.message_user(request, str(error), messages.WARNING)
        if count:
            self.message_user(request, f"Held prices {done}: {count}.", messages.SUCCESS)

    @admin.action(description="Withdraw from the site")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        write_down(request, queryset, "Withdrawn from the site.")
        count = work.withdraw_offers(offers=queryset, now=timezone.now())
        self.message_user(request, f"Offers withdrawn: {count}.", messages.SUCCESS)

    @admin.action(description="Put back on the site")
    def restore(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        write_down(request, queryset, "Put back on the site.")
        count = work.restore_offers(offers=queryset, now=timezone.now())
        self.message_user(request, f"Offers back on the site: {count}. Their prices are read anew.", messages.SUCCESS)

    @admin.action(description="Make a link for each that has none", permissions=["link"])
    def make_links(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        make_links(self, request, queryset.select_related("merchant", "product__brand"))

    def has_link_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.add_link")
