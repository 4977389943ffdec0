"""Which addresses does the catalogue answer?"""

from __future__ import annotations

from django.urls import URLPattern, path

from catalog import alert_views, views
from catalog.postbacks import postback

urlpatterns: list[URLPattern] = [
    # Normally answered in front of Django (`catalog.go`); what that passes on arrives here.
    path("go/<code>/", views.go, name="go"),
    path("go/<code>", views.go),
    path("alerts/mine/<str:key>/", alert_views.alert_mine, name="alert-mine"),
    path("alerts/new/<slug:slug>/", alert_views.alert_new, name="alert-new"),
    path("postback/<int:account_id>/<secret>/", postback, name="postback"),
    path("postback/<int:account_id>/<secret>", postback),
]
