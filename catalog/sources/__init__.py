"""WHERE PRICES COME FROM: one file per source, one line here. Recipe: docs/extending.md."""

from catalog.registry import plug_ins
from catalog.sources.base import Source

SOURCES: dict[str, Source] = plug_ins(
    __name__,
    Source,
    "amazon_creators",
    "awin_feed",
    "best_buy",
    "ebay_browse",
    "manual",
    "merchant_feed",
    "page_markup",
    "pushed",
)

# Sources that ask nobody: no worker looks after their offers.
UNASKED = tuple(key for key, source in SOURCES.items() if not source.asks)
