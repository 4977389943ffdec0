"""Where are keys handed out, exchanged and revoked, and where is seen who may do what and who still comes?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from partners import scopes
from partners.models import ApiKey
from partners.services.api_keys import LIVES_AT_MOST, issue_key, revoke_key, rotate_key

OVERLAPS = {0: "at once", 1: "after a day", 7: "after a week", 30: "after thirty days"}
A_YEAR = timedelta(days=365)


def end_of(day: date) -> datetime:
    """A key that ends on a day is good all day long, as the site's clock has it."""
    return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))


class ApiKeyForm(forms.ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(
        label="May",
        choices=scopes.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what is needed and no more. What is published can be read without a key.",
    )
    ends_on = forms.DateField(
        label="Ends on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day on which it opens anything; two years from today at most.",
    )

    class Meta:
        model = ApiKey
        fields = ("name", "contact", "scopes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "ends_on" in self.fields:  # who may only look has no form
            ends = self.instance.expires_at if self.instance.pk else timezone.now() + A_YEAR
            self.fields["ends_on"].initial = timezone.localdate(ends)

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if day < today or day > today + LIVES_AT_MOST:
            raise forms.ValidationError(
                "Choose a day from today to two years from now. It can be given more time later."
            )
        return day

    def save(self, commit: bool = True) -> ApiKey:
        self.instance.expires_at = end_of(self.cleaned_data["ends_on"])
        return super().save(commit)


class RotateForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label="The former one stops", choices=list(OVERLAPS.items()), coerce=int, initial=7, required=True
    )
    # Which secret is meant: a page that is sent again finds another one.
    begins_with = forms.CharField(widget=forms.HiddenInput)


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("open", "Opens doors"), ("ended", "Has ended"), ("revoked", "Revoked"), ("idle", "Unused for 90 days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        now = timezone.now()
        is_open = Q(revoked_at=None, expires_at__gt=now)
        long_ago = timezone.localdate(now) - timedelta(days=90)
        meant = {
            "open": is_open,
            "ended": Q(revoked_at=None, expires_at__lte=now),
            "revoked": Q(revoked_at__isnull=False),
            "idle": is_open & (Q(last_used_on__lt=long_ago) | Q(last_used_on=None, created_at__date__lt=long_ago)),
        }
        return queryset.filter(meant[self.value() or ""]) if self.value() in meant else queryset


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    form = ApiKeyForm
    change_form_template = "admin/partners/apikey/change_form.html"
    list_display = ("name", "begins_with", "may", "in_a_word", "last_used_on", "expires_at")
    list_filter = (StandingFilter,)
    search_fields = ("name", "contact", "prefix")
    readonly_fields = ("standing", "begins_with", "may", "last_used_on", "expires_at", "created_at")
    ordering = (F("revoked_at").asc(nulls_first=True), "name")

    def get_fieldsets(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("name", "contact", "scopes", "ends_on")})]
        facts = ("standing", "begins_with", "last_used_on", "created_at")
        asked = ("scopes", "ends_on") if self.has_change_permission(request, obj) else ("may", "expires_at")
        return [(None, {"fields": ("name", "contact", *asked)}), ("How it stands", {"fields": facts})]

    @admin.display(description="begins with", ordering="prefix")
    def begins_with(self, key: ApiKey) -> str:
        return f"earmark_{key.prefix}…"

    @admin.display(description="may")
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description="standing")
    def in_a_word(self, key: ApiKey) -> str:
        return "revoked" if key.revoked_at else "open" if key.is_open(timezone.now()) else "ended"

    @admin.display(description="standing")
    def standing(self, key: ApiKey) -> str:
        now = timezone.now()
        if key.revoked_at is not None:
            return f"revoked on {timezone.localtime(key.revoked_at):%d %B %Y}"
        if now >= key.expires_at:
            return f"ended on {timezone.localtime(key.expires_at):%d %B %Y}"
        if key.former_until is not None and now < key.former_until:
            return f"open; the former secret as well until {timezone.localtime(key.former_until):%d %B %Y, %H:%M}"
        return "open"

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A revoked key stays as it was: what it was allowed to do is part of what happened."""
        return super().has_change_permission(request, obj) and (obj is None or obj.revoked_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, obj.shown_once = issue_key(
            name=obj.name,
            contact=obj.contact,
            scopes=obj.scopes,
            expires_at=obj.expires_at,
            made_by=cast(User, request.user),
        )
        obj.pk, obj.prefix = made.pk, made.prefix

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Here and now: what leads on to another page would have to keep the secret on the way."""
        return self._show_once(request, obj, obj.shown_once)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/rotate/", guarded(self.rotate_view), name="partners_apikey_rotate"),
            path("<int:pk>/revoke/", guarded(self.revoke_view), name="partners_apikey_revoke"),
            *super().get_urls(),
        ]

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        key = self._changeable(request, pk)
        form = RotateForm(request.POST or None, initial={"begins_with": key.prefix, "overlap": 7})
        if request.method == "POST" and form.is_valid():
            days = form.cleaned_data["overlap"]
            secret = rotate_key(
                key=key, prefix=form.cleaned_data["begins_with"], overlap=timedelta(days=days), now=timezone.now()
            )
            if secret is not None:
                self.log_change(request, key, f"Made a new secret; the former one stops {OVERLAPS[days]}.")
                return self._show_once(request, key, secret)
            self.message_user(request, "It was exchanged meanwhile; nothing was done now.", messages.WARNING)
            return redirect("admin:partners_apikey_change", pk)
        is_going_over = key.former_until is not None and timezone.now() < key.former_until
        return self._page(request, key, "rotate.html", "Make a new secret", form=form, is_going_over=is_going_over)

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        key = self._changeable(request, pk)
        if request.method == "POST":
            if revoke_key(key=key, now=timezone.now()):
                self.log_change(request, key, "Revoked it.")
            self.message_user(request, f"{key.name}: revoked. It opens nothing any more.", messages.SUCCESS)
            return redirect("admin:partners_apikey_changelist")
        return self._page(request, key, "revoke.html", "Revoke a key")

    def _changeable(self, request: HttpRequest, pk: int) -> ApiKey:
        key = get_object_or_404(ApiKey, pk=pk)
        if not self.has_change_permission(request, key):
            raise PermissionDenied
        return key

    def _show_once(self, request: HttpRequest, key: ApiKey, secret: str) -> HttpResponse:
        return self._page(request, key, "secret.html", "Hand this key over", secret=secret)

    def _page(self, request: HttpRequest, key: ApiKey, name: str, title: str, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "key": key, **more}
        return TemplateResponse(request, f"admin/partners/apikey/{name}", context)
