"""Which product of ours do an item's codes name: certainly, doubtfully, or not at all?

The catalogue's codes are held in memory for one run: their number does not grow with the feed's, and a feed of a
million rows asks for them a million times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog import product_codes
from catalog.models import Brand, Product, ProductCode
from catalog.services.feed_imports.similarity import Candidate, Models, compact, words

_MOST_SPELLINGS = 50_000
_ZEROS = {8: "00000", 12: "0", 13: ""}


@dataclass(frozen=True, slots=True)
class Match:
    """`by`: the code that names it, for the editor."""

    product: int
    by: str


@dataclass(frozen=True, slots=True)
class Doubt:
    candidates: tuple[Candidate, ...]


class Catalogue:
    """Loaded once per run; products that were merged into another one count as that one."""

    def __init__(self) -> None:
        self.brand_of: dict[int, int] = {}
        self.slugs: dict[int, str] = {}
        self._gtins: dict[str, int] = {}
        self._asins: dict[str, int] = {}
        self._numbers: dict[tuple[int, str], set[int]] = defaultdict(set)
        self._plain_numbers: dict[tuple[int, str], set[int]] = defaultdict(set)
        self._models: dict[int, Models] = defaultdict(Models)
        self._brands: dict[str, int] = {}
        self._names: dict[int, str] = {}
        # What was written as a brand, and which one it is: a feed has few brands and names them all the time.
        self._spellings: dict[str, int | None] = {}
        self._load()

    def _load(self) -> None:
        for pk, name in Brand.objects.values_list("pk", "name"):
            self._names[pk] = name
            self._brands.setdefault(compact(name) or name.casefold(), pk)
        kept = dict(Product.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))
        rows = Product.objects.values_list("pk", "brand_id", "model", "variant", "slug")
        for pk, brand, model, variant, slug in rows.iterator(chunk_size=5000):
            if pk in kept:
                continue
            self.brand_of[pk], self.slugs[pk] = brand, slug
            self._models[brand].add(pk, f"{model} {variant}".strip())
        codes = ProductCode.objects.values_list("product_id", "scheme", "value")
        for pk, scheme, value in codes.iterator(chunk_size=5000):
            owner = _last(pk, kept)
            if scheme == ProductCode.Scheme.GTIN:
                self._gtins[product_codes.gtin(value) or value] = owner
            elif scheme == ProductCode.Scheme.ASIN:
                self._asins[value.upper()] = owner
            elif owner in self.brand_of:
                self._numbers[self.brand_of[owner], _number(value)].add(owner)
                self._plain_numbers[self.brand_of[owner], compact(value)].add(owner)

    def find(self, gtin: str, asin: str, brand: str, mpn: str, title: str) -> Match | Doubt | None:
        """By GTIN, else by ASIN, else by the brand's part number where that names only one; codes that contradict
        each other, part numbers of several products and titles that name a model are doubts.
        """
        product, by = self._gtins.get(gtin), "GTIN"
        if product is None and gtin and (len(gtin) != 13 or not gtin.isdigit()):
            product = self._gtins.get(_digits(gtin))
        if product is None and asin:
            product, by = self._asins.get(asin.strip().upper()), "ASIN"
        maker = self._maker(brand, title)
        if product is not None:
            against = self._against(product, by, maker, brand, mpn)
            return Doubt(against) if against else Match(product, by)
        if maker is None:
            return None
        return self._by_brand(maker, mpn, title)

    def _maker(self, brand: str, title: str) -> int | None:
        """The brand as written; where none is, the one that the title begins with."""
        if not brand:
            spelled = words(title)[:3]
            for many in (3, 2, 1):
                if (found := self._brands.get("".join(spelled[:many]))) is not None:
                    return found
            return None
        try:
            return self._spellings[brand]
        except KeyError:
            if len(self._spellings) >= _MOST_SPELLINGS:
                self._spellings.clear()
            found = self._brands.get(compact(brand) or brand.casefold())
            self._spellings[brand] = found
            return found

    def _against(self, product: int, by: str, maker: int | None, brand: str, mpn: str) -> tuple[Candidate, ...]:
        """The candidates when something else in the row says that the code is another product's."""
        made_by = self.brand_of.get(product)
        if maker is not None and made_by is not None and maker != made_by:
            why = f"The {by} is this product's, but the item's brand is {brand}, not {self._names[made_by]}."
            return (Candidate(product, 0.7, why),)
        if not mpn or maker is None:
            return ()
        others = self._named_by_number(maker, mpn)
        if not others or product in others:
            return ()
        return (
            Candidate(product, 0.7, f"The {by} is this product's, but the part number is another's."),
            *(
                Candidate(other, 0.6, f"The part number is this product's, but the {by} is another's.")
                for other in others
            ),
        )

    def _by_brand(self, maker: int, mpn: str, title: str) -> Match | Doubt | None:
        if mpn:
            named = self._named_by_number(maker, mpn)
            if len(named) == 1:
                return Match(next(iter(named)), "brand and part number")
            if named:
                why = "The part number is this product's, and others' too."
                return Doubt(tuple(Candidate(product, 0.8, why) for product in sorted(named)[:5]))
            alike = self._plain_numbers.get((maker, compact(mpn)))
            if alike:
                why = "The part number is this product's but for its punctuation."
                return Doubt(tuple(Candidate(product, 0.9, why) for product in sorted(alike)[:5]))
        models = self._models.get(maker)
        candidates = models.named_in(title) if models is not None and title else []
        return Doubt(tuple(candidates)) if candidates else None

    def _named_by_number(self, maker: int, mpn: str) -> set[int]:
        found: set[int] = set()
        for number in _numbers(mpn):
            found |= self._numbers.get((maker, number), set())
        return found


def _digits(text: str) -> str:
    """The code as `product_codes.gtin` spells it, its check digit untested: the catalogue holds valid ones only."""
    length = len(text)
    if length in _ZEROS and text.isdigit():
        return _ZEROS[length] + text
    if length == 14 and text.isdigit():
        return text[1:] if text[0] == "0" else text
    return _first_gtin(text)


def _first_gtin(text: str) -> str:
    """The first usable code of a cell such as `4006381333931, 4006381333948`; empty when there is none."""
    for part in text.replace(";", ",").split(","):
        if code := product_codes.gtin(part):
            return code
    return ""


def _number(text: str) -> str:
    return " ".join(text.split()).upper()


def _numbers(text: str) -> Iterable[str]:
    if "/" in text or ";" in text:
        return product_codes.mpns(text) or (_number(text),)
    return (_number(text),)


def _last(product: int, kept: Mapping[int, int | None]) -> int:
    """The record that a merged one ended in; a circle cannot be made, but would not hang us either."""
    for _ in range(20):
        following = kept.get(product)
        if following is None:
            return product
        product = following
    return product
