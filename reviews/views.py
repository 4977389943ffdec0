"""Which page answers which address? Nothing here depends on the visitor, so every answer may be cached by anybody."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from catalog import drawing
from catalog import selectors as catalog
from catalog.kinds import Kind, ProductType
from catalog.page_tags import kept
from reviews import feeds, plain_texts, selectors, sitemaps
from reviews.former_paths import former_path
from reviews.frame_policy import allow_frames
from reviews.pages import article as article_pages
from reviews.pages import author as author_pages
from reviews.pages import information, lists
from reviews.pages import product as product_pages
from reviews.pages.catalogue import address as catalogue_address
from reviews.pages.catalogue.page import catalogue_page
from reviews.pages.method import method_page
from reviews.pages.parts import KIND_WORDS, SECTIONS, Page, markdown_url

# A page may be this old in a shared cache: shorter than any price's licence, long enough for a rush of readers.
MAX_AGE = 60
PICTURE_AGE = int(timedelta(days=1).total_seconds())

cached = cache_control(public=True, max_age=MAX_AGE, stale_while_revalidate=300)


def _show(request: HttpRequest, template: str, page: Page, status: int = 200) -> HttpResponse:
    return render(request, f"reviews/{template}.html", {"page": page}, status=status)


@kept()
@cached
def home(request: HttpRequest) -> HttpResponse:
    return _show(request, "home", lists.home_page())


@kept()
@cached
def article(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    found = selectors.published_article(SECTIONS[section], slug)
    if found is None:
        return _moved_article(section, slug)
    page = article_pages.article_page(found, now=timezone.now())
    return allow_frames(_show(request, "article", page), page.frame_origins)


def _moved_article(section: str, slug: str) -> HttpResponse:
    """Who comes by a former address is led to today's for good, in one step."""
    article = selectors.moved_article(SECTIONS[section], slug)
    if article is None:
        raise Http404(f"There is no article “{slug}” among the {section}.")
    return redirect(article, permanent=True)


@kept()
@cached
def article_markdown(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    found = selectors.published_article(SECTIONS[section], slug)
    if found is None:
        moved = _moved_article(section, slug)
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
@cached
def articles(request: HttpRequest, section: str) -> HttpResponse:
    return _show(request, "section", lists.section_page(section))


@kept(*catalogue_address.READS)
@cached
def products(request: HttpRequest) -> HttpResponse:
    asked = catalogue_address.read(request.GET)
    if asked.is_respelt:
        return redirect(asked.question.url, permanent=True)
    page = catalogue_page(asked, now=timezone.now())
    return _show(request, "catalogue", page, status=404 if page.past_the_end else 200)


@kept()
@cached
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.product_by_slug(slug)
    if found is None:
        return _moved("product", slug)
    return _show(request, "product", product_pages.product_page(found, now=timezone.now()))


def _moved(name: str, slug: str) -> HttpResponse:
    """A record that was merged into another leads there for good; of anything else there is nothing."""
    kept_slug = catalog.kept_slug(slug)
    if kept_slug is None:
        raise Http404(f"There is no product “{slug}”.")
    return redirect(name, slug=kept_slug, permanent=True)


@kept()
@cached
def hub(request: HttpRequest, kind: str, type: str = "") -> HttpResponse:  # noqa: A002 - the address's own word
    of_kind = next(item for item, word in KIND_WORDS.items() if word == kind)
    of_type = next((item for item in ProductType if item.value == type and item.kind is of_kind), None)
    if type and of_type is None:
        raise Http404(f"There are no {kind} of the type “{type}”.")
    return _show(request, "hub", lists.hub_page(Kind(of_kind), of_type, now=timezone.now()))


@kept()
@cached
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.authors().filter(slug=slug).first()
    if found is None:
        raise Http404(f"There is no author “{slug}”.")
    return _show(request, "author", author_pages.author_page(found))


@kept()
@cached
def disclosure(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", information.disclosure_page())


@kept()
@cached
def how_we_work(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", information.how_we_work_page())


@kept()
@cached
def how_we_rank(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", information.how_we_rank_page())


@kept()
@cached
def method(request: HttpRequest, number: int | None = None) -> HttpResponse:
    page = method_page(number)
    if page is None:
        raise Http404(f"There is no Method {number}.")
    return _show(request, "method", page)


@kept()
@cached
def privacy(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", information.privacy_page())


@kept()
@cache_control(public=True, max_age=PICTURE_AGE)
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.product_by_slug(slug)
    if found is None:
        return _moved("picture", slug)
    svg = drawing.picture(selectors.shape(found), found.colour, found.name)
    return HttpResponse(svg, content_type="image/svg+xml")


@kept()
@cache_control(public=True, max_age=PICTURE_AGE, immutable=True)
def shapes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(drawing.sprite(), content_type="image/svg+xml")


@kept()
@cached
def feed(request: HttpRequest, name: str) -> HttpResponse:
    kind = feeds.FORMATS[name]
    built = feeds.article_feed(kind, url=reverse(name))
    return HttpResponse(built.writeString("utf-8"), content_type=feeds.CONTENT_TYPES[name])


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
    kept_out = "\n".join(f"Disallow: {path}" for path in ("/admin/", "/go/", "/choose/result/", "/newsletter/"))
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


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if (moved := former_path(request.path)) is not None:
        return redirect(moved, permanent=True)
    return _show(request, "not_found", lists.not_found_page(request.path), status=404)
