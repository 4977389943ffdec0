"""Does the article page ask the database the same number of questions at 2 and at 20 products?"""

from __future__ import annotations

from pathlib import Path

from bench.figures import Figure

FEW, MANY = 2, 20


def figures(folder: Path) -> list[Figure]:
    from django.test import override_settings

    # Static files by their plain names: nothing has to be collected to count queries.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, PAGE_CACHE_SECONDS=0):
        # Both are published before either is asked for: each page also names the other one.
        few, many = [queries_of_an_article(slug, count) for count, slug in [(n, _published(n)) for n in (FEW, MANY)]]
    return [
        Figure(
            name="article_queries",
            ratio=round(many / few, 3),
            goal=1,
            ok=many == few,
            unit=f"queries of the article page at {MANY} products ÷ at {FEW} (less is better)",
            note=f"{few} and {many} queries, no page cache; per product an offer and three blocks",
        )
    ]


def queries_of_an_article(slug: str, count: int) -> int:
    """Asks for the best-of guide over that many products, as a reader would."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client = Client(headers={"host": "127.0.0.1"})
    address = reverse("article-best-of", kwargs={"slug": slug})
    assert client.get(address).status_code == 200  # once before, so that nothing is counted that happens only once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content.count(b" ping=") + answer.content.count(b'href="/go/') >= count
    return len(asked)


def _published(count: int) -> str:
    from catalog.services.links import link_for_offer
    from reviews.desk.publishing import publish_article
    from reviews.services.articles import BlockInput, save_article
    from reviews.services.authors import save_author
    from tests.factories import make_merchant, make_offer, make_product

    shop = make_merchant(f"Shop {count}")
    products = [
        make_product(f"Article {count} {number}", kind="headphones", type="over-ear") for number in range(count)
    ]
    for product in products:
        link_for_offer(offer=make_offer(product, shop))
    author, _ = save_author(slug="bench", name="A. Author", role="Editor", bio="Measures things.")
    article = save_article(
        slug=f"best-of-{count}",
        kind="best_of",
        title=f"The best {count}",
        standfirst="A guide made for measuring.",
        author=author,
        blocks=[
            BlockInput("disclosure", {}),
            BlockInput("prose", {"html": f'<p>See the <a href="product:{products[0].slug}">first one</a>.</p>'}),
            BlockInput("comparison", {"title": "Side by side", "specs": ["wireless", "anc"]}, products[:6]),
            *(
                block
                for product in products
                for block in (
                    BlockInput("product_card", {"text": "Good."}, [product]),
                    BlockInput("scores", {"rows": [{"criterion": "Sound", "score": "8.0", "weight": 100}]}, [product]),
                    BlockInput("pros_cons", {"pros": ["Light"], "cons": ["Dear"]}, [product]),
                )
            ),
            BlockInput("verdict", {"title": "Verdict", "html": "<p>All of them.</p>"}, [products[0]]),
        ],
    )
    publish_article(article=article)
    return article.slug
