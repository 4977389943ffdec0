"""Does a colleague want letters about articles? Everybody answers for themselves, on one page with one switch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from catalog.admin.signed_in import signed_in
from reviews.models import DeskPreferences
from reviews.services.desk_preferences import save_preferences


class PreferencesForm(forms.ModelForm[DeskPreferences]):
    class Meta:
        model = DeskPreferences
        fields = ["wants_mail"]


@admin.register(DeskPreferences)
class DeskPreferencesAdmin(admin.ModelAdmin[DeskPreferences]):
    """The list of preferences is no list: it is one's own."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        user_id = signed_in(request).pk
        mine = DeskPreferences.objects.filter(user=user_id).first() or DeskPreferences(user_id=user_id)
        form = PreferencesForm(request.POST or None, instance=mine)
        if request.method == "POST" and PreferencesForm(request.POST, instance=mine).is_valid():
            save_preferences(user_id=user_id, wants_mail="wants_mail" in request.POST)
            self.message_user(request, "Your choice is kept.", messages.SUCCESS)
            return redirect("admin:reviews_deskpreferences_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": "Letters from the desk",
            "opts": self.opts,
            "form": form,
            "address": signed_in(request).email,
        }
        return TemplateResponse(request, "admin/reviews/deskpreferences/change_list.html", context)
