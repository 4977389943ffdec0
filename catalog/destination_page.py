"""What does the page behind a link say: that the item is there, that it is sold out, that there is no such page?

Pure. Markup is believed before words: a page that calls its item in stock is not sold out because another item on it
is. Words count only where no button sells the item.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from catalog import offer_words
from catalog.reading import Availability
from catalog.sources.page_markup.document import Document, read_document
from catalog.sources.page_markup.nodes import Node, chosen, listed, products, text_of, types, value_of
from catalog.sources.page_markup.prices import NoPriceError
from catalog.sources.page_markup.seen import asks_who_we_are, refuse_other_page

# A redirect in the page itself that comes later than that is an offer to the reader, not a way on.
_LONGEST_REFRESH = 10
_SHORT_PAGE = 3000  # characters a visitor may read
_LONGEST_PHRASE = 90  # a sentence about stock; longer ones tell stories
_MOST_PHRASES = 4000

# What pages for things that are not there call themselves, beyond what `page_markup` knows of.
_NO_SUCH_PAGE = re.compile(
    r"\b(?:page|product|item|url|address)\b.{0,40}\b(?:(?:can.?t|cannot|could not|couldn.t) be found|does(?: not|n.t) "
    r"exist|(?:has|have) (?:gone|been (?:removed|deleted|discontinued))|is (?:gone|unavailable|missing))"
    r"|\b(?:can.?t|cannot|could not|couldn.t) find (?:that|this|the|your) (?:page|product|item)"
    r"|\b(?:seite|produkt|artikel)\b.{0,40}\b(?:existiert nicht|gibt es nicht|nicht vorhanden"
    r"|wurde (?:entfernt|gelöscht))"
    r"|\b(?:page|produit|article)\b.{0,40}\b(?:n.existe p(?:as|lus)|est introuvable|a été supprimée?|n.est plus)"
    r"|\b(?:página|pagina|producto|artículo)\b.{0,40}\b(?:no (?:existe|está disponible|se encuentra)|ya no)"
    r"|\bno (?:encontramos|se ha encontrado) (?:la|esta) página"
    r"|\b(?:pagina|prodotto|articolo)\b.{0,40}\b(?:non (?:esiste|è stat[ao] trovat[ao]|è più|disponibile)|inesistente)"
    r"|\bp(?:á|a)gina n(?:ã|a)o (?:foi )?encontrada|\bproduto n(?:ã|a)o (?:foi )?encontrado"
    r"|\b(?:pagina|product|artikel)\b.{0,40}\b(?:bestaat niet|kan niet worden gevonden|is niet gevonden)"
    r"|\b(?:siden|sidan|produktet|produkten|varen)\b.{0,40}"
    r"\b(?:finnes ikke|findes ikke|finns inte|blev ikke fundet|ble ikke funnet|kunde inte hittas)"
    r"|\b(?:strona|produkt)\b.{0,40}\bnie (?:istnieje|został[ao]? znalezion)"
    r"|\bstránka nenalezena|\bsivua ei löydy|\bsayfa bulunamadı|страница не найдена|ページが見つかりません|页面不存在"
    r"|\bpage not found\b|\bseite nicht gefunden\b|^\W*(?:error|fehler|erreur)?\W*(?:404|410)\b",
    re.IGNORECASE,
)
# The whole of a short line: "sold out", "currently unavailable", not a story that has the words in it.
_SOLD_OUT = re.compile(
    r"\b(?:sold out|out of stock|currently unavailable|temporarily unavailable|no longer available|not in stock"
    r"|(?:this|the) (?:item|product) is (?:not|no longer|un)\s?available|(?:item|product) (?:is )?discontinued"
    r"|ausverkauft|nicht (?:mehr )?(?:lieferbar|verfügbar|vorrätig|auf lager|erhältlich)|derzeit nicht verfügbar"
    r"|vergriffen|rupture de stock|épuisée?s?|(?:actuellement|momentanément|temporairement) indisponible"
    r"|(?:n.est|plus) (?:plus )?disponible|plus en stock|indisponible|agotad[oa]s?|sin existencias|fuera de stock"
    r"|no disponible|sin stock|esaurit[oa]|non (?:più )?disponibile|attualmente non disponibile"
    r"|esgotad[oa]|indisponível|sem (?:estoque|stock)|fora de estoque"
    r"|uitverkocht|niet (?:meer )?(?:op voorraad|leverbaar|beschikbaar)"
    r"|slutsåld|slut i lager|ej i lager|tillfälligt slut|udsolgt|ikke på lager|utsolgt|loppuunmyyty|loppu varastosta"
    r"|wyprzedan[ey]|produkt niedostępny|niedostępny|brak w magazynie|vyprodáno|není skladem|elfogyott|tükendi"
    r"|нет в наличии|распродано)\b|在庫切れ|売り切れ|品切|缺货|售罄|품절",
    re.IGNORECASE,
)
_ONLY_SOME = re.compile(
    r"\b(?:other|some|many|often|sizes?|colou?rs?|before|until|when|if|bevor|sobald|wenn|avant|quand|cuando|antes|quando"
    r"|prima|wanneer|als)\b|[?]",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"\b(?:add to (?:cart|basket|bag|trolley)|buy (?:it )?now|pre-?order(?: now)?|in den (?:warenkorb|einkaufswagen)"
    r"|jetzt kaufen|sofort kaufen|ajouter au panier|acheter|añadir (?:al carrito|a la cesta)|comprar(?: ahora| agora)?"
    r"|aggiungi al carrello|acquista|adicionar ao carrinho|in winkel(?:wagen|mand(?:je)?)|bestel(?:len)?|köp"
    r"|lägg i (?:varukorgen|kundvagnen)|læg i kurv|legg i handlekurv|lisää ostoskoriin|do koszyka|do košíku"
    r"|в корзину)\b|カートに入れる|加入购物车",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(
    r"""(?:window\.|document\.|self\.|top\.)?location(?:\.href|\.replace|\.assign)?\s*(?:=|\()\s*["']([^"'\s]{4,2000})["']"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSaid:
    """What was read on a page. `words` are its own that decided, `leads_to` is where it sends visitors by itself."""

    headline: str = ""
    lines: tuple[str, ...] = ()
    is_barrier: bool = False
    is_gone: bool = False
    sells_something: bool = False
    availability: Availability = Availability.UNKNOWN
    words: str = ""
    leads_to: str = ""


def page_said(body: bytes, content_type: str, *, url: str, sku: str = "") -> PageSaid:
    """`url` is the page's own address. An empty page, or one that is no page, says nothing."""
    document = read_document(body, content_type, url=url)
    if document is None:
        return PageSaid()
    lines = tuple(line[:300] for line in document.headlines[:6])
    headline = next(iter(document.own_headlines), "")[:200]
    nodes = _product_nodes(document)
    gone = "" if _is_item_described(nodes, document) else _gone_words(document)
    if not nodes and not gone and _is_barrier(document):
        return PageSaid(headline=headline, lines=lines, is_barrier=True, words=headline)
    stock, words = _stock(document, nodes, sku)
    return PageSaid(
        headline=headline,
        lines=lines,
        is_gone=bool(gone),
        sells_something=bool(nodes) or _has_button(document),
        availability=stock,
        words=(gone or words)[:200],
        leads_to=_leads_to(document, body, url),
    )


def _is_barrier(document: Document) -> bool:
    """A long page with a captcha beside its newsletter form is no barrier; one that says little else is."""
    return asks_who_we_are(document) and len(document.words) < _SHORT_PAGE and not _has_button(document)


def _product_nodes(document: Document) -> list[Node]:
    return [node for data in (document.json_ld, document.microdata, document.rdfa) for node in products(data)]


def _is_item_described(nodes: Sequence[Node], document: Document) -> bool:
    """One product, named in a headline as in the markup: then "404" in the title is its name."""
    return len(nodes) == 1 and text_of(value_of(nodes[0], "name")) in document.subjects


def _gone_words(document: Document) -> str:
    try:
        refuse_other_page(document)
    except NoPriceError:
        return next((line for line in document.own_headlines if line), "")
    return next((line for line in document.own_headlines if _NO_SUCH_PAGE.search(line)), "")


def _stock(document: Document, nodes: Sequence[Node], sku: str) -> tuple[Availability, str]:
    """What markup says of the page's own product; where it says nothing, what short lines say without a button."""
    told = [
        found
        for data in (document.json_ld, document.microdata, document.rdfa)
        if (found := _availability_in(data, document, sku)) is not Availability.UNKNOWN
    ]
    tags = [*document.meta.get("product:availability", ()), *document.meta.get("og:availability", ())]
    told += [found for text in tags if (found := offer_words.availability(text)) is not Availability.UNKNOWN]
    if told:
        best = offer_words.best_of(told)
        return best, "" if best.can_be_ordered else f"its markup says {best.label.lower()}"
    if _has_button(document) or len(nodes) > 1:
        return Availability.UNKNOWN, ""
    for phrase in _phrases(document):
        found_words = _SOLD_OUT.search(phrase)
        if found_words and not _ONLY_SOME.search(phrase):
            return Availability.OUT_OF_STOCK, phrase
    return Availability.UNKNOWN, ""


def _availability_in(data: Sequence[Node], document: Document, sku: str) -> Availability:
    candidates = products(data)
    selling = [node for node in candidates if value_of(node, "offers", "hasVariant") is not None] or candidates
    nodes = chosen(selling, sku=sku, url=document.url, headlines=document.headlines, subjects=document.subjects)
    if not nodes and len(selling) == 1:
        nodes = selling
    found = []
    for node in nodes:
        owners = [node, *(one for one in listed(value_of(node, "hasVariant")) if isinstance(one, dict))]
        for owner in owners:
            found += [_offer_stock(offer) for offer in listed(value_of(owner, "offers")) if isinstance(offer, dict)]
    return offer_words.best_of(found)


def _offer_stock(offer: Node) -> Availability:
    """An aggregate says it itself, or its parts do."""
    parts = [one for one in listed(value_of(offer, "offers")) if isinstance(one, dict)]
    if "aggregateoffer" in types(offer) and parts:
        return offer_words.best_of(_offer_stock(one) for one in parts)
    return offer_words.availability(text_of(value_of(offer, "availability")))


def _has_button(document: Document) -> bool:
    """Is there anything on the page that puts an item into a basket?"""
    for tag in document.tree.iter("button", "input", "a"):
        if tag.get("disabled") is not None or tag.get("aria-disabled") == "true":
            continue
        if tag.tag == "input" and (tag.get("type") or "").lower() not in {"submit", "button", "image"}:
            continue
        if tag.tag == "a" and any(above.tag in {"nav", "footer"} for above in tag.iterancestors()):
            continue
        text = " ".join([*tag.itertext(), tag.get("value") or "", tag.get("aria-label") or "", tag.get("alt") or ""])
        found = _SELLS.search(" ".join(text.split()))
        # "How to buy" is a page of the shop's, "Buy now, $89" is a button.
        if found and len(text) < 120 and (tag.tag != "a" or found.start() < 4):
            return True
    return False


def _phrases(document: Document) -> list[str]:
    """Short pieces of what a visitor reads; links lead to other items and are left out."""
    hidden = "ancestor::script or ancestor::style or ancestor::template or ancestor::noscript or ancestor::a[@href]"
    found = document.tree.xpath(f"//body//text()[not({hidden} or ancestor::footer or ancestor::nav)]")
    buttons = [tag.get("value") or "" for tag in document.tree.iter("input") if tag.get("type") != "hidden"]
    texts = (" ".join(str(text).split()) for text in [*found[:_MOST_PHRASES], *buttons[:100]])
    return [text for text in texts if 2 < len(text) <= _LONGEST_PHRASE]


def _leads_to(document: Document, body: bytes, url: str) -> str:
    """Where the page sends its visitors on: by a refresh, or by a script on a page that says nothing else."""
    for tag in document.tree.iter("meta"):
        if (tag.get("http-equiv") or "").lower() != "refresh":
            continue
        found = re.match(
            r"\s*(\d{0,3})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]+)", tag.get("content") or "", re.IGNORECASE
        )
        if found and int(found[1] or 0) <= _LONGEST_REFRESH:
            return str(urljoin(url, found[2]))
    if len(body) < 20_000 and len(document.words) < 300:
        scripts = " ".join("".join(tag.itertext()) for tag in document.tree.iter("script"))
        if found := _SCRIPTED.search(scripts):
            return str(urljoin(url, found[1].replace("\\/", "/")))
    return ""
