"""Which kinds of tables can editors bring in and take home? One line each; the columns stand in the kind's module."""

from catalog.tables.base import Problem, ReadRow, TableKind
from catalog.tables.links import LINKS
from catalog.tables.offers import OFFERS
from catalog.tables.products import PRODUCTS

TABLES: dict[str, TableKind] = {kind.key: kind for kind in (PRODUCTS, OFFERS, LINKS)}

__all__ = ["LINKS", "OFFERS", "PRODUCTS", "TABLES", "Problem", "ReadRow", "TableKind"]
