"""Where do editors say whom a link leads where, try it with a visitor, and take its QR code home?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from catalog.admin.as_opened import AsOpenedMixin
from catalog.admin.export import ExportAdmin
from catalog.admin.link_forms import LinkForm, RouteForm, TrialForm, filled_in
from catalog.admin.link_list import LinkList, StateFilter
from catalog.admin.link_page import link_page, qr_address, words_of
from catalog.admin.link_trial import trial
from catalog.admin.pickers import PickerMixin
from catalog.link_states import DAYS, state_of, with_failovers
from catalog.links import qr_codes
from catalog.models import Link, LinkRoute, Offer
from catalog.services.link_checks import warnings_about
from catalog.services.links import LinkError, copy_link, link_offers, store_link, store_routes
from catalog.table_rows import links_for_export

# Offers that get their link in one press; the page answers within seconds.
MOST_AT_ONCE = 500


class RouteInline(AsOpenedMixin, PickerMixin, admin.StackedInline[LinkRoute, Link]):
    model = LinkRoute
    form = RouteForm
    extra = 0
    autocomplete_fields = ["offer"]
    verbose_name_plural = "Routes: asked from position 1 on; the first that fits decides, equal positions share"
    fieldsets = [
        (None, {"fields": [("position", "weight", "name"), "offer"]}),
        ("For whom", {"fields": ["countries", ("forms", "systems"), "languages"]}),
        ("When", {"fields": ["weekdays", ("from_time", "until_time", "time_zone"), ("starts_at", "ends_at")]}),
    ]


@admin.register(Link)
class LinkAdmin(AsOpenedMixin, PickerMixin, ExportAdmin):
    form = LinkForm
    list_display = ["address", "leads_to", "state", "routes_count", "clicks_lately", "expires_at"]
    list_filter = [StateFilter, "offer__merchant", ("routes", admin.EmptyFieldListFilter), "redirect_status"]
    list_select_related = ["offer__merchant", "offer__product__brand"]
    search_fields = ["code", "offer__product__model", "offer__product__brand__name", "offer__merchant__name"]
    autocomplete_fields = ["offer"]
    inlines = [RouteInline]
    list_per_page = 50

    class Media:
        js = ["admin_editor/links.js"]

    change_list_template = "admin/catalog/link/change_list.html"
    change_form_template = "admin/catalog/link/change_form.html"
    fieldsets = [
        (None, {"fields": ["code", "offer", "is_active", "redirect_status"]}),
        ("When it ends", {"fields": ["expires_at", "expires_after_clicks", "fallback_path"]}),
    ]
    table = "links"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Link]:
        return with_failovers(super().get_queryset(request)).annotate(route_count=Count("routes", distinct=True))

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return links_for_export(rows)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LinkList

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["code"]  # it may stand in print

    def view_on_site(self, obj: Link) -> str:
        return f"{obj.get_absolute_url()}?preview"  # what a reader sees first; the link itself would be a click

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # switch it off instead: its code may stand in print, and its clicks keep their meaning

    @admin.display(description="link", ordering="code")
    def address(self, link: Link) -> str:
        return str(link)

    @admin.display(description="leads to")
    def leads_to(self, link: Link) -> str:
        return f"{link.offer.product} at {link.offer.merchant.name}"

    @admin.display(description="state")
    def state(self, link: Link) -> str:
        return state_of(link, now=timezone.now()).text

    @admin.display(description="routes", ordering="route_count")
    def routes_count(self, link: Any) -> int:
        return int(link.route_count)

    @admin.display(description=f"net clicks, {DAYS} days")
    def clicks_lately(self, link: Any) -> str:
        clicks, net = link.lately
        return f"{net} of {clicks}" if clicks else "–"

    def get_urls(self) -> list[URLPattern]:
        def seen(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("missing/", seen(require_POST(self.missing_view)), name="catalog_link_missing"),
            path("<int:link_id>/try/", seen(require_GET(self.trial_view)), name="catalog_link_try"),
            path("<int:link_id>/words/", seen(require_POST(self.words_view)), name="catalog_link_words"),
            path("<int:link_id>/copy/", seen(require_POST(self.copy_view)), name="catalog_link_copy"),
            path("<int:link_id>/qr.<str:kind>", seen(require_GET(self.qr_view)), name="catalog_link_qr"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "unlinked": _unlinked().count(),
            "may_add": self.has_add_permission(request),
        }
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        link = self.get_object(request, object_id)
        if link is None or not self.has_view_permission(request, link):
            return super().change_view(request, object_id, form_url, extra_context)
        around = {
            "page": link_page(link, now=timezone.now()),
            "trial_form": TrialForm(),
            "may_add": self.has_add_permission(request),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **around})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except LinkError as error:  # what the form found right went wrong before it was stored; nothing was
            self.message_user(request, f"Nothing was saved. {error}", messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Link, form: Any, change: bool) -> None:
        store_link(link=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        routes = formset.save(commit=False)
        store_routes(link=form.instance, routes=routes, removed=formset.deleted_objects)
        formset.save_m2m()

    def save_related(self, request: HttpRequest, form: BaseModelForm[Any], formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for sentence in warnings_about(form.instance, now=timezone.now()):
            self.message_user(request, sentence, messages.WARNING)

    def trial_view(self, request: HttpRequest, link_id: int) -> HttpResponse:
        """Try the link with the visitor in the query string. Nothing is counted or changed."""
        link = self._seen(request, link_id)
        form = TrialForm(request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Try {link}",
            "opts": self.opts,
            "link": link,
            "trial_form": form,
            "trial": trial(link, form.visitor()) if form.is_valid() else None,
        }
        return TemplateResponse(request, "admin/catalog/link/trial.html", context)

    def words_view(self, request: HttpRequest, link_id: int) -> HttpResponse:
        """What the routes would do as they are filled in: a piece of the page, which its script asks for."""
        link = self._seen(request, link_id)
        if not self.has_change_permission(request, link):
            raise PermissionDenied
        filled = LinkForm(request.POST, instance=link)
        filled.full_clean()  # takes over the offer that was chosen
        formsets = [made(request.POST, instance=link) for made, _ in self.get_formsets_with_inlines(request, link)]
        rows = [row for formset in formsets for row in filled_in(formset)]
        words = words_of(link, rows, now=timezone.now(), is_stored=False)
        return TemplateResponse(request, "admin/catalog/link/words.html", {"words": words})

    def qr_view(self, request: HttpRequest, link_id: int, kind: str) -> HttpResponse:
        """The link's QR code, `svg` or `png`; `?save` names it a file."""
        link = self._seen(request, link_id)
        drawn = {"svg": (qr_codes.svg, "image/svg+xml"), "png": (qr_codes.png, "image/png")}.get(kind)
        if drawn is None:
            return HttpResponse("There is qr.svg and qr.png.", status=404, content_type="text/plain")
        answer = HttpResponse(drawn[0](qr_address(link)), content_type=drawn[1])
        if "save" in request.GET:
            answer["Content-Disposition"] = f'attachment; filename="{link.code}.{kind}"'
        return answer

    def copy_view(self, request: HttpRequest, link_id: int) -> HttpResponse:
        """Another code for the same link; the old one goes on leading there."""
        link = self._seen(request, link_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            copied = copy_link(link=link, code=request.POST.get("code", "").strip())
        except LinkError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:catalog_link_change", link.pk)
        self.log_addition(request, copied, f"Another code for {link}.")
        self.message_user(request, f"{copied} leads where {link} leads; both stay.", messages.SUCCESS)
        return redirect("admin:catalog_link_change", copied.pk)

    def missing_view(self, request: HttpRequest) -> HttpResponse:
        """Give every offer that has none its link, at most `MOST_AT_ONCE` at a time."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        make_links(self, request, _unlinked()[:MOST_AT_ONCE])
        return redirect("admin:catalog_link_changelist")

    def _seen(self, request: HttpRequest, link_id: int) -> Link:
        link = get_object_or_404(Link.objects.select_related("offer__merchant", "offer__product__brand"), pk=link_id)
        if not self.has_view_permission(request, link):
            raise PermissionDenied
        return link


@transaction.atomic
def make_links(desk: admin.ModelAdmin[Any], request: HttpRequest, offers: QuerySet[Offer]) -> None:
    """Make the offers' links, write them into the log, and say what was refused."""
    done = link_offers(offers=offers)
    for link in done.made:
        desk.log_addition(request, link, "Made for an offer without a link.")
    if done.made:
        desk.message_user(request, f"{_counted(len(done.made), 'link')} made.", messages.SUCCESS)
    for sentence in done.refused[:10]:
        desk.message_user(request, sentence, messages.WARNING)
    if len(done.refused) > 10:
        desk.message_user(request, f"… and {len(done.refused) - 10} more could not be linked to.", messages.WARNING)
    if not done.made and not done.refused:
        desk.message_user(request, "Every offer has its link.", messages.INFO)


def _counted(number: int, noun: str) -> str:
    return f"1 {noun} was" if number == 1 else f"{number} {noun}s were"


def _unlinked() -> QuerySet[Offer]:
    rows: QuerySet[Offer] = Offer.objects.filter(
        links__isnull=True, withdrawn_at__isnull=True, merchant__is_active=True
    ).select_related("merchant", "product__brand")
    return rows.order_by("pk")
