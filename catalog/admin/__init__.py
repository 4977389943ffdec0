"""Where do editors keep products, merchants and offers, and see what the workers did?"""

from catalog.admin.clicks import ClickAdmin
from catalog.admin.destinations import DestinationAdmin, FailoverAdmin
from catalog.admin.doubtful_matches import DoubtfulMatchAdmin
from catalog.admin.feed_imports import FeedImportAdmin
from catalog.admin.links import LinkAdmin
from catalog.admin.merchants import MerchantAdmin
from catalog.admin.merging import ProductMergeAdmin
from catalog.admin.offers import OfferAdmin
from catalog.admin.products import BrandAdmin, ProductAdmin
from catalog.admin.records import PriceAdmin, RefreshRunAdmin

__all__ = [
    "BrandAdmin",
    "ClickAdmin",
    "DestinationAdmin",
    "DoubtfulMatchAdmin",
    "FailoverAdmin",
    "FeedImportAdmin",
    "LinkAdmin",
    "MerchantAdmin",
    "OfferAdmin",
    "PriceAdmin",
    "ProductAdmin",
    "ProductMergeAdmin",
    "RefreshRunAdmin",
]
