"""What can a column of a feed mean, and which of a file's columns probably means it?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportField:
    """`synonyms`: how columns are named that mean it, the best first, as `plain` spells them."""

    key: str
    label: str
    help: str
    synonyms: tuple[str, ...]
    required: bool = False


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIELDS: tuple[ImportField, ...] = (
    ImportField(
        key="sku",
        label="Merchant SKU",
        help="The merchant's own id of the item; one offer is kept per id and condition.",
        required=True,
        synonyms=_names(
            """merchant_product_id merchant_sku id sku identifier product_id item_id offer_id aw_product_id sku_number
            catalog_item_id catalogitemid article_number artikelnummer artikelnr artnr art_nr bestellnummer
            reference_produit reference ref codigo codice referencia artikelnummer_haendler varenummer tuotenumero
            produktnummer numer_produktu kod_produktu unique_merchant_sku product_code item_number code"""
        ),
    ),
    ImportField(
        key="url",
        label="Page at the merchant",
        help="The item's own page. Without such a column, give a template with {sku} instead.",
        required=True,
        synonyms=_names(
            """merchant_deep_link link url product_url producturl deep_link deeplink deeplink_url product_link
            aw_deep_link item_url landing_page buy_url linkurl lien lien_produit produkt_url produktlink enlace
            url_prodotto link_prodotto offer_url web_link affiliate_url"""
        ),
    ),
    ImportField(
        key="price",
        label="Price",
        help="What everybody pays now, without shipping. Never the list price or a price per unit.",
        synonyms=_names(
            """search_price price current_price currentprice effective_derived_price preis verkaufspreis prix precio
            prezzo preco prijs pris hinta cena price_incl_vat price_with_vat brutto_price bruttopreis
            amount product_price price_value price_amount"""
        ),
    ),
    ImportField(
        key="currency",
        label="Currency",
        help="ISO 4217, when the price does not name it itself.",
        synonyms=_names(
            """currency currency_code price_currency price_currency_code pricecurrency waehrung wahrung devise moneda
            valuta moeda valiuta"""
        ),
    ),
    ImportField(
        key="sale_price",
        label="Sale price",
        help="Counts when it is below the price and its period has begun and not ended.",
        synonyms=_names(
            """sale_price saleprice special_price promo_price promotional_price discount_price discounted_price
            angebotspreis aktionspreis sonderpreis prix_promo prix_solde precio_oferta prezzo_scontato actieprijs
            kampanjpris tilbudspris price_sale"""
        ),
    ),
    ImportField(
        key="sale_period",
        label="Sale period",
        help="Begin and end with a slash between them, as Google's feeds write it.",
        synonyms=_names("sale_price_effective_date sale_period sale_effective_date"),
    ),
    ImportField(
        key="availability",
        label="Availability",
        help="Words such as “in stock”, yes or no, or a number of pieces.",
        synonyms=_names(
            """availability in_stock instock stock_status stock_availability stockavailability stock is_in_stock
            verfuegbarkeit verfugbarkeit disponibilite disponibilidad disponibilita beschikbaarheid lagerstatus
            tillganglighet saatavuus dostepnosc lieferstatus lagerbestand stock_quantity quantity qty bestand"""
        ),
    ),
    ImportField(
        key="condition",
        label="Condition",
        help="New, refurbished or used; an empty cell means new.",
        synonyms=_names("condition item_condition zustand etat estado condizione staat skick tilstand kunto stan"),
    ),
    ImportField(
        key="title",
        label="Title",
        help="What the merchant calls it; doubtful matches are told apart by it.",
        synonyms=_names(
            """product_name title name productname item_name produktname titel bezeichnung artikelname
            artikelbezeichnung nom nom_produit titre nombre titulo nome titolo naam nimi nazwa produktnamn varenavn"""
        ),
    ),
    ImportField(
        key="brand",
        label="Brand",
        help="The maker's name.",
        synonyms=_names(
            """brand_name brand manufacturer manufacturer_name marke hersteller marque fabricant marca fabricante
            marchio produttore merk fabrikant marke_name varumarke merke tillverkare valmistaja merkki producent vendor
            maker"""
        ),
    ),
    ImportField(
        key="gtin",
        label="GTIN",
        help="EAN, UPC or JAN, 8 to 14 digits.",
        synonyms=_names(
            "product_gtin gtin ean ean13 ean_code gtin13 gtin14 upc upc_code upccode barcode jan strichcode code_barres"
        ),
    ),
    ImportField(
        key="mpn",
        label="Part number",
        help="The maker's part number; it counts together with the brand.",
        synonyms=_names(
            """mpn manufacturer_part_number part_number partnumber manufacturer_sku model_number modelnumber
            herstellernummer hersteller_artikelnummer reference_fabricant product_model modell model han"""
        ),
    ),
    ImportField(key="asin", label="ASIN", help="Amazon's own id.", synonyms=("asin", "amazon_asin", "asin_code")),
    ImportField(
        key="shipping",
        label="Shipping",
        help="What sending it costs, when that is one amount.",
        synonyms=_names(
            """delivery_cost shipping_cost shippingcost shipping_rate shippingrate shipping_price shipping shipping_fee
            versandkosten versand frais_de_port frais_livraison gastos_envio spese_spedizione spedizione verzendkosten
            fraktkostnad frakt porto delivery_price"""
        ),
    ),
)
BY_KEY = {field.key: field for field in FIELDS}
# In place of a column for the page: an address in which {sku} stands for the merchant's id.
URL_TEMPLATE = "url_template"


def plain(name: str) -> str:
    """`g:Sale Price (EUR)` → `sale_price`, `Währung` → `wahrung`, `offer/shipping/price` → `offer_shipping_price`."""
    spelled = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    spelled = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    spelled = spelled.split("(", 1)[0].strip().removeprefix("g:")
    return re.sub(r"[^a-z0-9]+", "_", spelled).strip("_")


def suggested(columns: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """Our field to the column that probably means it; no column is suggested twice.

    Of several that could be, the best named one that is filled in most of the sample's rows.
    """
    known: dict[str, int] = {}
    for place, column in enumerate(columns):
        known.setdefault(plain(column), place)
    found: dict[str, str] = {}
    for field in FIELDS:
        names = [name for name in field.synonyms if name in known]
        filled = {name: sum(bool(row[known[name]].strip()) for row in rows) for name in names}
        most = max(filled.values(), default=0)
        name = next((name for name in names if 2 * filled[name] >= most), None)
        if name is not None:
            found[field.key] = columns[known.pop(name)]
    return found
