"""What is stored: products and their specs, merchants and their terms, offers, prices, links, clicks."""

from catalog.models.alert import Alert, AlertCheck
from catalog.models.click import Click, CountedVisit, UnknownCode
from catalog.models.conversion import (
    Conversion,
    ConversionEvent,
    ExchangeRate,
    NetworkAccount,
    Postback,
    ReportFile,
)
from catalog.models.destination import Destination, Failover
from catalog.models.feed_import import DoubtfulMatch, FeedImport, ImportProblem, ProductMerge
from catalog.models.freshness import FreshnessSample
from catalog.models.link import Link, LinkRoute
from catalog.models.merchant import Merchant
from catalog.models.offer import Offer
from catalog.models.page_change import PageChange
from catalog.models.price import Price
from catalog.models.product import Brand, Product, ProductCode
from catalog.models.refresh_run import RefreshRun
from catalog.models.specs import AudioSpecs, SpecEvidence
from catalog.models.table_import import TableImport, TableImportRow
from catalog.models.tally import ClickMonth, ClickTally, DailySalt, ViewTally

__all__ = [
    "Alert",
    "AlertCheck",
    "AudioSpecs",
    "Brand",
    "Click",
    "ClickMonth",
    "ClickTally",
    "Conversion",
    "ConversionEvent",
    "CountedVisit",
    "DailySalt",
    "Destination",
    "DoubtfulMatch",
    "ExchangeRate",
    "Failover",
    "FeedImport",
    "FreshnessSample",
    "ImportProblem",
    "Link",
    "LinkRoute",
    "Merchant",
    "NetworkAccount",
    "Offer",
    "PageChange",
    "Postback",
    "Price",
    "Product",
    "ProductCode",
    "ProductMerge",
    "RefreshRun",
    "ReportFile",
    "SpecEvidence",
    "TableImport",
    "TableImportRow",
    "UnknownCode",
    "ViewTally",
]
