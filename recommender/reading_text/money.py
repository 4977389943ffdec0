"""How much may it cost? Amounts of a text in figures and words, with their currency."""

from __future__ import annotations

import re
from typing import Any

CURRENCIES = {
    "CAD": r"cad|c\$|ca\$|canadian dollars?|dollars? canadian|can\$|canadian bucks|loonies",
    "AUD": r"aud|a\$|au\$|au?ssie dollars?|australian dollars?|dollars? australian|aussie bucks",
    "NZD": r"nzd|nz\$|new zealand dollars?|kiwi dollars?|nz dollars?",
    "SGD": r"sgd|s\$|singapore dollars?|sing dollars?",
    "HKD": r"hkd|hk\$|hong kong dollars?",
    "MXN": r"mxn|mx\$|mexican pesos?",
    "PHP": r"php|₱|philippine pesos?|pesos?",
    "BRL": r"brl|r\$|reais|real brasileiro",
    "USD": r"us\$|\$|usd|us dollars?|american dollars?|dollars?|bucks?|greenbacks",
    "EUR": r"€|eur|euros?|eurs",
    "GBP": r"£|gbp|pounds? sterling|sterling|pounds?|quid|british pounds?|ukp|squid",
    "CHF": r"chf|sfr\.?|fr\.|swiss francs?|francs?|franken",
    "JPY": r"jpy|¥|yen",
    "INR": r"inr|₹|indian rupees?|rupees?|rs\.?|rupaye|rupya",
    "SEK": r"sek|swedish kron(?:or|a)|kronor|krona|spänn",
    "NOK": r"nok|norwegian kron(?:er|e)",
    "DKK": r"dkk|danish kron(?:er|e)|kroner",
    "PLN": r"pln|zł|zlot(?:ys?|ych|ies)|zl",
    "CZK": r"czk|kč|korun|czech crowns?",
    "HUF": r"huf|forints?|ft",
    "RON": r"ron|lei",
    "TRY": r"try|₺|turkish lira|lira",
    "ILS": r"ils|₪|nis|shekels?",
    "ZAR": r"zar|rands?|r(?=\s?\d)",
    "NGN": r"ngn|₦|naira",
    "KES": r"kes|ksh\.?|kenyan shillings?|shillings?",
    "EGP": r"egp|egyptian pounds?",
    "AED": r"aed|dhs?|dirhams?",
    "SAR": r"sar|riyals?",
    "CNY": r"cny|rmb|yuan|renminbi",
    "KRW": r"krw|₩|won",
    "TWD": r"twd|nt\$|taiwan dollars?",
    "THB": r"thb|฿|baht",
    "IDR": r"idr|rp\.?|rupiah",
    "MYR": r"myr|rm|ringgit",
    "VND": r"vnd|₫|dong",
    "PKR": r"pkr|pakistani rupees?",
    "BDT": r"bdt|taka|৳",
    "LKR": r"lkr|sri lankan rupees?",
    "UAH": r"uah|₴|hryvnias?",
}
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_LARGER = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(f"{_SMALL} seventeen eighteen nineteen".split())}
_UNITS |= {"a": 1, "couple": 2}
_TENS = {word: 10 * value for value, word in enumerate(_LARGER.split(), start=2)}
_TENS |= {"fourty": 40, "fivety": 50, "ninty": 90}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "lakh": 100_000}
_WORDS = "|".join([*_UNITS, *_TENS, *_SCALES])
_FIGURES = r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
# The upper end of "80-100" and "between 80 and 100" is what it may cost.
_RANGE = rf"(?:(?:{_FIGURES})\s?(?:-|to|and|or)\s?)?"
_AMOUNT = rf"{_RANGE}(?P<figures>{_FIGURES})\s?(?P<thousands>k\b|thousand\b|grand\b|lakh\b)?(?:/-|,-|\.-)?"
_SPOKEN = rf"(?P<spoken>(?:(?:{_WORDS})(?:[ -]|(?= ))(?:and )?)+)"
_ANY = "|".join(f"(?P<{code}>{words})" for code, words in CURRENCIES.items())
_BEFORE = re.compile(rf"(?<![a-z])(?:{_ANY})\s?{_AMOUNT}(?![\d%])")
_BEHIND = re.compile(rf"(?<![\d.,]){_AMOUNT}\s?(?:{_ANY})(?![a-z])")
_IN_WORDS = re.compile(rf"\b{_SPOKEN}(?:{_ANY})(?![a-z])")
_UNITS_OF_TIME = r"hours?|hrs?|h\b|min|years?|yrs?|am|pm|days?|weeks?|months?"
_OTHER_UNITS = rf"\s?(?:{_UNITS_OF_TIME}|times|people|db|km|miles|mm|x\b|of\b|kids|per ?cent)"
_LEADING = r"budget(?: is| of)?|max(?:imum)?|up to|under|below|around|about|say|spend|limit(?: is)?|most|for"
_BARE = re.compile(rf"\b(?:{_LEADING})[ :~]*(?:{_RANGE})(?P<figures>\d{{2,5}})(?![\d%:]|[.,]\d|{_OTHER_UNITS})")
# What something else costs or has cost is no budget.
_OTHER_PRICE = re.compile(
    r"^\s?(?:ones?|pair|headset|headphones|earbuds|set|mic|microphone|voucher|phone|laptop|console)\b"
)
_OLD_PRICE = re.compile(
    r"\b(?:cost me|paid|my old|my last|my current|from my|worth|used to cost|save|saved|broke my|won)\s(?:\w+\s)?$"
)


def budget_in(text: str) -> dict[str, Any] | None:
    """The last amount with a currency that is not the price of something else; None when no money is named."""
    found: list[tuple[int, float, str]] = []
    others: list[str] = []
    for pattern in (_BEFORE, _BEHIND, _IN_WORDS):
        for hit in pattern.finditer(text):
            code = next(name for name in CURRENCIES if hit.group(name))
            amount = _amount(hit)
            if _OTHER_PRICE.match(text[hit.end() :]) or _OLD_PRICE.search(text[: hit.start()]):
                others.append(code)
            elif amount:
                found.append((hit.start(), amount, code))
    if not found and len(set(others)) == 1:
        found = [(hit.start(), _amount(hit), others[0]) for hit in _BARE.finditer(text)]
    if not found:
        return None
    _, amount, code = max(found)
    return {"max": int(amount) if amount == int(amount) else amount, "currency": code}


def _amount(hit: re.Match[str]) -> float:
    said = hit.groupdict()
    if said.get("spoken"):
        return float(_spoken(said["spoken"]))
    figures = re.sub(r"[ .,'](?=\d{3}(?!\d))", "", said["figures"]).replace(",", ".")
    return float(figures) * _SCALES.get(said.get("thousands") or "", 1)


def _spoken(words: str) -> int:
    """Two hundred and fifty → 250; a hundred → 100; one fifty → 150."""
    total, part = 0, 0
    for word in re.findall(r"[a-z]+", words):
        if word in _SCALES:
            part = max(part, 1) * _SCALES[word]
            if part >= 1000:
                total, part = total + part, 0
        elif word in _TENS:
            part = part * 100 + _TENS[word] if 0 < part < 10 else part + _TENS[word]
        else:
            part += _UNITS.get(word, 0)
    return total + part
