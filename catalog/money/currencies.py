"""Which currencies are there, how many decimals has each, and which one does a sign on a price tag mean?

Pure; the facts are those of ISO 4217 (tables A.1 and A.3, 2026). Metals, test codes and funds are left out: nobody
prices a headset in them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TWO_DECIMALS = _codes(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
    CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS
    KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
    PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG"""
)
_NO_DECIMALS = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
_THREE_DECIMALS = _codes("BHD IQD JOD KWD LYD OMR TND")
_TOO_LARGE = Decimal(10) ** 12
# Code: (when it was withdrawn, what replaced it). A price in one of them is old or wrong, whatever its number.
_WITHDRAWN = {
    "ANG": ("2025-03", "XCG"),
    "ATS": ("2002-03", "EUR"),
    "BEF": ("2002-03", "EUR"),
    "BGN": ("2026-01", "EUR"),
    "BYR": ("2017-01", "BYN"),
    "CUC": ("2021-06", "CUP"),
    "CYP": ("2008-01", "EUR"),
    "DEM": ("2002-03", "EUR"),
    "EEK": ("2011-01", "EUR"),
    "ESP": ("2002-03", "EUR"),
    "FIM": ("2002-03", "EUR"),
    "FRF": ("2002-03", "EUR"),
    "GHC": ("2008-01", "GHS"),
    "GRD": ("2002-03", "EUR"),
    "HRK": ("2023-01", "EUR"),
    "IEP": ("2002-03", "EUR"),
    "ITL": ("2002-03", "EUR"),
    "LTL": ("2014-12", "EUR"),
    "LUF": ("2002-03", "EUR"),
    "LVL": ("2014-01", "EUR"),
    "MRO": ("2017-12", "MRU"),
    "MTL": ("2008-01", "EUR"),
    "NLG": ("2002-03", "EUR"),
    "PTE": ("2002-03", "EUR"),
    "ROL": ("2005-06", "RON"),
    "SIT": ("2007-01", "EUR"),
    "SKK": ("2009-01", "EUR"),
    "SLL": ("2023-12", "SLE"),
    "STD": ("2017-12", "STN"),
    "TRL": ("2005-12", "TRY"),
    "VEF": ("2018-08", "VES"),
    "ZWL": ("2024-09", "ZWG"),
}
# Codes that shops still write for the currency beside them; the amount needs no change.
_SPELLINGS = {"RUR": "RUB", "NTD": "TWD", "RMB": "CNY", "NIS": "ILS", "YTL": "TRY"}
# A sign, in lower case: every currency it may mean. One with several says nothing by itself.
SIGNS: dict[str, frozenset[str]] = {
    sign: _codes(codes)
    for sign, codes in {
        "$": "USD AUD CAD NZD HKD SGD MXN ARS CLP COP UYU TWD BBD BSD JMD XCD TTD DOP NAD BZD FJD GYD LRD BND SRD",
        "us$": "USD",
        "u$s": "USD",
        "a$": "AUD",
        "au$": "AUD",
        "c$": "CAD",
        "ca$": "CAD",
        "can$": "CAD",
        "nz$": "NZD",
        "hk$": "HKD",
        "s$": "SGD",
        "nt$": "TWD",
        "mx$": "MXN",
        "r$": "BRL",
        "€": "EUR",
        "euro": "EUR",
        "euros": "EUR",
        "£": "GBP",
        "₤": "GBP",
        "¥": "JPY CNY",
        "円": "JPY",
        "元": "CNY TWD",
        "₩": "KRW",
        "원": "KRW",
        "₹": "INR",
        "rs": "INR PKR LKR NPR MUR SCR",
        "rs.": "INR PKR LKR NPR MUR SCR",
        "₽": "RUB",
        "руб": "RUB BYN",
        "руб.": "RUB BYN",
        "р.": "RUB BYN",
        "zł": "PLN",
        "kč": "CZK",
        "kr": "SEK NOK DKK ISK",
        "kr.": "SEK NOK DKK ISK",
        "ft": "HUF",
        "lei": "RON MDL",
        "₺": "TRY",
        "tl": "TRY",
        "₴": "UAH",
        "грн": "UAH",
        "грн.": "UAH",
        "₪": "ILS",
        "₫": "VND",
        "đ": "VND",
        "฿": "THB",
        "rp": "IDR",
        "rp.": "IDR",
        "rm": "MYR",
        "₱": "PHP",
        "₦": "NGN",
        "r": "ZAR",
        "s/": "PEN",
        "fr.": "CHF",
        "sfr.": "CHF",
        "kd": "KWD",
        "cdn$": "CAD",
        "clp$": "CLP",
        "sg$": "SGD",
        "د.إ": "AED",
        "د.إ.": "AED",
        "ر.س": "SAR",
        "ر.س.": "SAR",
        "ر.ق": "QAR",
        "ر.ق.": "QAR",
        "د.ك": "KWD",
        "د.ك.": "KWD",
        "د.ب": "BHD",
        "د.ب.": "BHD",
        "ر.ع.": "OMR",
        "ج.م": "EGP",
        "ج.م.": "EGP",
        "درهم": "AED MAD",
        "₸": "KZT",
        "р": "RUB BYN",
        "рублей": "RUB BYN",
        "рубля": "RUB BYN",
        "br": "BYN ETB",
        "₼": "AZN",
        "֏": "AMD",
        "৳": "BDT",
        "៛": "KHR",
        "₡": "CRC",
        "₭": "LAK",
        "₮": "MNT",
        "؋": "AFN",
        "₵": "GHS",
        "gh₵": "GHS",
        "₾": "GEL",
        "₲": "PYG",
        "ریال": "IRR SAR QAR OMR YER",
        "ريال": "IRR SAR QAR OMR YER",
        "د.ت": "TND",
        "د.م.": "MAD",
        "bz$": "BZD",
        "rd$": "DOP",
        "j$": "JMD",
        "tt$": "TTD",
        "b/.": "PAB",
        "lek": "ALL",
        "dinara": "RSD",
        "дин.": "RSD",
        "ден": "MKD",
        "ден.": "MKD",
        "fcfa": "XOF XAF",
        "cfa": "XOF XAF",
        "ksh": "KES",
        "kshs": "KES",
        "tsh": "TZS",
        "ush": "UGX",
        "bs.": "BOB VES",
    }.items()
}


