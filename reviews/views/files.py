"""Which address gives something else than a page: feeds, sitemaps, drawings, and what is written for programs?"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from catalog import drawing
from catalog.page_tags import kept
from reviews import feeds, plain_texts, selectors, sitemaps
from reviews.answers import cached, moved_article, moved_product
from reviews.pages.parts import SECTIONS, markdown_url
from reviews.price_feed import price_drop_feed

PICTURE_AGE = int(timedelta(days=1).total_seconds())


@kept()
@cached
def article_markdown(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    found = selectors.published_article(SECTIONS[section], slug)
    if found is None:
        moved = moved_article(section, slug)
        moved["Location"] = markdown_url(moved["Location"])
        return moved
    answer = HttpResponse(
        plain_texts.article_markdown(found, now=timezone.now()), content_type="text/markdown; charset=utf-8"
    )
    # Searchers are to find the page, not its twin.
    answer["X-Robots-Tag"] = "noindex"
    answer["Link"] = f'<{settings.SITE_URL}{found.get_absolute_url()}>; rel="canonical"'
    return answer


@kept()
@cache_control(public=True, max_age=PICTURE_AGE)
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.product_by_slug(slug)
    if found is None:
        return moved_product("picture", slug)
    svg = drawing.picture(selectors.shape(found), found.colour, found.name)
    return HttpResponse(svg, content_type="image/svg+xml")


@kept()
@cache_control(public=True, max_age=PICTURE_AGE, immutable=True)
def shapes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(drawing.sprite(), content_type="image/svg+xml")


@kept()
@cached
def feed(request: HttpRequest, form: str) -> HttpResponse:
    built = feeds.article_feed(feeds.FORMATS[form], url=request.path)
    return HttpResponse(built.writeString("utf-8"), content_type=feeds.CONTENT_TYPES[form])


@kept()
@cached
def price_feed(request: HttpRequest, form: str) -> HttpResponse:
    built = price_drop_feed(feeds.FORMATS[form], url=request.path, now=timezone.now())
    return HttpResponse(built.writeString("utf-8"), content_type=feeds.CONTENT_TYPES[form])


@kept()
@cached
def sitemap(request: HttpRequest) -> HttpResponse:
    return HttpResponse(sitemaps.index_xml(), content_type="application/xml")


@kept()
@cached
def sitemap_part(request: HttpRequest, part: str) -> HttpResponse:
    found = sitemaps.entries(part)
    if found is None:
        raise Http404(f"There is no sitemap “{part}”.")
    return HttpResponse(sitemaps.part_xml(found), content_type="application/xml")


@kept()
@cached
def robots(request: HttpRequest) -> HttpResponse:
    # A desk that was put elsewhere is not told to everybody who asks for this file.
    desk = ("/admin/",) if settings.ADMIN_PATH == "admin/" else ()
    kept_out = "\n".join(
        f"Disallow: {path}" for path in (*desk, "/go/", "/choose/result/", "/newsletter/", "/alerts/", "/search/?")
    )
    text = f"User-agent: *\n{kept_out}\n\nSitemap: {settings.SITE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@kept()
@cached
def llms(request: HttpRequest) -> HttpResponse:
    return HttpResponse(plain_texts.llms_txt(), content_type="text/plain; charset=utf-8")


@kept()
@cached
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); it has to name a day on which it is out of date."""
    contact = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    where = f"{settings.SITE_URL}{reverse('security')}"
    text = f"Contact: mailto:{contact}\nExpires: {expires}\nPreferred-Languages: en\nCanonical: {where}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@cached
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/favicon.svg"))
