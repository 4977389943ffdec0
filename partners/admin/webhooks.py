"""Where is it set up which partner is told of what, and where is seen what was sent and what they answered?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from partners import events
from partners.models import Webhook, WebhookAttempt, WebhookDelivery
from partners.services.webhook_endpoints import (
    address_problem,
    pause_webhook,
    resume_webhook,
    send_again,
    send_ping,
)
from partners.services.webhook_signing import mark_of, rotate_secret, secret_of


class WebhookForm(forms.ModelForm[Webhook]):
    kinds = forms.MultipleChoiceField(
        label="Tells of",
        choices=events.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Messages say where to look, never a price: it may have ended when they arrive.",
    )

    class Meta:
        model = Webhook
        fields = ("name", "address", "kinds")

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if problem := address_problem(address):
            raise forms.ValidationError(problem)
        return address


def _ping(webhook: Webhook, seen: str) -> str:
    if not webhook.is_active:
        return "Nothing was sent: it is paused by now. Take it up again first."
    send_ping(webhook=webhook, now=timezone.now())
    return "A ping is on its way; “What was sent” shows the answer in a few seconds."


def _pause(webhook: Webhook, seen: str) -> str:
    pause_webhook(webhook=webhook, because="Somebody at the desk paused it.", tells=False)
    return "Paused. Messages wait, three days at most."


def _resume(webhook: Webhook, seen: str) -> str:
    count = resume_webhook(webhook=webhook, now=timezone.now())
    return f"It is told again; {count} message{'' if count == 1 else 's'} waited."


def _rotate(webhook: Webhook, seen: str) -> str:
    if not rotate_secret(webhook=webhook, seen=seen, now=timezone.now()):
        return "Nothing was changed: a new secret was made since that page was opened. It stands below."
    return "There is a new secret. For a day messages are signed with the former one too."


# Each says what came of it; `seen` is the mark of the secret that the page showed.
_ACTS: dict[str, Callable[[Webhook, str], str]] = {"ping": _ping, "pause": _pause, "resume": _resume, "rotate": _rotate}


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin[Webhook]):
    form = WebhookForm
    change_form_template = "admin/partners/webhook/change_form.html"
    list_display = ("name", "address", "told_of", "health", "waiting")
    list_filter = ("is_active",)
    search_fields = ("name", "address")
    readonly_fields = ("standing", "secret")

    def get_fieldsets(self, request: HttpRequest, obj: Webhook | None = None) -> Any:
        sets: list[Any] = [(None, {"fields": ("name", "address", "kinds")})]
        if obj is not None:
            sets.append(("How it goes", {"fields": ("standing",)}))
            if self.has_change_permission(request, obj):
                sets.append(("For the partner", {"fields": ("secret",)}))
        return sets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        waits = Count("deliveries", filter=Q(deliveries__state=WebhookDelivery.State.WAITING))
        return super().get_queryset(request).annotate(waits=waits)

    @admin.display(description="tells of")
    def told_of(self, webhook: Webhook) -> str:
        return ", ".join(webhook.kinds)

    @admin.display(description="waiting", ordering="waits")
    def waiting(self, webhook: Any) -> str:
        return f"{webhook.waits:,}"

    @admin.display(description="standing")
    def health(self, webhook: Webhook) -> str:
        return self.standing(webhook) if webhook.is_active else "paused"

    @admin.display(description="standing")
    def standing(self, webhook: Webhook) -> str:
        if not webhook.is_active:
            return f"paused. {webhook.paused_because}"
        if webhook.failures:
            return f"failed {webhook.failures}× in a row"
        return "well"

    @admin.display(description="secret")
    def secret(self, webhook: Webhook) -> SafeString:
        """To hand to the partner. Only those who may change the webhook see it."""
        former = webhook.former_until and webhook.former_until > timezone.now()
        until = (
            f"The former one verifies until {timezone.localtime(webhook.former_until):%d %B, %H:%M %Z}."
            if former
            else ""
        )
        return format_html(
            '<code class="address">{}</code><p class="how">Hand it to the partner where nobody else reads. {}</p>',
            secret_of(webhook),
            until,
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        webhook = context.get("original")
        own = {"secret_seen": mark_of(webhook) if webhook else ""}
        return super().render_change_form(request, {**context, **own}, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act_view))
        return [path("<int:pk>/act/<slug:act>/", act, name="partners_webhook_act"), *super().get_urls()]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its messages go with it: they are its log, and nobody's to keep."""
        named, counts, _, protected = super().get_deleted_objects(objs, request)
        return named, counts, set(), protected

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        webhook = get_object_or_404(Webhook, pk=pk)
        if act not in _ACTS or not self.has_change_permission(request, webhook):
            raise PermissionDenied
        said = _ACTS[act](webhook, request.POST.get("secret_seen", ""))
        self.log_change(request, webhook, said)
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:partners_webhook_change", pk)


class AttemptInline(admin.TabularInline[WebhookAttempt, WebhookDelivery]):
    model = WebhookAttempt
    fields = readonly_fields = ("at", "status", "ms", "said")
    extra = 0
    can_delete = False
    verbose_name_plural = "tries"

    def has_add_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(admin.ModelAdmin[WebhookDelivery]):
    """What was sent, to whom, and what came back. Nothing is changed here; it can be sent again as it was."""

    list_display = ("made_at", "kind", "webhook", "state", "tries", "next_try", "ended_at")
    list_filter = ("state", "kind", "webhook")
    list_select_related = ("webhook",)
    search_fields = ("message_id",)
    fields = readonly_fields = (
        "webhook",
        "kind",
        "message_id",
        "state",
        "tries",
        "made_at",
        "next_try",
        "ended_at",
        "body",
    )
    inlines = (AttemptInline,)
    actions = ("send_them_again",)
    show_full_result_count = False

    @admin.display(description="next try")
    def next_try(self, row: WebhookDelivery) -> str:
        is_waiting = row.state == WebhookDelivery.State.WAITING
        return date_format(timezone.localtime(row.next_at), "DATETIME_FORMAT") if is_waiting else "—"

    @admin.action(description="Send again", permissions=["resend"])
    def send_them_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        count = send_again(deliveries=queryset, now=timezone.now())
        said = f"{count} message{' goes' if count == 1 else 's go'} out again, under the same id."
        self.message_user(request, said, messages.SUCCESS)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("partners.change_webhook")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False