def decimals(code: str) -> int:
    """How many digits the minor unit of an active currency has: 0, 2 or 3."""
    if code in _THREE_DECIMALS:
        return 3
    return 0 if code in _NO_DECIMALS else 2


def is_active(code: str) -> bool:
    return code in _TWO_DECIMALS or code in _NO_DECIMALS or code in _THREE_DECIMALS


def currency_code(text: str) -> str:
    """The ISO 4217 code that a currency field means ("pln", " EUR ", "€"). Raises `ValueError` with the reason."""
    cleaned = text.strip()
    code = _SPELLINGS.get(cleaned.upper(), cleaned.upper())
    if is_active(code):
        return code
    if code in _WITHDRAWN:
        moment, follower = _WITHDRAWN[code]
        raise ValueError(f"the currency {code} was withdrawn in {moment} ({follower} took its place)")
    meant = SIGNS.get(cleaned.casefold(), frozenset())
    if len(meant) == 1:
        return next(iter(meant))
    if meant:
        raise ValueError(f"`{cleaned}` may be {', '.join(sorted(meant)[:4])}…: an ISO 4217 code is needed")
    raise ValueError(f"`{cleaned[:20]}` is not an ISO 4217 currency")


def in_minor_units(amount: Decimal, currency: str) -> Decimal:
    """`amount` with exactly the currency's decimals. Raises `ValueError` for cents in a currency that has none, and
    for amounts that no shop has ever asked.
    """
    places = decimals(currency)
    if not amount.is_finite() or abs(amount) >= _TOO_LARGE:
        raise ValueError(f"{amount:.3e} is no price")
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if places == 0 and rounded != amount:
        raise ValueError(f"{currency} has no cents, so {amount} is misread or mistyped")
    return rounded
