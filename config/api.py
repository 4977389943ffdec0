"""The API's addresses, all under /api/v1/."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from catalog.alert_api import Alerts
from catalog.api import OfferList, ProductList
from catalog.product_doors import ProductBulk, ProductDoor
from catalog.readings_api import Readings
from config.api_deprecations import with_notices
from readers.newsletter_api import Newsletter, NewsletterChoices
from recommender.api import Recommendation
from recommender.api.next_question import NextQuestion
from reviews.api import ArticleDetail, ArticleList
from reviews.comment_api import CommentList
from reviews.remark_api import RemarkList

urlpatterns = [
    path("articles/", ArticleList.as_view(), name="api-articles"),
    path("articles/<slug:slug>/", ArticleDetail.as_view(), name="api-article"),
    path("articles/<slug:slug>/comments/", CommentList.as_view(), name="api-comments"),
    path("articles/<slug:slug>/remarks/", RemarkList.as_view(), name="api-remarks"),
    path("products/", ProductList.as_view(), name="api-products"),
    path("products/bulk/", ProductBulk.as_view(), name="api-products-bulk"),
    path("products/<slug:slug>/", ProductDoor.as_view(), name="api-product"),
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
urlpatterns = with_notices(urlpatterns)
