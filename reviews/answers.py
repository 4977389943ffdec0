"""How long may an answer be kept by others, and where is led who comes by a former address?"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control

from catalog import selectors as catalog
from reviews import selectors
from reviews.pages.parts import SECTIONS

# A page may be this old in a shared cache: shorter than any price's licence, long enough for a rush of readers.
MAX_AGE = 60

cached = cache_control(public=True, max_age=MAX_AGE, stale_while_revalidate=300)


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
