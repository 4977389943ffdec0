"""Which of eBay's sites can be asked, in which country is each at home, and in which currency does it show prices?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marketplace:
    country: str
    currency: str


MARKETPLACES: Mapping[str, Marketplace] = {
    "EBAY_AT": Marketplace("AT", "EUR"),
    "EBAY_AU": Marketplace("AU", "AUD"),
    "EBAY_BE": Marketplace("BE", "EUR"),
    "EBAY_CA": Marketplace("CA", "CAD"),
    "EBAY_CH": Marketplace("CH", "CHF"),
    "EBAY_DE": Marketplace("DE", "EUR"),
    "EBAY_ES": Marketplace("ES", "EUR"),
    "EBAY_FR": Marketplace("FR", "EUR"),
    "EBAY_GB": Marketplace("GB", "GBP"),
    "EBAY_HK": Marketplace("HK", "HKD"),
    "EBAY_IE": Marketplace("IE", "EUR"),
    "EBAY_IT": Marketplace("IT", "EUR"),
    "EBAY_MY": Marketplace("MY", "MYR"),
    "EBAY_NL": Marketplace("NL", "EUR"),
    "EBAY_PH": Marketplace("PH", "PHP"),
    "EBAY_PL": Marketplace("PL", "PLN"),
    "EBAY_SG": Marketplace("SG", "SGD"),
    "EBAY_TW": Marketplace("TW", "TWD"),
    "EBAY_US": Marketplace("US", "USD"),
}
