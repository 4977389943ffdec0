"""Who is named under articles?"""

from __future__ import annotations

from django.contrib import admin

from reviews.models import Author


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    list_display = ["name", "role", "user"]
    search_fields = ["name", "role"]
    prepopulated_fields = {"slug": ["name"]}
    raw_id_fields = ["user"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "role", "user"]}),
        ("For the author box", {"fields": ["bio", "credentials", "tests", "profile_links"]}),
    ]
