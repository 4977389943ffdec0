"""Where does an editor make one product of two records, and take that back?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalog.admin.mentions import mentions_of
from catalog.models import Offer, Product, ProductMerge
from catalog.services.merging import MergeError, merge_plan, merge_products, undo_merge

# More at once could not be looked through on one page.
MOST_AT_ONCE = 20


class KeptForm(forms.Form):
    """Which record stays: one of those chosen in the list, or another one."""

    kept = forms.ModelChoiceField(Product.objects.none(), label="Keep", required=True)

    def __init__(self, *args: Any, site: admin.AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kept"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Product.objects.filter(merged_into=None).select_related("brand")
        field.widget = AutocompleteSelect(Offer._meta.get_field("product"), site)
        field.widget.choices = field.choices


class MergingAdmin(admin.ModelAdmin[Any]):
    """A list of products with "Merge into…": first what it would do, then the button that does it."""

    @admin.action(description="Merge into… (one product of several records)", permissions=["change"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            self.message_user(request, f"Choose at most {MOST_AT_ONCE} products at once.", messages.WARNING)
            return None
        query = "&".join(f"product={pk}" for pk in ids)
        return redirect(f"{reverse('admin:catalog_product_merge')}?{query}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        return [path("merge/", view, name="catalog_product_merge"), *super().get_urls()]

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks which record stays and tells what would move; POST does it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        chosen = _chosen(request)
        if not chosen:
            self.message_user(request, "Choose products in the list first.", messages.WARNING)
            return redirect("admin:catalog_product_changelist")
        form = KeptForm(request.POST or (request.GET if "kept" in request.GET else None), site=self.admin_site)
        kept = form.cleaned_data["kept"] if form.is_bound and form.is_valid() else None
        if request.method == "POST" and kept is not None:
            return self._merge(request, kept, [one for one in chosen if one.pk != kept.pk])
        plans, refusals = _plans(kept, chosen) if kept else ([], [])
        context = {
            **self.admin_site.each_context(request),
            "title": "Merge products",
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "chosen": chosen,
            "kept": kept,
            "plans": [{"plan": plan, "mentions": mentions_of(plan.merged.pk)} for plan in plans],
            "refusals": refusals,
        }
        return TemplateResponse(request, "admin/catalog/product/merge.html", context)

    def _merge(self, request: HttpRequest, kept: Product, others: list[Product]) -> HttpResponse:
        done = 0
        for one in others:
            try:
                merge_products(kept=kept, merged=one, by=request.user.get_username(), now=timezone.now())
                done += 1
            except MergeError as error:
                self.message_user(request, str(error), messages.WARNING)
        if done:
            told = f"{done} merged into {kept}. It can be undone in the list of merges."
            self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:catalog_product_change", kept.pk)


def _chosen(request: HttpRequest) -> list[Product]:
    asked = (request.POST if request.method == "POST" else request.GET).getlist("product")
    ids = [int(text) for text in asked[:MOST_AT_ONCE] if text.isascii() and text.isdigit() and len(text) < 19]
    return list(Product.objects.filter(pk__in=ids).select_related("brand", "merged_into__brand"))


def _plans(kept: Product, chosen: list[Product]) -> tuple[list[Any], list[str]]:
    plans, refusals = [], []
    for one in chosen:
        if one.pk == kept.pk:
            continue
        try:
            plans.append(merge_plan(kept=kept, merged=one))
        except MergeError as error:
            refusals.append(str(error))
    if not plans and not refusals:
        refusals.append("Choose another record than the one to be merged.")
    return plans, refusals


@admin.register(ProductMerge)
class ProductMergeAdmin(admin.ModelAdmin[ProductMerge]):
    list_display = ["merged", "kept", "merged_at", "merged_by", "offers_moved", "undone_at", "undone_by"]
    list_display_links = None
    list_filter = [("undone_at", admin.EmptyFieldListFilter), "merged_at"]
    list_select_related = ["kept__brand", "merged__brand"]
    search_fields = ["kept__model", "kept__brand__name", "merged__model"]
    actions = ["undo"]
    list_per_page = 50

    @admin.display(description="offers moved")
    def offers_moved(self, merge: ProductMerge) -> int:
        return len(merge.moved.get("offers", ()))

    @admin.action(description="Undo: make the merged records products of their own again")
    def undo(self, request: HttpRequest, queryset: QuerySet[ProductMerge]) -> None:
        if not request.user.has_perm("catalog.change_product"):
            raise PermissionDenied
        done = 0
        for merge in queryset.order_by("-merged_at", "-pk"):
            try:
                stayed = undo_merge(merge=merge, by=request.user.get_username(), now=timezone.now())
                done += 1
            except MergeError as error:
                self.message_user(request, str(error), messages.WARNING)
                continue
            for sentence in stayed:
                self.message_user(request, sentence, messages.WARNING)
        if done:
            self.message_user(request, f"Merges undone: {done}.", messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
