"""By what can the catalogue be narrowed and sorted? A literal table: one entry for each facet.

Pure. What a spec is called, where it stands and its unit come from the spec sheet; a test compares the values written
here with those of the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from catalog.kinds import Kind, ProductType
from catalog.reading import Availability
from catalog.spec_sheet import GROUPS, SPECS, Sort, Spec

# Our score from which a product is called good for a use case.
GOOD_FROM = Decimal(7)


class FacetSort(StrEnum):
    """What a facet's values are. Of `NUMBER` and `MONEY` a range is asked for, of all others values."""

    FLAG = "flag"
    CHOICE = "choice"
    LIST = "list"
    NUMBER = "number"
    MONEY = "money"

    @property
    def is_range(self) -> bool:
        return self in {FacetSort.NUMBER, FacetSort.MONEY}


class Origin(StrEnum):
    """Where a facet's values are read."""

    PRODUCT = "product"
    SPECS = "specs"
    OFFERS = "offers"
    SCORES = "scores"


@dataclass(frozen=True, slots=True)
class Facet:
    """`values`: value and label of each, in the order they are offered; empty where they follow from the data.

    Then `Found.labels` says what each is called. Of a list a product has several. `unit` stands behind a number, the
    currency beside money.
    """

    key: str
    label: str
    group: str
    sort: FacetSort
    origin: Origin
    unit: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_open(self) -> bool:
        """Its values follow from the data: brands, merchants, what sheets say in words."""
        return not self.sort.is_range and not self.values

    def label_of(self, value: str) -> str:
        """What a written value is called; the value itself where the table does not say."""
        return dict(self.values).get(value, value)


PRODUCT, BUYING, JUDGED = "Product", "Price and stock", "Our tests"
FACET_GROUPS = (PRODUCT, BUYING, JUDGED, *GROUPS)

_FLAG = (("yes", "Yes"), ("no", "No"))
# As `catalog/models/specs.py` spells them.
_SPEC_VALUES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "form_factor": (
        ("over-ear", "Over the ear"),
        ("on-ear", "On the ear"),
        ("in-ear", "In the ear canal"),
        ("earbud", "At the ear canal"),
        ("open-ear", "Beside the ear"),
    ),
    "enclosure": (("closed", "Closed back"), ("open", "Open back"), ("semi-open", "Semi-open back")),
    "ears": (("one", "One ear"), ("two", "Both ears")),
    "sound_balance": (
        ("neutral", "Neutral"),
        ("warm", "More bass"),
        ("bright", "More treble"),
        ("v-shaped", "More bass and treble"),
        ("mid-forward", "Voices to the front"),
    ),
    "mic_grade": (
        ("none", "No microphone"),
        ("incidental", "Inline or in-bud microphone for the odd call"),
        ("communication", "Communication microphone"),
    ),
    "mic_form": (
        ("boom", "Boom"),
        ("boom-detachable", "Detachable boom"),
        ("built-in", "In the cup or bud"),
        ("inline", "In the cable"),
    ),
    "radios": (("bluetooth", "Bluetooth"), ("dect", "DECT"), ("rf_24ghz", "2.4 GHz radio")),
    "connectors": (
        ("jack_3_5mm", "3.5 mm jack"),
        ("jack_6_35mm", "6.35 mm jack"),
        ("dual_3_5mm", "Two 3.5 mm jacks"),
        ("balanced_4_4mm", "4.4 mm balanced"),
        ("usb_a", "USB-A"),
        ("usb_c", "USB-C"),
        ("lightning_or_usb_c", "Lightning"),
        ("xlr", "XLR"),
        ("ga_dual_plug", "General-aviation dual plug"),
        ("helicopter_u174", "Helicopter U-174"),
        ("qd", "Quick disconnect"),
    ),
    "platforms": (
        ("pc", "Computer"),
        ("phone", "Phone"),
        ("tablet", "Tablet"),
        ("tv", "Television"),
        ("dap", "Music player"),
        ("xbox", "Xbox"),
        ("playstation", "PlayStation"),
        ("switch", "Switch"),
        ("desk_phone", "Desk phone"),
        ("aircraft_intercom", "Aircraft intercom"),
    ),
    "latency": (
        ("wired", "Cable: none to speak of"),
        ("low", "Low-latency radio"),
        ("ordinary", "Ordinary Bluetooth"),
    ),
}
_SORTS: Mapping[Sort, FacetSort] = {
    Sort.FLAG: FacetSort.FLAG,
    Sort.CHOICE: FacetSort.CHOICE,
    Sort.LIST: FacetSort.LIST,
    Sort.NUMBER: FacetSort.NUMBER,
    Sort.TEXT: FacetSort.CHOICE,
}


def _of_spec(spec: Spec) -> Facet:
    values = _FLAG if spec.sort is Sort.FLAG else _SPEC_VALUES.get(spec.key, ())
    return Facet(spec.key, spec.label, spec.group, _SORTS[spec.sort], Origin.SPECS, spec.unit, values)


_STOCK = tuple((item.value, item.label) for item in Availability if item is not Availability.UNKNOWN)

FACETS: tuple[Facet, ...] = (
    Facet(
        "kind",
        "Kind",
        PRODUCT,
        FacetSort.CHOICE,
        Origin.PRODUCT,
        values=tuple((kind.value, kind.plural) for kind in Kind),
    ),
    # A product earns several type names (`catalog/kinds.py`).
    Facet(
        "type",
        "Type",
        PRODUCT,
        FacetSort.LIST,
        Origin.PRODUCT,
        values=tuple((name.value, name.label) for name in ProductType),
    ),
    Facet("brand", "Brand", PRODUCT, FacetSort.CHOICE, Origin.PRODUCT),
    # The lowest total that may be shown now, of a new item that can be ordered, in the currency asked for.
    Facet("price", "Price", BUYING, FacetSort.MONEY, Origin.OFFERS),
    # The best that any merchant says of a new item, as long as it may be shown.
    Facet("stock", "Stock", BUYING, FacetSort.CHOICE, Origin.OFFERS, values=_STOCK),
    Facet("merchant", "Merchant", BUYING, FacetSort.LIST, Origin.OFFERS),
    # What the product's card prints.
    Facet("score", "Our score", JUDGED, FacetSort.NUMBER, Origin.SCORES, "out of 10"),
    # An overall of `GOOD_FROM` or more by that use case's weights.
    Facet("use_case", "Good for", JUDGED, FacetSort.LIST, Origin.SCORES),
    *(_of_spec(spec) for spec in SPECS),
)
BY_KEY: Mapping[str, Facet] = {facet.key: facet for facet in FACETS}

# Every order ends with brand, model and variant, so that equal products keep their places. What has no value for the
# order stands at the end. `score:<use case>` orders by that use case's overall.
SORTS: Mapping[str, str] = {
    "sold": "With offers first",
    "match": "Best match",
    "price": "Lowest price",
    "score": "Our score",
    "weight_g": "Lightest",
    "battery_hours": "Longest battery life",
    "newest": "Newest first",
    "name": "Name",
}
SCORE_FOR = "score:"


def is_sort(written: str) -> bool:
    """Whether products can be sorted by this; which use cases there are, the table cannot know."""
    return written in SORTS or (written.startswith(SCORE_FOR) and len(written) > len(SCORE_FOR))
