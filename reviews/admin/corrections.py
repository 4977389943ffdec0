"""Where does an editor write down what was wrong in an article, from a reader's remark or by themselves?"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from catalog.admin.export import ExportAdmin
from reviews.corrections import credit_words
from reviews.desk.rights import may_edit, seen_by
from reviews.models import Article, Comment, Correction
from reviews.services.corrections import save_correction


class CorrectionForm(forms.ModelForm[Correction]):
    class Meta:
        model = Correction
        fields = ["kind", "passage", "wrong", "right", "day", "source", "credit"]
        widgets = {name: forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}) for name in ("wrong", "right")}

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day is None and self.instance.is_published:
            raise forms.ValidationError("Readers see this correction with its day. Give the day on which it was made.")
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day is still to come. A correction has the day on which it was made.")
        return day


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waits for publication"), ("published", "Readers see it")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Correction]) -> QuerySet[Correction]:
        return queryset.filter(revision__isnull=self.value() == "waiting") if self.value() else queryset


@admin.register(Correction)
class CorrectionAdmin(ExportAdmin):
    form = CorrectionForm
    add_form_template = change_form_template = "admin/reviews/correction/change_form.html"
    list_display = ["right", "article", "kind", "day", "credited", "state"]
    list_filter = [StateFilter, "kind", "source", "day"]
    list_select_related = ["article"]
    search_fields = ["wrong", "right", "credit", "article__title"]
    list_per_page = 50
    show_full_result_count = False
    export_columns = {
        "article": attrgetter("article.title"),
        "kind": attrgetter("kind"),
        "passage": attrgetter("passage"),
        "wrong": attrgetter("wrong"),
        "right": attrgetter("right"),
        "day": attrgetter("day"),
        "credit": credit_words,
    }

    # --- who may what: the corrections of the articles one may edit; once published, who publishes ---------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        seen = seen_by(request.user, Article.objects.order_by())
        return (
            super().get_queryset(request).filter(article__in=seen).select_related("article__author", "remark__passage")
        )

    def has_change_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        if obj is None or not super().has_change_permission(request, obj):
            return super().has_change_permission(request, obj)
        return may_edit(request.user, obj.article) and (
            not obj.is_published or request.user.has_perm("reviews.publish_article")
        )

    def has_delete_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        """What readers were told stays; its words can be put right."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (not obj.is_published and may_edit(request.user, obj.article)))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without "delete selected", which would not ask about single ones."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    # --- the list ------------------------------------------------------------------------------------------------

    @admin.display(description="credit")
    def credited(self, row: Correction) -> str:
        return credit_words(row) or "—"

    @admin.display(description="state", ordering="revision")
    def state(self, row: Correction) -> str:
        return "✓ Readers see it" if row.is_published else "… Waits for publication"

    # --- one correction ------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        article, comment = self._asked(request)
        if article is None:
            self.message_user(
                request, "Open the article that was wrong: corrections are added there.", messages.WARNING
            )
            return redirect("admin:reviews_article_changelist")
        if not may_edit(request.user, article):
            raise PermissionDenied
        context = {"corrected": article, "remark": comment, "title": "Add a correction", **(extra_context or {})}
        return super().add_view(request, form_url, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=object_id).first() if object_id.isdecimal() else None
        own = {"corrected": row.article, "remark": row.remark} if row else {}
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        _, comment = self._asked(request)
        given: dict[str, Any] = {"day": timezone.localdate()}
        return {**given, **_of_a_remark(comment), "source": Correction.Source.READER} if comment else given

    def _asked(self, request: HttpRequest) -> tuple[Article | None, Comment | None]:
        """The article and the remark that the address names; a remark brings its article."""
        remark, article = request.GET.get("remark", ""), request.GET.get("article", "")
        if remark.isdecimal():
            rows = Comment.objects.select_related("article__author", "passage")
            said = get_object_or_404(rows, pk=int(remark[:18]))
            return said.article, said
        if article.isdecimal():
            return get_object_or_404(Article.objects.select_related("author"), pk=int(article[:18])), None
        return None, None

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: bool) -> None:
        if not change:
            article, obj.remark = self._asked(request)
            assert article is not None, "`add_view` lets nobody in without one"
            obj.article = article
        save_correction(correction=obj, now=timezone.now(), by=cast(User, request.user))

    def response_add(self, request: HttpRequest, obj: Correction, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, "Written down. Readers get it when the article is published next.", messages.SUCCESS)
        return self._article(obj.article_id)

    def response_change(self, request: HttpRequest, obj: Correction) -> HttpResponse:
        seen = "Readers see it as it is now." if obj.is_published else "Readers get it with the next publication."
        self.message_user(request, f"The correction was changed. {seen}", messages.SUCCESS)
        return self._article(obj.article_id)

    def _article(self, article_id: int) -> HttpResponse:
        return redirect(f"{reverse('admin:reviews_article_change', args=[article_id])}#corrections")


def _of_a_remark(remark: Comment) -> dict[str, str]:
    """The words it is about; its writer's name only where they allow that, or signed with it on the site before."""
    passage = getattr(remark, "passage", None)
    if passage is None:
        return {"credit": remark.name if remark.source_id else ""}
    most = Correction._meta.get_field("passage").max_length
    return {"passage": passage.now_exact[:most], "credit": remark.name if passage.may_credit else ""}
