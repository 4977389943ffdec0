"""A site with one of everything, for tests that go through all of its doors."""

from __future__ import annotations

from django.contrib import admin
from django.db import connection

from reviews.blocks import BLOCKS
from reviews.models import Article
from reviews.services.articles import BlockInput
from tests.factories import (
    make_article,
    make_author,
    make_merchant,
    make_product,
    make_ready_picture,
    make_seen_offer,
    picture_file,
)
from tests.made_rows import Rows


def blocks_of_every_kind() -> list[BlockInput]:
    """What each kind gives as its example, on products and pictures that there are."""
    products = [make_product(name, pk=pk) for pk, name in ((1, "Alpha"), (2, "Beta"), (3, "Gamma"))]
    for pk in (1, 2, 3):
        file = picture_file(64, 48, colour=f"#1{pk}{pk}{pk}{pk}{pk}", kind="PNG")
        make_ready_picture(f"Picture {pk}", file=file, pk=pk)
    with connection.cursor() as cursor:  # the next rows are not to take these numbers
        for table in ("catalog_product", "reviews_picture"):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 100)", [table])
    return [
        BlockInput(kind, dict(block.example), products[: block.products.minimum or min(1, block.products.maximum)])
        for kind, block in BLOCKS.items()
        if kind != "disclosure"  # publishing puts its own before the first link
    ]


def world(*, every_model: bool = False) -> Rows:
    """An article of every kind of block, on products that are sold; with `every_model` a row of each model as well."""
    author = make_author("Ada Field")
    article = make_article(author=author, blocks=blocks_of_every_kind())
    product = make_product()
    make_seen_offer(product, make_merchant("Corner shop"))
    Article.objects.filter(pk=article.pk).update(subject=product)
    rows = Rows()
    rows._made["reviews.Article", 0] = article
    rows._made["catalog.Product", 0] = product
    rows._made["reviews.Author", 0] = author
    for model in admin.site._registry if every_model else ():
        rows.one(model._meta.label, 0)
    return rows
