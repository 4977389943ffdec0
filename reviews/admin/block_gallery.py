"""What can an article be made of, and how does it look to readers? Every block's example, with its fields explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from reviews import block_fields, exact_fields
from reviews.blocks import BLOCKS
from reviews.blocks.base import Block, ProductsNeeded, Surroundings
from reviews.models import Article
from reviews.pages.article_blocks import headings_of
from reviews.pages.parts import Page
from reviews.samples import SAMPLE_TIME, surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """What an editor fills in. `kind` says in words what fits; `columns` are those of rows."""

    label: str
    kind: str
    is_required: bool
    help: str
    columns: tuple[FieldWords, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryBlock:
    """`views` is the example twice, since nothing may have the same id on a page twice: in light, and in dark."""

    key: str
    label: str
    help: str
    template: str
    views: tuple[object, object]
    products: str
    fields: tuple[FieldWords, ...]
    carries_offers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage(Page):
    blocks: tuple[GalleryBlock, ...]
    is_indexed: bool = False


def gallery_page() -> GalleryPage:
    here = surroundings(SAMPLE_TIME)
    taken = {f"block-{key}" for key in BLOCKS}
    return GalleryPage(
        title="What an article is made of",
        description="Every kind of block with an example.",
        canonical="",
        blocks=tuple(_gallery_block(block, here, taken) for block in BLOCKS.values()),
    )


def _gallery_block(block: Block, here: Surroundings, taken: set[str]) -> GalleryBlock:
    count = max(block.products.minimum, min(1, block.products.maximum))
    products = [here.products[number] for number in range(1, count + 1)]
    data, _ = block.fit(block.example, product_count=count)

    def drawn() -> object:
        view = block.build(data, products, replace(here, taken_ids=frozenset(taken)))
        taken.update(heading.id for heading in headings_of(view))
        return view

    return GalleryBlock(
        key=block.key,
        label=block.label,
        help=block.help,
        template=f"blocks/{block.key}.html",
        views=(drawn(), drawn()),
        products=_products_needed(block.products),
        fields=tuple(field_words(field) for field in block.fields),
        carries_offers=block.carries_offers,
    )


def _products_needed(needed: ProductsNeeded) -> str:
    """Empty where the block names no products of its own."""
    if not needed.maximum:
        return ""
    if needed.minimum == needed.maximum:
        return f"exactly {needed.minimum}"
    return f"{needed.minimum} to {needed.maximum}" if needed.minimum else f"up to {needed.maximum}, or none"


def field_words(field: block_fields.Field) -> FieldWords:
    columns: Sequence[block_fields.Field] = field.columns if isinstance(field, block_fields.Rows) else ()
    return FieldWords(
        label=field.label,
        kind=_kind_words(field),
        is_required=field.required,
        help=field.help,
        columns=tuple(field_words(column) for column in columns),
    )


def _kind_words(field: block_fields.Field) -> str:
    """What fits, in words; a kind of field that is not listed is a line of text."""
    match field:
        case block_fields.RichText():
            return "formatted text: headings, lists, links, prices"
        case block_fields.LongText():
            return f"paragraphs, up to {field.max_length} characters"
        case block_fields.Text():
            return f"a line of up to {field.max_length} characters"
        case block_fields.Lines() | block_fields.Rows():
            return f"{'lines' if isinstance(field, block_fields.Lines) else 'rows'}, {field.minimum} to {field.maximum}"
        case block_fields.Choices():
            return f"any of {len(field.options)} options"
        case block_fields.Choice():
            return f"one of: {', '.join(label for _, label in field.options)}"
        case block_fields.Number():
            return f"a number from {field.minimum} to {field.maximum}"
    return _exact_words(field)


def _exact_words(field: block_fields.Field) -> str:
    match field:
        case block_fields.ProductRef():
            return "a product"
        case block_fields.PictureRef():
            return "a picture of ours"
        case exact_fields.Flag():
            return "yes or no"
        case exact_fields.Day():
            return "a day"
        case exact_fields.WebAddress():
            return "a web address"
        case exact_fields.Grid():
            return f"a table of up to {field.maximum_rows} rows and {field.maximum_columns} columns"
    return "a line of text"


class BlockGalleryAdmin(admin.ModelAdmin[Article]):
    """The gallery's address among those of articles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.gallery_view)
        return [path("blocks/", view, name="reviews_article_blocks"), *super().get_urls()]

    def gallery_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {
            "page": gallery_page(),
            "articles_url": reverse("admin:reviews_article_changelist"),
        }
        return TemplateResponse(request, "admin/reviews/article/block_gallery.html", context)
