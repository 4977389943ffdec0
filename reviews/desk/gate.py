"""What keeps this content from readers?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from reviews import own_links, rich_text
from reviews.block_fields import rich_texts
from reviews.blocks import BLOCKS
from reviews.models import Article
from reviews.named_products import named
from reviews.services.articles import block_problem
from reviews.services.drafts import BlockContent, carries_offers


def publishing_problems(content: Mapping[str, Any]) -> list[str]:
    """Everything that keeps this content from readers, one sentence each, blocks by number and kind."""
    article, blocks = content["article"], content["blocks"]
    found: list[str] = []
    if not blocks:
        found.append("The article has no blocks yet.")
    if article["kind"] == Article.ArticleKind.REVIEW and not article["obtained"]:
        found.append("Obtained: a review says how its unit came to us.")
    found += _unfit_blocks(blocks)
    if found:  # the checks below read data that fits
        return found
    return [*_late_disclosure(blocks), *_heading_jumps(blocks), *_bad_links(blocks)]


def _unfit_blocks(blocks: Sequence[BlockContent]) -> Iterator[str]:
    for number, content in enumerate(blocks, start=1):
        block = BLOCKS.get(content["kind"])
        if block is None:
            yield block_problem(number, content["kind"], "this kind is not installed. Remove the block.")
            continue
        for problem in block.fit(content["data"], product_count=len(named(content)))[1]:
            yield block_problem(number, content["kind"], problem)


def _late_disclosure(blocks: Sequence[BlockContent]) -> Iterator[str]:
    kinds = [content["kind"] for content in blocks]
    if "disclosure" not in kinds:
        return
    place = kinds.index("disclosure")
    for number, content in enumerate(blocks[:place], start=1):
        if carries_offers(content):
            yield block_problem(
                number,
                content["kind"],
                f"has affiliate links, so the disclosure (block {place + 1}) must stand before it.",
            )


def _heading_jumps(blocks: Sequence[BlockContent]) -> Iterator[str]:
    """Readers of screen readers walk by headings: after the title (level 1) no level may be skipped."""
    level = 1
    for number, content in enumerate(blocks, start=1):
        for heading in _headings(content):
            if heading.level > level + 1:
                jump = f"is level {heading.level} after level {level}; use level {level + 1}."
                yield block_problem(number, content["kind"], f"the heading “{heading.text}” {jump}")
            level = heading.level


def _headings(content: BlockContent) -> Iterator[rich_text.Heading]:
    block = BLOCKS[content["kind"]]
    if title := content["data"].get("title"):
        yield rich_text.Heading(2, title, "")
    for html in rich_texts(block.fields, content["data"]):
        yield from rich_text.shown(html, links={}).headings


def _bad_links(blocks: Sequence[BlockContent]) -> Iterator[str]:
    targets = [
        (number, content["kind"], target)
        for number, content in enumerate(blocks, start=1)
        for html in rich_texts(BLOCKS[content["kind"]].fields, content["data"])
        for target in rich_text.hrefs(html)
    ]
    own = [target for _, _, target in targets if target.startswith(rich_text.OWN_SCHEMES)]
    dangling = set(own_links.dangling(own))
    for number, kind, target in targets:
        if target in dangling:
            yield block_problem(number, kind, f"the link to “{target}” leads to nothing we have.")
        elif _is_affiliate(target):
            yield block_problem(
                number, kind, f"“{target}” is an affiliate link in running text; name the product in a product card."
            )


def _is_affiliate(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.path.startswith("/go/") and parts.netloc in ("", urlsplit(settings.SITE_URL).netloc)
