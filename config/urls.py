"""The site map: which address is answered by which app."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health
from config.metrics.page import metrics

urlpatterns = [
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(settings.ADMIN_PATH, include("config.staff.addresses")),
    path(settings.ADMIN_PATH, include("reviews.admin.today")),
    path(settings.ADMIN_PATH, include("config.jobs.page")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("catalog.urls")),
    path("", include("recommender.urls")),
    path("", include("readers.urls")),
    path("", include("reviews.urls")),
]

handler404 = "reviews.views.pages.not_found"
handler400 = "config.too_large.bad_request"
handler500 = "config.away.server_error"
