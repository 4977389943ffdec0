"""WHAT AN ARTICLE IS MADE OF: one file per block, one line here, one template. Recipe: docs/extending.md."""

from catalog.registry import plug_ins
from reviews.blocks.base import Block

BLOCKS: dict[str, Block] = plug_ins(
    __name__,
    Block,
    "prose",
    "picture",
    "gallery",
    "video",
    "quick_picks",
    "product_card",
    "pros_cons",
    "scores",
    "comparison",
    "table",
    "price_mention",
    "callout",
    "considered",
    "methodology",
    "quiz",
    "faq",
    "verdict",
    "disclosure",
)
