"""Which products of ours does a file of articles mean?"""

from __future__ import annotations

from catalog.models import Product, ProductCode
from reviews.articles_file import ArticlesFile


def products_meant(said: ArticlesFile) -> dict[str, Product]:
    """What the file names, as it is here: by slug, else by a GTIN or ASIN that the file knows. Two queries at most."""
    slugs = set(said.products)
    for entry in said.articles:
        if not entry.problems:
            slugs |= {entry.said["subject"]} if entry.said.get("subject") else set()
            for part in (*entry.said.get("blocks", []), *entry.said.get("watches", [])):
                slugs |= set(part.get("products", []))
    found = {product.slug: product for product in Product.objects.filter(slug__in=slugs, merged_into=None)}
    codes = {
        (code["scheme"], code["value"]): slug
        for slug, one in said.products.items()
        if slug not in found
        for code in one.get("codes", [])
        if isinstance(code, dict) and code.get("scheme") in ("gtin", "asin") and isinstance(code.get("value"), str)
    }
    rows = ProductCode.objects.filter(scheme__in=["gtin", "asin"], value__in=[value for _, value in codes])
    for row in rows.select_related("product"):
        if slug := codes.get((row.scheme, row.value)):
            found.setdefault(slug, row.product)
    return found
