"""WHAT AN ARTICLE IS MADE OF: one file per block, one line here, one template. Recipe: docs/extending.md."""

from reviews.blocks.base import Block
from reviews.blocks.comparison import Comparison
from reviews.blocks.disclosure import Disclosure
from reviews.blocks.faq import Faq
from reviews.blocks.product_card import ProductCard
from reviews.blocks.pros_cons import ProsCons
from reviews.blocks.prose import Prose
from reviews.blocks.scores import Scores
from reviews.blocks.verdict import Verdict

BLOCKS: dict[str, Block] = {
    "prose": Prose(),
    "product_card": ProductCard(),
    "pros_cons": ProsCons(),
    "scores": Scores(),
    "comparison": Comparison(),
    "faq": Faq(),
    "verdict": Verdict(),
    "disclosure": Disclosure(),
}
