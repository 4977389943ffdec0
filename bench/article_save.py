"""How much longer does saving a 60-block article take than writing the same rows by the bare ORM?

The service sanitises, judges, compares and locks; the bare ORM is given rows that are ready: the article, its blocks in
one `bulk_create`, their products in another. Both write a new article each time, and both change one: the service is
given sixty blocks with other words, the bare ORM updates the same rows. Side by side in one run, in turns.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from django.db import transaction

from bench.figures import Figure

BLOCKS = 60
ROUNDS = 25
GOAL = 3


def figures(_folder: Path) -> list[Figure]:
    """`article_save` (a new article) and `article_edit` (every block of one changed); the goal of both is 3."""
    from reviews.models import Article, Author
    from tests.factories import make_product

    author = Author.objects.create(name="Bench", slug="bench-author", role="r", bio="b")
    products = [make_product(f"Save {number}") for number in range(10)]
    waits: dict[str, list[float]] = {"new": [], "new bare": [], "edit": [], "edit bare": []}
    for turn in range(ROUNDS):
        waits["new"].append(_timed(_save, f"bench-{turn}", author, products, "first"))
        waits["new bare"].append(_timed(_save_bare, f"bare-{turn}", author, products))
        waits["edit"].append(_timed(_save, f"bench-{turn}", author, products, "second"))
        waits["edit bare"].append(_timed(_edit_bare, f"bare-{turn}"))
    Article.objects.all().delete()
    middle = {name: median(times) * 1000 for name, times in waits.items()}
    return [
        _figure("article_save", middle["new"], middle["new bare"], "a new article"),
        _figure("article_edit", middle["edit"], middle["edit bare"], "every block of an article changed"),
    ]


def _figure(name: str, ours: float, bare: float, what: str) -> Figure:
    ratio = round(ours / bare, 2)
    return Figure(
        name=name,
        ratio=ratio,
        goal=GOAL,
        ok=ratio <= GOAL,
        unit=f"times the bare ORM's time for the same rows: {what} of {BLOCKS} blocks (less is better)",
        note=f"median of {ROUNDS}: {ours:.1f} ms against {bare:.1f} ms",
    )


def _timed(act: Any, *args: Any) -> float:
    began = time.perf_counter()
    act(*args)
    return time.perf_counter() - began


def _html(number: int, word: str) -> str:
    return f"<h2>Part {number}</h2><p>Words of the <strong>{word}</strong> writing.</p>" + "<p>More words.</p>" * 8


def _save(slug: str, author: Any, products: list[Any], word: str) -> None:
    from reviews.services.articles import BlockInput, save_article

    blocks = [
        BlockInput("product_card", {"text": f"Good, {word}, {number}."}, [products[number % 10]])
        if number % 3 == 0
        else BlockInput("prose", {"html": _html(number, word)})
        for number in range(BLOCKS)
    ]
    save_article(slug=slug, kind="guide", title="Bench", standfirst="S", author=author, blocks=blocks)


def _save_bare(slug: str, author: Any, products: list[Any]) -> None:
    from reviews.models import Article, Block, BlockProduct

    with transaction.atomic():
        article = Article(slug=slug, kind="guide", title="Bench", standfirst="S", author=author)
        article.save()
        rows = Block.objects.bulk_create(
            Block(article=article, kind="product_card", position=number, data={"badge": "", "text": f"Good, {number}."})
            if number % 3 == 0
            else Block(article=article, kind="prose", position=number, data={"html": _html(number, "first")})
            for number in range(BLOCKS)
        )
        BlockProduct.objects.bulk_create(
            BlockProduct(block=rows[number], product=products[number % 10], position=1)
            for number in range(0, BLOCKS, 3)
        )


def _edit_bare(slug: str) -> None:
    from reviews.models import Article, Block

    with transaction.atomic():
        article = Article.objects.get(slug=slug)
        rows = list(article.blocks.all())
        for number, row in enumerate(rows):
            row.data = {"html": _html(number, "second")} if number % 3 else {"badge": "", "text": "Other."}
        Block.objects.bulk_update(rows, ["data"])
        article.save()
