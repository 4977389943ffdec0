"""Which claims of our articles stopped being true, and where does an editor say what has to stay true?"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.export import ExportAdmin
from reviews.admin.watch_form import WatchForm
from reviews.conditions import CONDITIONS
from reviews.conditions.base import Outcome
from reviews.desk.rights import may_edit, seen_by
from reviews.models import Article, Watch
from reviews.services.watches import look_again, save_watch, try_watch
from reviews.watch_list import block_texts, claim_words, watch_line, watches

_EVENTS = 12
# Signs beside the words, so that a state is told by more than a colour.
_SIGNS = {"holds": "✓", "broken": "✗", "unknown": "?", "unchecked": "…"}


class ConditionFilter(admin.SimpleListFilter):
    title = "condition"
    parameter_name = "condition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, condition.label) for key, condition in CONDITIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Watch]) -> QuerySet[Watch]:
        return queryset.filter(condition=self.value()) if self.value() else queryset


@admin.register(Watch)
class WatchAdmin(ExportAdmin):
    """What is no longer true stands first."""

    list_display = ["claim", "where", "verdict", "since", "checked_at"]
    list_filter = ["state", ConditionFilter, "article__status", "article__author"]
    search_fields = ["passage", "reason", "article__title", "products__model", "products__brand__name"]
    list_per_page = 50
    show_full_result_count = False
    actions: Any = ["look_now"]
    export_columns = {
        "article": attrgetter("article.title"),
        "passage": attrgetter("passage"),
        "condition": claim_words,
        "state": attrgetter("state"),
        "reason": attrgetter("reason"),
        "since": attrgetter("since"),
        "checked_at": attrgetter("checked_at"),
    }

    class Media:
        css = {"all": ["admin_editor/watches.css"]}

    # --- who may what: the claims of the articles one may edit ---------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Watch]:
        return watches().filter(article__in=seen_by(request.user, Article.objects.order_by()))

    def has_change_permission(self, request: HttpRequest, obj: Watch | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_edit(request.user, obj.article))

    def has_delete_permission(self, request: HttpRequest, obj: Watch | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_edit(request.user, obj.article))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["urgency", "-since", "id"]

    # --- the list ------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "What must stay true"})

    @admin.display(description="claim")
    def claim(self, row: Watch) -> SafeString:
        passage = format_html('<br><q class="quiet">{}</q>', row.passage) if row.passage else ""
        return format_html("{}{}", claim_words(row), passage)

    @admin.display(description="article", ordering="article__title")
    def where(self, row: Watch) -> SafeString:
        address = reverse("admin:reviews_article_change", args=[row.article_id])
        return format_html('<a href="{}#must-stay-true">{}</a>', address, row.article.title)

    @admin.display(description="state", ordering="urgency")
    def verdict(self, row: Watch) -> SafeString:
        return format_html(
            '<strong class="watch-{}">{} {}</strong><br>{}',
            row.state,
            _SIGNS[row.state],
            row.get_state_display(),
            row.reason,
        )

    @admin.action(description="Look again now", permissions=["change"])
    def look_now(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        count = look_again(rows=Watch.objects.filter(pk__in=ids), now=timezone.now())
        self.message_user(request, f"{count} will be looked at within seconds.", messages.SUCCESS)

    # --- one claim -----------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        number = asked.get("article", "")
        if not number.isdecimal():
            self.message_user(request, "Open the article that says it: claims are added there.", messages.WARNING)
            return redirect("admin:reviews_article_changelist")
        return self._edit(request, get_object_or_404(Article, pk=int(number[:18])), None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not object_id.isdecimal():
            return self._not_there(request)
        watch = self.get_queryset(request).filter(pk=int(object_id[:18])).first()
        if watch is None:
            return self._not_there(request)
        if not self.has_view_or_change_permission(request, watch):
            raise PermissionDenied
        return self._edit(request, watch.article, watch)

    def _not_there(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, "This claim is no longer watched, or is none of yours.", messages.WARNING)
        return redirect("admin:reviews_watch_changelist")

    def _edit(self, request: HttpRequest, article: Article, watch: Watch | None) -> HttpResponse:
        """Step one chooses the condition, step two what it asks for; "Is it true now?" saves nothing."""
        may_save = may_edit(request.user, article) and (watch is None or self.has_change_permission(request, watch))
        if request.method == "POST" and not may_save:
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        condition = CONDITIONS.get(asked.get("condition") or (watch.condition if watch else ""))
        context: dict[str, Any] = {"article": article, "watch": watch, "condition": condition, "may_save": may_save}
        context |= {"conditions": CONDITIONS.values(), "block_key": asked.get("block", "")}
        if condition is None or "choose" in request.GET:
            return self._page(request, {**context, "choosing": True})
        blocks = block_texts(article)
        data = request.POST if request.method == "POST" else None
        form = WatchForm(condition, data, blocks=blocks, watch=watch, block_key=asked.get("block", ""))
        if data is not None and form.is_valid():
            outcome = self._taken(request, form, article, watch)
            if outcome is None:
                return redirect(f"{reverse('admin:reviews_article_change', args=[article.pk])}#must-stay-true")
            context["outcome"] = outcome
        if watch is not None:
            context |= {"line": watch_line(watch, blocks), "events": list(watch.events.all()[:_EVENTS])}
        return self._page(request, {**context, "form": form, "media": self.media + form.media})

    def _taken(self, request: HttpRequest, form: WatchForm, article: Article, watch: Watch | None) -> Outcome | None:
        """What would be said of it now, or None when it was saved; with an error in the form it is neither."""
        now = timezone.now()
        if "_try" in request.POST:
            return try_watch(form.as_input(), now=now)
        by: Any = request.user
        row = save_watch(form.as_input(), article=article, now=now, watch=watch, by=by)
        level = messages.WARNING if row.state == Watch.State.BROKEN else messages.SUCCESS
        said = {"holds": "It is true now", "broken": "It is not true now"}.get(row.state, "It cannot be told now")
        self.message_user(request, f"Watched from now on. {said}: {row.reason}", level)
        return None

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        watch: Watch | None = context["watch"]
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What must stay true",
            "media": self.media,
            "may_delete": watch is not None and self.has_delete_permission(request, watch),
            **context,
        }
        return TemplateResponse(request, "admin/reviews/watch/form.html", whole)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        self.message_user(request, f"No longer watched: {obj_display}", messages.SUCCESS)
        return redirect("admin:reviews_watch_changelist")
