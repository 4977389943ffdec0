"""Which addresses does the catalogue answer?"""

from __future__ import annotations

from django.urls import URLPattern, path

from catalog import views
from catalog.postbacks import postback

urlpatterns: list[URLPattern] = [
    # Normally answered in front of Django (`catalog.go`); what that passes on arrives here.
    path("go/<code>/", views.go, name="go"),
    path("go/<code>", views.go),
    path("postback/<int:account_id>/<secret>/", postback, name="postback"),
    path("postback/<int:account_id>/<secret>", postback),
]
