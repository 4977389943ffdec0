"""Where do editors keep products, merchants and offers, and see what the workers did?"""

from catalog.admin.alerts import AlertAdmin
from catalog.admin.clicks import ClickAdmin, UnknownCodeAdmin
from catalog.admin.conversions import ConversionAdmin, PostbackAdmin, ReportFileAdmin
from catalog.admin.destinations import DestinationAdmin, FailoverAdmin
from catalog.admin.doubtful_matches import DoubtfulMatchAdmin
from catalog.admin.exchange_rates import ExchangeRateAdmin
from catalog.admin.feed_imports import FeedImportAdmin
from catalog.admin.ledger import LedgerAdmin
from catalog.admin.links import LinkAdmin
from catalog.admin.merchants import MerchantAdmin
from catalog.admin.merging import ProductMergeAdmin
from catalog.admin.network_accounts import NetworkAccountAdmin
from catalog.admin.offers import OfferAdmin
from catalog.admin.products import BrandAdmin, ProductAdmin
from catalog.admin.records import PriceAdmin, RefreshRunAdmin
from catalog.admin.table_imports import TableImportAdmin

__all__ = [
    "AlertAdmin",
    "BrandAdmin",
    "ClickAdmin",
    "ConversionAdmin",
    "DestinationAdmin",
    "DoubtfulMatchAdmin",
    "ExchangeRateAdmin",
    "FailoverAdmin",
    "FeedImportAdmin",
    "LedgerAdmin",
    "LinkAdmin",
    "MerchantAdmin",
    "NetworkAccountAdmin",
    "OfferAdmin",
    "PostbackAdmin",
    "PriceAdmin",
    "ProductAdmin",
    "ProductMergeAdmin",
    "RefreshRunAdmin",
    "ReportFileAdmin",
    "TableImportAdmin",
    "UnknownCodeAdmin",
]
