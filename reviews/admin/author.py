"""Who is named under articles?"""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField

from catalog.admin.as_opened import AsOpenedForm, AsOpenedMixin
from reviews.models import Author


class AuthorForm(AsOpenedForm):
    profile_links = SimpleArrayField(
        forms.URLField(assume_scheme="https"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Addresses of the author's profiles elsewhere, separated by commas.",
    )

    class Meta:
        model = Author
        fields = "__all__"


@admin.register(Author)
class AuthorAdmin(AsOpenedMixin, admin.ModelAdmin[Author]):
    form = AuthorForm
    list_display = ["name", "role", "user"]
    search_fields = ["name", "role"]
    prepopulated_fields = {"slug": ["name"]}
    raw_id_fields = ["user"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "role", "user"]}),
        ("For the author box", {"fields": ["bio", "credentials", "tests", "profile_links"]}),
    ]
