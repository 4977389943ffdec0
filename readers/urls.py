from __future__ import annotations

from django.urls import path

from readers import event_views, preference_views, views

urlpatterns = [
    path("mail/events/", event_views.mail_events, name="mail-events"),
    path("mail/events/<slug:service>/", event_views.mail_service_events, name="mail-service-events"),
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/link/", views.newsletter_link, name="newsletter-link"),
    path("newsletter/you/<str:token>/", preference_views.newsletter_you, name="newsletter-you"),
    path("newsletter/confirm/<str:key>/", views.newsletter_confirm, name="newsletter-confirm"),
    path("newsletter/leave-news/<str:token>/", views.newsletter_leave_news, name="newsletter-leave-news"),
    path("newsletter/leave/<str:key>/", views.newsletter_leave, name="newsletter-leave"),
]
