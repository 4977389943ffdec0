"""What does one item of the Browse API cost, for anybody who buys it on this site now?

`price.value` is what the site shows, in the site's own currency; `convertedFrom…` is what the seller wrote and only
noted. `marketingPrice` is never believed: its arithmetic is wrong in one real item of six.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from catalog import product_codes
from catalog.json_answers import JsonAnswerError, amount_of, plain_text
from catalog.offer_words import best_of
from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable
from catalog.sources.ebay_browse.access import Access

_STOCK: Mapping[str, Availability] = {
    "IN_STOCK": Availability.IN_STOCK,
    "LIMITED_STOCK": Availability.IN_STOCK,
    "OUT_OF_STOCK": Availability.OUT_OF_STOCK,
}
_FOR_PARTS = 7000
_EBAY = re.compile(r"(?:[a-z0-9-]+\.)*ebay\.(?:com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})", re.ASCII)


class UnclearError(Exception):
    """The price of this item cannot be relied on; the text is the reason for an editor."""


def item_said(
    sku: str, item_id: str, item: Mapping[str, Any], access: Access, now: datetime
) -> Reading | NotSold | Unreadable:
    """A reading, or that the listing has ended, or why its price is none."""
    try:
        if (ended := _moment(item.get("itemEndDate"))) is not None and ended <= now:
            reason = f"The listing ended on {ended:%d %B %Y}."
            return NotSold(sku=sku, seen_at=now, availability=Availability.DISCONTINUED, reason=reason)
        _refuse_group(item_id, item)
        _refuse_special(item)
        return _reading(sku, item, access, now)
    except UnclearError as error:
        return Unreadable(sku=sku, reason=str(error), raw=_written(item.get("price")))


def is_whole(item: Mapping[str, Any]) -> bool:
    """Does it say all that a price is judged by? Answers in bulk may leave out what getItem says."""
    return bool(item.get("buyingOptions")) and bool(item.get("conditionId"))


def _refuse_group(item_id: str, item: Mapping[str, Any]) -> None:
    if isinstance(item.get("items"), list):
        raise UnclearError("This is a group of variations: name one of them (v1|…|the variation's number).")
    if item.get("itemId") != item_id:
        raise UnclearError("eBay's answer is about another item.")
    group = item.get("primaryItemGroup")
    has_variations = isinstance(group, dict) and group.get("itemGroupType") == "SELLER_DEFINED_VARIATIONS"
    if has_variations and item_id.endswith("|0"):
        raise UnclearError("The listing has variations: name one of them (v1|…|the variation's number).")


def _refuse_special(item: Mapping[str, Any]) -> None:
    options = item.get("buyingOptions")
    named = [plain_text(one, longest=30) for one in options] if isinstance(options, list) else []
    if "FIXED_PRICE" not in named:
        shown = ", ".join(named)[:60] or "nothing named"
        raise UnclearError(f"It cannot be bought at a fixed price ({shown}).")
    price, bid = item.get("price"), item.get("currentBidPrice")
    if (
        "AUCTION" in named
        and isinstance(bid, dict)
        and isinstance(price, dict)
        and bid.get("value") == price.get("value")
    ):
        raise UnclearError("Its price is the current bid of an auction.")
    if item.get("priceDisplayCondition"):
        raise UnclearError("Its price may only be shown in eBay's cart (minimum advertised price).")
    marketing = item.get("marketingPrice")
    if isinstance(marketing, dict) and marketing.get("priceTreatment") == "MINIMUM_ADVERTISED_PRICE":
        raise UnclearError("Its price may only be shown in eBay's cart (minimum advertised price).")
    lot = item.get("lotSize")
    if lot not in (None, "", "0", "1", 0, 1):
        raise UnclearError(f"It is sold in lots of {plain_text(str(lot), longest=10)}.")


def _reading(sku: str, item: Mapping[str, Any], access: Access, now: datetime) -> Reading:
    currency = access.marketplace.currency
    code = item.get("gtin")
    return Reading(
        sku=sku,
        amount=_amount(item.get("price"), currency, access.site),
        currency=currency,
        seen_at=now,
        availability=_availability(item),
        condition=_condition(item),
        shipping_amount=_shipping(item, access),
        url=_url(item, access.campaign_id),
        title=plain_text(item.get("title"), longest=300),
        brand=plain_text(item.get("brand"), longest=100),
        mpn=plain_text(item.get("mpn"), longest=64),
        gtin=(product_codes.gtin(code[:20]) or "") if isinstance(code, str) else "",
        raw_price=_written(item.get("price")),
    )


def _amount(price: object, currency: str, site: str) -> Decimal:
    if not isinstance(price, dict):
        raise UnclearError("eBay names no price.")
    named = price.get("currency")
    if named != currency:
        shown = plain_text(named, longest=10) or "no currency"
        raise UnclearError(f"Its price is in {shown}, but {site} shows {currency}.")
    try:
        return amount_of(price.get("value"), currency)
    except JsonAnswerError as error:
        raise UnclearError(f"Its price {error}.") from None


def _condition(item: Mapping[str, Any]) -> Condition:
    """By its number: the word beside it is in the site's language, and sellers' groups have words of their own."""
    given = item.get("conditionId")
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if not re.fullmatch(r"[0-9]{4}", text, re.ASCII):
        raise UnclearError("eBay names no condition for it.")
    number = int(text)
    if number == 1000:
        return Condition.NEW
    if number in {1500, 1750}:
        return Condition.USED  # opened, or new with defects: nobody who pays for new expects that
    if 2000 <= number <= 2030 or number == 2500:
        return Condition.REFURBISHED
    if 2750 <= number <= 6000:
        return Condition.USED
    if number == _FOR_PARTS:
        raise UnclearError("It is for parts or not working.")
    raise UnclearError(f"Its condition is not understood ({number}).")


def _availability(item: Mapping[str, Any]) -> Availability:
    """Of what is shipped; two statements in one that contradict each other are none."""
    found = item.get("estimatedAvailabilities")
    entries = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    shipped = [one for one in entries if _is_shipped(one)]
    return best_of(_stock(one) for one in shipped)


def _is_shipped(entry: Mapping[str, Any]) -> bool:
    ways = entry.get("deliveryOptions")
    return not isinstance(ways, list) or not ways or "SHIP_TO_HOME" in ways


def _stock(entry: Mapping[str, Any]) -> Availability:
    word, left = entry.get("estimatedAvailabilityStatus"), entry.get("estimatedAvailableQuantity")
    said = _STOCK.get(word, Availability.UNKNOWN) if isinstance(word, str) else Availability.UNKNOWN
    if left == 0 and not isinstance(left, bool):
        return Availability.UNKNOWN if said is Availability.IN_STOCK else Availability.OUT_OF_STOCK
    return said


def _shipping(item: Mapping[str, Any], access: Access) -> Decimal | None:
    """What shipping within the site's country costs, when there is exactly one way and its cost is fixed."""
    found = item.get("shippingOptions")
    ways = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    if len(ways) != 1 or ways[0].get("shippingCostType") != "FIXED":
        return None
    place, cost = ways[0].get("shipToLocationUsedForEstimate"), ways[0].get("shippingCost")
    country = place.get("country") if isinstance(place, dict) else None
    if country not in (None, access.marketplace.country) or not isinstance(cost, dict):
        return None
    if cost.get("currency") != access.marketplace.currency:
        return None
    value = cost.get("value")
    try:
        if isinstance(value, str) and re.fullmatch(r"0(\.0{1,4})?", value, re.ASCII):
            return amount_of("1", access.marketplace.currency) * 0
        return amount_of(value, access.marketplace.currency)
    except JsonAnswerError:
        return None


