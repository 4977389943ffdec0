"""The site map: which address is answered by which app."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("catalog.urls")),
    path("", include("recommender.urls")),
    path("", include("readers.urls")),
    path("", include("reviews.urls")),
]
