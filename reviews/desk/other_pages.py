"""Do the pages that are no articles keep the rules for affiliate links too? Home, lists, hubs, products, quiz results.

They are asked for as a browser would ask, from the handler of this very process, so that what is looked at is what
readers get.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import reverse

from catalog.kinds import Kind, ProductType
from catalog.models import Offer, Product
from reviews.desk.gate import Inspection, Remark, inspect_page
from reviews.pages.parts import SECTIONS, hub_url

# Answers that lead to advice of either kind, with offers.
_ADVICE = ("?do=music&do=commute", "?do=gaming_voice&mic=none", "?do=calls")


def check_other_pages(*, most_products: int) -> Iterator[tuple[str, Inspection]]:
    """Path and what the gate says of it; product pages of the products that can be bought, the newest first."""
    handler = BaseHandler()
    handler.load_middleware()
    for path in chain(_lists(), _products(most_products)):
        status, text = _answer(handler, path)
        if status == 200:
            yield path, inspect_page(text)
        else:
            yield path, Inspection((Remark("page-broken", f"The page answers {status}.", None, ""),), ())


def _lists() -> list[str]:
    kinds = [hub_url(kind) for kind in Kind] + [hub_url(one.kind, one) for one in ProductType]
    sections = [reverse("articles", kwargs={"section": section}) for section in SECTIONS]
    advice = [reverse("choose-result") + answers for answers in _ADVICE]
    return [reverse("home"), *kinds, *sections, reverse("products"), *advice]


def _products(most: int) -> Iterator[str]:
    sold = Product.objects.filter(pk__in=Offer.objects.buyable().values("product")).order_by("-pk")
    return (reverse("product", kwargs={"slug": slug}) for slug in sold.values_list("slug", flat=True)[:most])


def _answer(handler: BaseHandler, path: str) -> tuple[int, str]:
    """The status and text that a browser would get for the path."""
    parts, site = urlsplit(path), urlsplit(settings.SITE_URL)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        # No reader is counted.
        "HTTP_USER_AGENT": "EarmarkCheck (bot)",
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
    }
    # Not by the whole WSGI door: its signals would close the connection that a transaction here is using.
    response = handler.get_response(WSGIRequest(environ))
    text = response.content.decode() if isinstance(response, HttpResponse) else ""
    return response.status_code, text