def _url(item: Mapping[str, Any], campaign_id: str) -> str:
    """The link that pays, when it is for our campaign: eBay's documentation has been copied into many a header, and
    links for `<ePNCampaignId>` pay nobody. Else the plain one.
    """
    for name in ("itemAffiliateWebUrl", "itemWebUrl"):
        url = item.get(name)
        if not isinstance(url, str) or len(url) > 2000 or not _is_ebays(url):
            continue
        if name == "itemWebUrl" or _campaign(url) == campaign_id != "":
            return url
    return ""


def _is_ebays(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(_EBAY.fullmatch(parts.hostname or "")) and url.isascii() and " " not in url


def _campaign(url: str) -> str:
    try:
        return ",".join(parse_qs(urlsplit(url).query, max_num_fields=50).get("campid", []))
    except ValueError:
        return ""


def _moment(value: object) -> datetime | None:
    """A time in UTC, as eBay writes it (2026-11-25T10:00:00.000Z); None for anything else."""
    if not isinstance(value, str) or not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z", value, re.ASCII
    ):
        return None
    try:
        return datetime.fromisoformat(value[:16]).replace(tzinfo=UTC)
    except ValueError:
        return None


def _written(price: object) -> str:
    if not isinstance(price, dict):
        return ""
    parts = {
        name: plain_text(str(price.get(name, "")), longest=30)
        for name in ("value", "currency", "convertedFromValue", "convertedFromCurrency")
    }
    said = f"{parts['value']} {parts['currency']}".strip()
    if parts["convertedFromValue"] or parts["convertedFromCurrency"]:
        said += f", converted from {parts['convertedFromValue']} {parts['convertedFromCurrency']}"
    return said
