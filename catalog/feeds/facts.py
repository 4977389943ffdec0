"""What else does a row of a feed say of its item: its codes, its condition, its address, its words?"""

from __future__ import annotations

import html

from catalog import offer_words, product_codes
from catalog.feeds.amounts import Fields, RefusedError
from catalog.reading import Condition


def first(fields: Fields, *names: str) -> str:
    """The first value that one of these fields holds, in this order; empty when none does."""
    return next((value for name in names for value in fields.get(name, ()) if value), "")


def words(fields: Fields, *names: str) -> str:
    """`first`, without the entities that shops leave in their texts."""
    text = first(fields, *names)
    return " ".join(html.unescape(text).split()) if "&" in text else text


def web_address(fields: Fields, *names: str) -> str:
    """The first of these fields that holds a web address; whether it is the merchant's is checked by who stores it."""
    for name in names:
        for value in fields.get(name, ()):
            link = value.replace("&amp;", "&")
            if link.startswith(("https://", "http://")):
                return link
    return ""


def gtin(fields: Fields, *names: str) -> str:
    """The first true GTIN (its check digit is right) in these fields; several may stand in one, parted by commas."""
    for name in names:
        for value in fields.get(name, ()):
            for part in value.replace(";", ",").split(","):
                if code := product_codes.gtin(part):
                    return code
    return ""


def condition(fields: Fields) -> Condition:
    """New unless it says otherwise (Google's rule). An unknown word might mean used, so it raises `RefusedError`."""
    said = {text: offer_words.condition(text) for text in fields.get("condition", ())}
    known = set(said.values())
    if None in known or len(known) > 1:
        raise RefusedError(f"Its condition is not understood (`{', '.join(said)[:60]}`).")
    return next((condition for condition in known if condition is not None), Condition.NEW)
