from __future__ import annotations

from django.urls import path

from readers import views

urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/confirm/<str:key>/", views.newsletter_confirm, name="newsletter-confirm"),
    path("newsletter/leave/<str:key>/", views.newsletter_leave, name="newsletter-leave"),
]
