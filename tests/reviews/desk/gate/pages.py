"""Handmade pages for the checks that read HTML alone."""

from __future__ import annotations

from reviews.desk.gate.document import Document
from reviews.desk.gate.shops import Shops

SITE = "https://our.example"
SHOPS = Shops(hosts=("shop.example",), labels={"one": "paid link", "two": "", "ad": "Anzeige"})
TOLD = '<aside class="block-disclosure"><p>Shops pay us a commission.</p></aside>'
PAID = '<a rel="sponsored" href="/go/one/?p=x">$9.00 at Shop <span>paid link</span></a>'


def document(main: str, *, head: str = "", shops: Shops = SHOPS) -> Document:
    """A page with these words in its main part, the title being its heading."""
    text = f"<!DOCTYPE html><html><head>{head}</head><body><main><h1>Title</h1>{main}</main></body></html>"
    return Document(text, site=SITE, shops=shops)
