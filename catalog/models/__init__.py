"""What is stored: products and their specs, merchants and their terms, offers, prices, links, clicks."""

from catalog.models.click import Click
from catalog.models.feed_import import DoubtfulMatch, FeedImport, ImportProblem, ProductMerge
from catalog.models.freshness import FreshnessSample
from catalog.models.link import Link
from catalog.models.merchant import Merchant
from catalog.models.offer import Offer
from catalog.models.page_change import PageChange
from catalog.models.price import Price
from catalog.models.product import Brand, Product, ProductCode
from catalog.models.refresh_run import RefreshRun
from catalog.models.specs import AudioSpecs, SpecEvidence

__all__ = [
    "AudioSpecs",
    "Brand",
    "Click",
    "DoubtfulMatch",
    "FeedImport",
    "FreshnessSample",
    "ImportProblem",
    "Link",
    "Merchant",
    "Offer",
    "PageChange",
    "Price",
    "Product",
    "ProductCode",
    "ProductMerge",
    "RefreshRun",
    "SpecEvidence",
]
