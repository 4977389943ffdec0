"""The site map for readers: which address shows which page."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from reviews.views import comments as comment_views
from reviews.views import files as file_views
from reviews.views import follows as follow_views
from reviews.views import media, shared_preview
from reviews.views import pages as views
from reviews.views import remarks as remark_views


class SectionConverter(StringConverter):
    regex = "guides|reviews|best"


class KindConverter(StringConverter):
    regex = "headphones|headsets"


register_converter(SectionConverter, "section")
register_converter(KindConverter, "kind")

urlpatterns = [
    path("", views.home, name="home"),
    path("guides/<slug:slug>.md", file_views.article_markdown, {"section": "guides"}, name="markdown-guide"),
    path("reviews/<slug:slug>.md", file_views.article_markdown, {"section": "reviews"}, name="markdown-review"),
    path("best/<slug:slug>.md", file_views.article_markdown, {"section": "best"}, name="markdown-best-of"),
    path("guides/<slug:slug>/", views.article, {"section": "guides"}, name="article-guide"),
    path("reviews/<slug:slug>/", views.article, {"section": "reviews"}, name="article-review"),
    path("best/<slug:slug>/", views.article, {"section": "best"}, name="article-best-of"),
    path("<section:section>/<slug:slug>/comments/", comment_views.article_comments, name="comments"),
    path("<section:section>/<slug:slug>/comments/feed/", comment_views.feed, name="comments-feed"),
    path("<section:section>/<slug:slug>/remarks/", remark_views.article_remarks, name="remarks"),
    path("<section:section>/<slug:slug>/remarks/new/", remark_views.new, name="remark-new"),
    path("comments/write/<int:article>/", comment_views.write, name="comment-write"),
    path("comments/follow/<int:article>/", follow_views.follow_comments, name="comment-follow"),
    path("comments/mine/<str:token>/", comment_views.mine, name="comment-mine"),
    path("comments/decide/<str:token>/", comment_views.letter, name="comment-letter"),
    path("comments/<int:number>/useful/", comment_views.useful, name="comment-useful"),
    path("<section:section>/", views.articles, name="articles"),
    path("products/", views.products, name="products"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("rank/<slug:use_case>/", views.rank, name="rank"),
    path("compare/", views.compare, name="compare"),
    path("<kind:kind>/", views.hub, name="hub-kind"),
    path("<kind:kind>/<slug:type>/", views.hub, name="hub-type"),
    path("brands/", views.brands_list, name="brands"),
    path("brands/<slug:slug>/", views.brand, name="brand"),
    path("search/", views.search, name="search"),
    path("authors/", views.people, name="authors"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("pictures/shapes.svg", file_views.shapes, name="shapes"),
    path("pictures/<slug:slug>.svg", file_views.picture, name="picture"),
    path("media/<path:name>", media.media, name="media"),
    path("preview/<str:token>/", shared_preview.shared_preview, name="shared-preview"),
    path("disclosure/", views.disclosure, name="disclosure"),
    path("corrections/", views.corrections, name="corrections"),
    path("how-we-work/", views.how_we_work, name="how-we-work"),
    path("how-we-rank/", views.how_we_rank, name="how-we-rank"),
    path("method/", views.method, name="method"),
    path("method/<int:number>/", views.method, name="method-version"),
    path("design/", views.design, name="design"),
    path("privacy/", views.privacy, name="privacy"),
    path("feed/", file_views.feed, {"form": "atom"}, name="feed"),
    path("feed/rss/", file_views.feed, {"form": "rss"}, name="feed-rss"),
    path("feed/prices/", file_views.price_feed, {"form": "atom"}, name="price-feed"),
    path("feed/prices/rss/", file_views.price_feed, {"form": "rss"}, name="price-feed-rss"),
    path("sitemap.xml", file_views.sitemap, name="sitemap"),
    path("sitemap-<slug:part>.xml", file_views.sitemap_part, name="sitemap-part"),
    path("robots.txt", file_views.robots, name="robots"),
    path("llms.txt", file_views.llms, name="llms"),
    path(".well-known/security.txt", file_views.security, name="security"),
    path("favicon.ico", file_views.favicon),
]
