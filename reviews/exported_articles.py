"""What do these articles say as their editors have them, in the form that `articles_file` writes down?"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from catalog.models import Product
from reviews.articles_file import CORRECTED, TEXTS, named, written
from reviews.block_fields import PictureRef, ProductRef, Reference, references
from reviews.blocks import BLOCKS
from reviews.models import Article, Author, Block, Correction, Picture, Watch
from reviews.named_products import REFERRED_FROM
from reviews.packed_articles import packed

_PICTURE_TEXTS = ("sha256", "alt", "caption", "credit", "licence", "source_url")


def exported(articles: QuerySet[Article]) -> bytes:
    """One JSON file, pictures in it as base64."""
    parts, files = _parts(_rows(articles))
    inside = {sha: base64.b64encode(content).decode() for sha, content in files.items()}
    pictures = [{**said, "content": inside[said["sha256"]]} for said in parts["pictures"]]
    return written({**parts, "pictures": pictures})


def exported_zip(articles: QuerySet[Article]) -> bytes:
    """The same with the pictures as files beside the JSON."""
    parts, files = _parts(_rows(articles))
    names = {sha: f"pictures/{sha}.{_suffix(content)}" for sha, content in files.items()}
    pictures = [{**said, "file": names[said["sha256"]]} for said in parts["pictures"]]
    return packed(written({**parts, "pictures": pictures}), {names[sha]: content for sha, content in files.items()})


def has_pictures(articles: QuerySet[Article]) -> bool:
    keys = articles.order_by().values("pk")
    return Picture.objects.filter(leads__in=keys).exists() or Picture.objects.filter(blocks__article__in=keys).exists()


def article_said(article: Article) -> dict[str, Any]:
    """The entry of one article, for comparing it with itself after a change."""
    parts, _ = _parts(_rows(Article.objects.filter(pk=article.pk)), with_files=False)
    said: dict[str, Any] = parts["articles"][0]
    return said


def _rows(articles: QuerySet[Article]) -> list[Article]:
    return list(
        articles.order_by("slug")
        .select_related("author", "reviewer", "subject", "picture")
        .prefetch_related("blocks__block_products", "corrections", "watches__watch_products")
    )


def _parts(rows: Sequence[Article], *, with_files: bool = True) -> tuple[dict[str, Any], dict[str, bytes]]:
    products = _products(rows)
    pictures = _pictures(rows)
    slugs = {pk: product.slug for pk, product in products.items()}
    shas = {pk: picture.sha256 for pk, picture in pictures.items()}
    authors = {one.slug: one for row in rows for one in (row.author, row.reviewer) if one}
    files = {picture.sha256: _content(picture) for picture in pictures.values()} if with_files else {}
    parts = {
        "articles": [_article(row, slugs, shas) for row in rows],
        "authors": [_author(authors[slug]) for slug in sorted(authors)],
        "pictures": [_picture(one) for one in sorted(pictures.values(), key=lambda one: one.sha256)],
        "products": [_product(one) for one in sorted(products.values(), key=lambda one: one.slug)],
    }
    return parts, files


def _products(rows: Iterable[Article]) -> dict[int, Product]:
    ids: set[int] = set()
    for row in rows:
        ids |= {row.subject_id} if row.subject_id else set()
        ids |= {link.product_id for block in row.blocks.all() for link in block.block_products.all()}
        ids |= {link.product_id for watch in row.watches.all() for link in watch.watch_products.all()}
        ids |= {pk for block in row.blocks.all() for pk in _referred(block, ProductRef)}
    return Product.objects.select_related("brand").prefetch_related("codes").in_bulk(ids)


def _pictures(rows: Iterable[Article]) -> dict[int, Picture]:
    ids = {row.picture_id for row in rows if row.picture_id}
    ids |= {pk for row in rows for block in row.blocks.all() for pk in _referred(block, PictureRef)}
    return Picture.objects.select_related("merchant", "product").in_bulk(ids)


def _referred(block: Block, kind: type[Reference]) -> list[int]:
    return references(BLOCKS[block.kind].fields, block.data, kind) if block.kind in BLOCKS else []


def _article(row: Article, slugs: Mapping[int, str], shas: Mapping[int, str]) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in TEXTS},
        "author": row.author.slug,
        "reviewer": row.reviewer.slug if row.reviewer else None,
        "subject": row.subject.slug if row.subject else None,
        "picture": row.picture.sha256 if row.picture else None,
        "planned_for": row.planned_for.isoformat() if row.planned_for else None,
        "expires_at": row.expires_at.astimezone(UTC).isoformat() if row.expires_at else None,
        "blocks": [_block(block, slugs, shas) for block in row.blocks.all()],
        "corrections": sorted((correction_said(one) for one in row.corrections.all()), key=canonical),
        "watches": sorted((watch_said(one, slugs) for one in row.watches.all()), key=canonical),
    }


def canonical(said: object) -> str:
    """By this two entries are the same."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _block(block: Block, slugs: Mapping[int, str], shas: Mapping[int, str]) -> dict[str, Any]:
    def of(field: Reference, value: Any) -> Any:
        return (shas if isinstance(field, PictureRef) else slugs).get(value, value)

    fields = BLOCKS[block.kind].fields if block.kind in BLOCKS else ()
    links = [link for link in block.block_products.all() if link.position < REFERRED_FROM]
    return {
        "key": block.key,
        "kind": block.kind,
        "data": named(fields, block.data, of),
        "products": [slugs[link.product_id] for link in links],
    }


def watch_said(watch: Watch, slugs: Mapping[int, str]) -> dict[str, Any]:
    """Its entry; `slugs` by product's id. Needs `watch_products` prefetched."""
    return {
        "block_key": watch.block_key,
        "condition": watch.condition,
        "parameters": watch.parameters,
        "passage": watch.passage,
        "products": [slugs[link.product_id] for link in watch.watch_products.all()],
    }


def correction_said(row: Correction) -> dict[str, Any]:
    """Its entry. Whether readers have seen it is another site's affair: there it waits for the next publication."""
    return {**{name: getattr(row, name) for name in CORRECTED}, "day": row.day.isoformat() if row.day else None}


def _product(product: Product) -> dict[str, Any]:
    codes = [{"scheme": code.scheme, "value": code.value} for code in product.codes.all()]
    return {"slug": product.slug, "name": product.name, "codes": codes}


def _author(author: Author) -> dict[str, Any]:
    texts = {name: getattr(author, name) for name in ("slug", "name", "role", "bio", "credentials")}
    return {**texts, "tests": author.tests, "profile_links": author.profile_links}


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        **{name: getattr(picture, name) for name in _PICTURE_TEXTS},
        "merchant": picture.merchant.slug if picture.merchant else None,
        "product": picture.product.slug if picture.product else None,
        "focus_x": str(picture.focus_x),
        "focus_y": str(picture.focus_y),
    }


def _content(picture: Picture) -> bytes:
    """The kept original; nothing where it had to be deleted or was lost."""
    try:
        with picture.original.open("rb") as file:
            content: bytes = file.read()
    except (OSError, ValueError):
        return b""
    return content


def _suffix(content: bytes) -> str:
    return "png" if content.startswith(b"\x89PNG") else "jpg"
