"""How fast is a kept page beside an empty view and beside nginx, and what does a new one cost beside its template?"""

from __future__ import annotations

import gzip
import shutil
import statistics
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.figures import Figure
from bench.servers import file_server, generator, granian, load

ROUNDS = 5
SECONDS = 3
PRODUCTS = 10


def figures(folder: Path) -> list[Figure]:
    """`page_vs_empty_view`, `page_vs_nginx`, `page_gzip_vs_nginx`, `article_vs_template`.

    Rounds alternate, so that a busy machine is busy for all sides.
    """
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    path = published()
    found = []
    with (
        granian("config.wsgi:application", log=folder / "pages.log") as site,
        granian("bench.empty_view:application", log=folder / "empty.log") as empty,
    ):
        plain, packed = warm(site + path, ""), warm(site + path, "gzip")
        ours, theirs = _rounds(partial(_rate, site + path, "gzip"), partial(_rate, f"{empty}/go/one/", ""))
        found.append(_beside_empty(ours, theirs, len(gzip.decompress(packed))))
        if shutil.which("nginx") and generator() == "wrk":
            root = folder / "files"
            root.mkdir()
            (root / "plain").write_bytes(plain)
            (root / "packed").write_bytes(packed)
            with file_server(folder, root) as files:
                for name, encoding, body in (("plain", "", plain), ("packed", "gzip", packed)):
                    beside = _rounds(partial(_rate, site + path, encoding), partial(_rate, f"{files}/{name}", ""))
                    found.append(_beside_nginx(*beside, encoding, len(body)))
        else:
            print("page_vs_nginx is left out: nginx and wrk are not both installed here", flush=True)
    return [*found, _beside_template(path)]


def published() -> str:
    """A guide of some products with everything such guides have, about 60 KB; its address."""
    from catalog.services.links import link_for_offer
    from reviews.desk.publishing import publish_article
    from reviews.services.articles import BlockInput, save_article
    from reviews.services.authors import save_author
    from tests.factories import make_merchant, make_product, make_seen_offer

    shop = make_merchant("Bench pages", history_allowed=True)
    products = [
        make_product(f"Pages {number}", kind="headphones", type="over-ear", colour="#4455aa")
        for number in range(PRODUCTS)
    ]
    for number, product in enumerate(products):
        link_for_offer(offer=make_seen_offer(product, shop, amount=f"{99 + number}.00"))
    author, _ = save_author(slug="bench-pages", name="P. Author", role="Editor", bio="Measures things.")
    words = "<p>" + "They are light, even in sound, and stay on the head of whoever moves it. " * 6 + "</p>"
    article = save_article(
        slug=f"bench-{PRODUCTS}",
        kind="best_of",
        title="The best of the bench",
        standfirst="A guide made for measuring.",
        author=author,
        blocks=[
            BlockInput("disclosure", {}),
            BlockInput("prose", {"html": words}),
            BlockInput("comparison", {"title": "Side by side", "specs": ["wireless", "anc"]}, products[:6]),
            *(
                block
                for product in products
                for block in (
                    BlockInput("product_card", {"text": "Good."}, [product]),
                    BlockInput("prose", {"html": words * 4}),
                    BlockInput("scores", {"rows": [{"criterion": "Sound", "score": "8.0", "weight": 100}]}, [product]),
                    BlockInput("pros_cons", {"pros": ["Light"], "cons": ["Dear"]}, [product]),
                )
            ),
            BlockInput("verdict", {"title": "Verdict", "html": "<p>All of them.</p>"}, [products[0]]),
        ],
    )
    publish_article(article=article)
    path: str = article.get_absolute_url()
    return path


def warm(address: str, encoding: str) -> bytes:
    """Ask until every process has the page ready; its body as it is sent."""
    ready = 0
    for _ in range(400):
        asked = urllib.request.Request(address, headers={"Accept-Encoding": encoding or "identity"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            body: bytes = answer.read()
            ready = ready + 1 if "memory" in answer.headers.get("Cache-Status", "") else 0
        if ready == 20:
            return body
        time.sleep(0.02)
    raise RuntimeError("The page never came from memory.")


def _rate(address: str, encoding: str) -> float:
    return load(address, seconds=SECONDS, headers={"Accept-Encoding": encoding} if encoding else {}).per_second


def _rounds(one: Callable[[], float], other: Callable[[], float]) -> tuple[list[float], list[float]]:
    both = [(one(), other()) for _ in range(ROUNDS)]
    return [a for a, _ in both], [b for _, b in both]


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _medians(ours: list[float], theirs: list[float]) -> str:
    return f"medians {statistics.median(ours):,.0f} and {statistics.median(theirs):,.0f} requests/s"


def _beside_empty(ours: list[float], theirs: list[float], size: int) -> Figure:
    ratio = _ratio(ours, theirs)
    return Figure(
        name="page_vs_empty_view",
        ratio=round(ratio, 2),
        goal=2,
        ok=ratio >= 2,
        unit="times the requests per second of an empty Django view on the same server",
        note=(
            f"a guide of {size:,} bytes, sent with gzip and counted as a view; granian, 2 workers, {generator()} with "
            f"16 connections, {ROUNDS} alternating rounds of {SECONDS} s, {_medians(ours, theirs)}"
        ),
    )


def _beside_nginx(ours: list[float], theirs: list[float], encoding: str, size: int) -> Figure:
    ratio = _ratio(ours, theirs)
    return Figure(
        name="page_gzip_vs_nginx" if encoding else "page_vs_nginx",
        ratio=round(ratio, 3),
        goal=0.35,
        ok=ratio >= 0.35,
        unit="times the requests per second of nginx with sendfile and a file of the same bytes",
        note=f"{size:,} bytes {encoding or 'as they are'}, 2 workers each on the same cores, {_medians(ours, theirs)}",
    )


def _beside_template(path: str) -> Figure:
    """In one process, without a server: the view with all it asks, and the same template with its page at hand."""
    from django.shortcuts import render
    from django.test import RequestFactory
    from django.utils import timezone

    from reviews import selectors
    from reviews.pages.article import article_page
    from reviews.pages.parts import SECTIONS
    from reviews.views.pages import article

    _, section, slug, _ = path.split("/")
    request = RequestFactory().get(path, headers={"host": "127.0.0.1"})
    found = selectors.published_article(SECTIONS[section], slug)
    assert found is not None
    page = article_page(found, now=timezone.now())

    def whole() -> float:
        return _per_second(lambda: article(request, section=section, slug=slug).content)

    def template() -> float:
        return _per_second(lambda: render(request, "reviews/article.html", {"page": page}).content)

    whole(), template()
    ours, theirs = _rounds(whole, template)
    ratio = _ratio(ours, theirs)
    return Figure(
        name="article_vs_template",
        ratio=round(ratio, 3),
        goal=0.6,
        ok=ratio >= 0.6,
        unit="times the pages per second of the same template rendered from a page object that is at hand",
        note=(
            f"one process, no cache, {ROUNDS} alternating rounds, medians {statistics.median(ours):.1f} and "
            f"{statistics.median(theirs):.1f} pages/s"
        ),
    )


def _per_second(make: Callable[[], bytes]) -> float:
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < 1:
        make()
        count += 1
    return count / took
