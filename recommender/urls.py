"""The question pages: which address is answered by which view."""

from __future__ import annotations

from django.urls import path

from recommender import views

urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("choose/all/", views.choose_all, name="choose-all"),
    path("choose/in-words/", views.choose_in_words, name="choose-in-words"),
    path("choose/result/", views.choose_result, name="choose-result"),
    path("choose/why/", views.choose_why, name="choose-why"),
]
