"""Which page answers which address? Nothing here depends on the visitor, so every answer may be cached by anybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from catalog import selectors as catalog
from catalog.kinds import Kind, ProductType
from catalog.page_tags import kept
from catalog.shopper_pages import for_shoppers
from reviews import selectors
from reviews.answers import cached, moved_article, moved_product, once_products_are_read
from reviews.former_paths import former_path
from reviews.frame_policy import allow_frames
from reviews.pages import article as article_pages
from reviews.pages import author as author_pages
from reviews.pages import brands, compare_address, compare_csv, information, lists, weights_list
from reviews.pages import compare as comparisons
from reviews.pages import product as product_pages
from reviews.pages import search as search_pages
from reviews.pages.catalogue import address as catalogue_address
from reviews.pages.catalogue.page import catalogue_page
from reviews.pages.corrections import corrections_page
from reviews.pages.design import design_page
from reviews.pages.method import method_page
from reviews.pages.parts import KIND_WORDS, SECTIONS, Page
from reviews.pages.privacy import privacy_page
from reviews.pages.weights import FORM_PARAMETER, PARAMETER


def _weights(request: HttpRequest) -> list[str]:
    return request.GET.getlist(PARAMETER) or request.GET.getlist(FORM_PARAMETER)


def _show(request: HttpRequest, template: str, page: Page, status: int = 200) -> HttpResponse:
    return render(request, f"reviews/{template}.html", {"page": page}, status=status)


@kept()
@cached
def home(request: HttpRequest) -> HttpResponse:
    return _show(request, "home", lists.home_page())


@kept(PARAMETER, FORM_PARAMETER, for_shoppers=True)
@cached
@for_shoppers
def article(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    found = selectors.published_article(SECTIONS[section], slug)
    if found is None:
        return moved_article(section, slug)
    page = article_pages.article_page(found, now=timezone.now(), weights=_weights(request))
    if page.weights and page.weights.led_to:
        return redirect(page.weights.led_to)
    return allow_frames(_show(request, "article", page), page.frame_origins)


@kept()
@cached
def articles(request: HttpRequest, section: str) -> HttpResponse:
    return _show(request, "section", lists.section_page(section))


@kept(*catalogue_address.READS, for_shoppers=True)
@cached
@for_shoppers
@once_products_are_read
def products(request: HttpRequest) -> HttpResponse:
    asked = catalogue_address.read(request.GET)
    if asked.is_respelt:
        return redirect(asked.question.url, permanent=True)
    page = catalogue_page(asked, now=timezone.now())
    return _show(request, "catalogue", page, status=404 if page.past_the_end else 200)


@kept(*compare_address.READS, for_shoppers=True)
@cached
@for_shoppers
@once_products_are_read
def compare(request: HttpRequest) -> HttpResponse:
    asked = compare_address.read(request.GET)
    found = catalog.products_by_slug(asked.slugs)
    if address := comparisons.today_url(asked, found):
        return redirect(address, permanent=True)
    now = timezone.now()
    page = comparisons.compare_page(asked, found, now=now)
    if not (asked.is_csv and page.columns):
        return _show(request, "compare", page)
    answer = HttpResponse(compare_csv.compare_csv(page, now=now), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{compare_csv.NAME}"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


@kept(for_shoppers=True)
@cached
@for_shoppers
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.product_by_slug(slug)
    if found is None:
        return moved_product("product", slug)
    return _show(request, "product", product_pages.product_page(found, now=timezone.now()))


@kept(for_shoppers=True)
@cached
@for_shoppers
def hub(request: HttpRequest, kind: str, type: str = "") -> HttpResponse:  # noqa: A002 - the address's own word
    of_kind = next(item for item, word in KIND_WORDS.items() if word == kind)
    of_type = next((item for item in ProductType if item.value == type and item.kind is of_kind), None)
    if type and of_type is None:
        raise Http404(f"There are no {kind} of the type “{type}”.")
    return _show(request, "hub", lists.hub_page(Kind(of_kind), of_type, now=timezone.now()))


@kept()
@cached
def brands_list(request: HttpRequest) -> HttpResponse:
    return _show(request, "brands", brands.brands_page())


@kept(for_shoppers=True)
@cached
@for_shoppers
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    found = catalog.brands_with_products().filter(slug=slug).first()
    page = brands.brand_page(found, now=timezone.now()) if found else None
    if page is None:
        raise Http404(f"There is no brand “{slug}”.")
    return _show(request, "brand", page)


@kept(*search_pages.READS, for_shoppers=True)
@cached
@for_shoppers
@once_products_are_read
def search(request: HttpRequest) -> HttpResponse:
    return _show(request, "search", search_pages.search_page(request.GET.get("q", ""), now=timezone.now()))


@kept()
@cached
def people(request: HttpRequest) -> HttpResponse:
    return _show(request, "people", author_pages.people_page())


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


@kept("page")
@cached
def corrections(request: HttpRequest) -> HttpResponse:
    page = corrections_page(request.GET.get("page", "1")[:6], now=timezone.now())
    if page is None:
        raise Http404("There are not so many pages of corrections.")
    return _show(request, "corrections", page)


@kept()
@cached
def how_we_work(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", information.how_we_work_page())


@kept()
@cached
def how_we_rank(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", information.how_we_rank_page())


@kept(PARAMETER, FORM_PARAMETER)
@cached
def rank(request: HttpRequest, use_case: str) -> HttpResponse:
    found = weights_list.ranked_use_case(use_case)
    if found is None:
        raise Http404(f"There is no use “{use_case}” that we rank products for.")
    page = weights_list.rank_page(_weights(request), method=found[0], use_case=found[1])
    return redirect(page.weights.led_to) if page.weights.led_to else _show(request, "rank", page)


@kept()
@cached
def method(request: HttpRequest, number: int | None = None) -> HttpResponse:
    page = method_page(number)
    if page is None:
        raise Http404(f"There is no Method {number}.")
    return _show(request, "method", page)


@kept()
@cached
def design(request: HttpRequest) -> HttpResponse:
    return _show(request, "design", design_page())


@kept()
@cached
def privacy(request: HttpRequest) -> HttpResponse:
    return _show(request, "information", privacy_page())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if (moved := former_path(request.path)) is not None:
        return redirect(moved, permanent=True)
    return _show(request, "not_found", lists.not_found_page(request.path, now=timezone.now()), status=404)
