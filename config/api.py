"""The API's addresses, all under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from catalog.api.alerts import Alerts
from catalog.api.import_writing import ImportCancel, ImportListDoor, ImportStart, ImportTry
from catalog.api.imports import ImportDetail, ImportProblems, RefreshList
from catalog.api.link_writing import LinkDoor, LinkListDoor
from catalog.api.links import LinkClicks
from catalog.api.product_writing import ProductBulk, ProductDoor
from catalog.api.products import OfferList, ProductList
from catalog.api.readings import Readings
from catalog.api.tables import TableDetail, TableList, TableRows, TableStop, TableStore
from config.api_deprecations import with_notices
from config.jobs.api import Jobs
from config.problems import not_here
from readers.newsletter_api import Newsletter, NewsletterChoices
from recommender.api import Recommendation
from recommender.api.next_question import NextQuestion
from reviews.api.articles import ArticleDetail, ArticleList
from reviews.api.comments import CommentList
from reviews.api.remarks import RemarkList
from reviews.api.reports import ClickReport
from reviews.api.scores import ProductScores

urlpatterns: list[URLPattern] = [
    path("articles/", ArticleList.as_view(), name="api-articles"),
    path("articles/<slug:slug>/", ArticleDetail.as_view(), name="api-article"),
    path("articles/<slug:slug>/comments/", CommentList.as_view(), name="api-comments"),
    path("articles/<slug:slug>/remarks/", RemarkList.as_view(), name="api-remarks"),
    path("products/", ProductList.as_view(), name="api-products"),
    path("products/bulk/", ProductBulk.as_view(), name="api-products-bulk"),
    path("products/<slug:slug>/", ProductDoor.as_view(), name="api-product"),
    path("products/<slug:slug>/scores/", ProductScores.as_view(), name="api-scores"),
    path("links/", LinkListDoor.as_view(), name="api-links"),
    path("links/<slug:code>/", LinkDoor.as_view(), name="api-link"),
    path("links/<slug:code>/clicks/", LinkClicks.as_view(), name="api-link-clicks"),
    path("reports/clicks/", ClickReport.as_view(), name="api-click-report"),
    path("imports/", ImportListDoor.as_view(), name="api-imports"),
    path("imports/<int:pk>/", ImportDetail.as_view(), name="api-import"),
    path("imports/<int:pk>/problems/", ImportProblems.as_view(), name="api-import-problems"),
    path("imports/<int:pk>/try/", ImportTry.as_view(), name="api-import-try"),
    path("imports/<int:pk>/start/", ImportStart.as_view(), name="api-import-start"),
    path("imports/<int:pk>/cancel/", ImportCancel.as_view(), name="api-import-cancel"),
    path("tables/", TableList.as_view(), name="api-tables"),
    path("tables/<int:pk>/", TableDetail.as_view(), name="api-table"),
    path("tables/<int:pk>/rows/", TableRows.as_view(), name="api-table-rows"),
    path("tables/<int:pk>/store/", TableStore.as_view(), name="api-table-store"),
    path("tables/<int:pk>/stop/", TableStop.as_view(), name="api-table-stop"),
    path("refreshes/", RefreshList.as_view(), name="api-refreshes"),
    path("jobs/", Jobs.as_view(), name="api-jobs"),
    path("alerts/", Alerts.as_view(), name="api-alerts"),
    path("newsletter/", Newsletter.as_view(), name="api-newsletter"),
    path("newsletter/you/", NewsletterChoices.as_view(), name="api-newsletter-you"),
    path("offers/", OfferList.as_view(), name="api-offers"),
    path("readings/", Readings.as_view(), name="api-readings"),
    path("recommendations/", Recommendation.as_view(), name="api-recommendations"),
    path("recommendations/next-question/", NextQuestion.as_view(), name="api-next-question"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    # To its template an OPTIONS is a failure: it is a page, and pages are only looked at.
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", http_method_names=["get", "head"]),
        name="api-docs",
    ),
]
# What is asked of the API is answered by it, also when it is not here.
urlpatterns = [*with_notices(urlpatterns), re_path(r"^(?:[\s\S]*/)?$", not_here)]
