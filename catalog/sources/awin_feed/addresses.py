"""Where do Awin's list of feeds and its downloads lie, and how is the key in their addresses kept out of every text?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, quote_plus

from catalog.sources.base import SourceError

AWIN = "https://productdata.awin.com"
_DELIMITERS = {"comma": ",", "semicolon": ";", "pipe": "|", "tab": "\t"}
# What is asked for, of the 92 columns there are: nothing else can become a price by mistake.
COLUMNS = (
    *("aw_product_id", "merchant_product_id", "product_name", "brand_name", "merchant_deep_link", "data_feed_id"),
    *("search_price", "currency", "display_price", "delivery_cost", "condition"),
    *("in_stock", "stock_status", "stock_quantity", "is_for_sale", "pre_order", "valid_from", "valid_to"),
    *("product_GTIN", "ean", "upc", "isbn", "mpn", "model_number", "last_updated"),
)


def list_address(settings: Mapping[str, str]) -> str:
    return f"{_base(settings)}/datafeed/list/apikey/{quote(settings['api_key'], safe='')}"


def download_address(settings: Mapping[str, str], feed_ids: Sequence[str], language: str) -> str:
    """One address for all the feeds. What the pieces mean: price-feed documentation of Awin's "Create-a-Feed"."""
    delimiter = _DELIMITERS[settings.get("delimiter") or "comma"]
    pieces = {
        "apikey": settings["api_key"],
        "language": language,
        "fid": ",".join(feed_ids),
        "hasEnhancedFeeds": "0",
        "columns": ",".join(COLUMNS),
        "format": "csv",
        "delimiter": delimiter,
        "compression": settings.get("compression") or "gzip",
        "adultcontent": "1",
    }
    path = "/".join(
        f"{name}/{quote(value, safe=',' if name in {'fid', 'columns'} else '')}" for name, value in pieces.items()
    )
    return f"{_base(settings)}/datafeed/download/{path}/"


def without_key(text: str, key: str) -> str:
    """The text with the key in no spelling: a server's error page likes to repeat the address that was asked for."""
    for spelling in {key, quote(key, safe=""), quote_plus(key), key.lower(), key.upper()}:
        text = text.replace(spelling, "…")
    return text


def told_safely(error: SourceError, key: str) -> SourceError:
    """The same failure in a text that does not hold the key."""
    return SourceError(without_key(str(error), key), permanent=error.permanent, retry_after=error.retry_after)


def _base(settings: Mapping[str, str]) -> str:
    return (settings.get("base_url") or AWIN).rstrip("/")
