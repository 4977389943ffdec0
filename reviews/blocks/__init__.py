"""WHAT AN ARTICLE IS MADE OF: one file per block, one line here, one template. Recipe: docs/extending.md."""

from reviews.blocks.base import Block

BLOCKS: dict[str, Block] = {}
