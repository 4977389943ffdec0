"""The question pages: which address is answered by which view."""

from __future__ import annotations

from django.urls import path

from recommender import views

urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("choose/all/", views.choose_all, name="choose-all"),
    path("choose/result/", views.choose_result, name="choose-result"),
]
