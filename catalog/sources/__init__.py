"""WHERE PRICES COME FROM: one file per source, one line here. Recipe: docs/extending.md."""

from catalog.sources.base import Source
from catalog.sources.manual import Manual
from catalog.sources.merchant_feed import MerchantFeed

SOURCES: dict[str, Source] = {
    "manual": Manual(),
    "merchant_feed": MerchantFeed(),
}
