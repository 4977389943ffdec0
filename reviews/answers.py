"""How long may an answer be kept, where is led who comes by a former address, and what hears who comes too soon?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control

from catalog import selectors as catalog
from catalog.product_index import StillReadingError
from reviews import selectors
from reviews.pages.parts import SECTIONS, Page

# A page may be this old in a shared cache: shorter than any price's licence, long enough for a rush of readers.
MAX_AGE = 60

cached = cache_control(public=True, max_age=MAX_AGE, stale_while_revalidate=300)


# A large catalogue is read in about so many seconds.
_TRY_AGAIN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class BeingReadPage(Page):
    """`again`: the address that was asked for, with all that was asked in it."""

    again: str


def once_products_are_read(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where a large catalogue is still being read, the view's readers are told so and when to come again (503)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StillReadingError:
            page = BeingReadPage(
                title="The list of products is being read",
                description="In a minute or two it is here.",
                canonical=request.path,
                is_indexed=False,
                again=request.get_full_path(),
            )
            answer = render(request, "reviews/being_read.html", {"page": page}, status=503)
            answer["Retry-After"] = str(_TRY_AGAIN)
            answer["Cache-Control"] = "no-store"
            return answer

    return answered


def moved_article(section: str, slug: str) -> HttpResponse:
    """Who comes by a former address is led to today's for good, in one step."""
    article = selectors.moved_article(SECTIONS[section], slug)
    if article is None:
        raise Http404(f"There is no article “{slug}” among the {section}.")
    return redirect(article, permanent=True)


def moved_product(name: str, slug: str) -> HttpResponse:
    """A record that was merged into another leads there for good; of anything else there is nothing."""
    kept_slug = catalog.kept_slug(slug)
    if kept_slug is None:
        raise Http404(f"There is no product “{slug}”.")
    return redirect(name, slug=kept_slug, permanent=True)
