"""Which words may not go out by mail? Prices, and addresses that are not our own: nobody can take a mail back.

Merchants' terms forbid most of it in mail (compliance.md 4, 6; Amazon content not at all), a price is old when it is
read, and a link to elsewhere is one that we cannot mend. What may be said is said on our pages, a click away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"”“()]+", re.IGNORECASE)
# A host without a scheme, which mail programs make a link of as well.
_BARE = re.compile(r"(?<![\w@./-])(?:amzn\.to|[a-z0-9-]+\.(?:com|de|co\.uk|fr|eu|net|shop))(?:/[^\s]*)?", re.IGNORECASE)
_CODES = "USD|EUR|GBP|CHF|CAD|AUD|JPY|SEK|NOK|DKK|PLN|CZK|INR|CNY"
_AMOUNT = re.compile(
    rf"[$€£¥₹]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥₹]|(?:{_CODES}|dollars?|euros?|pounds?)\b)|\b(?:{_CODES})\s?\d[\d.,]*",
    re.IGNORECASE,
)


def forbidden_words(text: str, *, site_url: str) -> Iterator[str]:
    """What is wrong with it, each as a sentence that names the words."""
    ours = urlsplit(site_url).netloc.lower()
    rest = text
    for found in _ADDRESS.findall(text):
        parts = urlsplit(found if "//" in found else f"https://{found}")
        rest = rest.replace(found, " ")
        if parts.netloc.lower() != ours:
            yield f"“{found}” leads away from our site: link to our page about it instead."
        elif parts.path.startswith("/go/"):
            yield f"“{found}” leads to a shop: merchants' terms forbid such links in mail. Link to our page instead."
    for found in _BARE.findall(rest):
        yield f"“{found}” becomes a link in mail programs, and leads away from our site: leave it out."
    for found in _AMOUNT.findall(text):
        yield f"“{found.strip()}” is a price: it is old when it is read, and most merchants forbid it in mail."
