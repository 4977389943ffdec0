"""The index agrees with a look at each product, whatever comes, changes, goes or is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.facets import answer
from catalog.facets.asked import Asked, Found, Range
from catalog.facets.index import Index
from catalog.facets.rows import OfferRow, ProductRow
from tests.catalog.facets import naive

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BRANDS = {"sony": "Sony", "audio-technica": "Audio-Technica", "akg": "AKG"}
MODELS = ("WH-1000XM4", "WH-1000XM5", "HD 600", "ATH-M50x", "QuietComfort 45", "K 72", "K 702", "wh 1000")
WORDS = (
    "sony",
    "audio",
    "akg",
    "wh",
    "1000",
    "xm5",
    "wh1000",
    "wh-1000xm4",
    "hd600",
    "quiet",
    "comfort45",
    "k",
    "K7",
    "4901",
)

minutes = st.integers(-3, 6).map(lambda count: NOW + timedelta(minutes=count))
offers = st.builds(
    OfferRow,
    merchant=st.sampled_from(["one", "two"]),
    is_new=st.booleans(),
    availability=st.sampled_from(["in_stock", "back_order", "out_of_stock", "unknown"]),
    total=st.none() | st.sampled_from([Decimal("10.00"), Decimal("99.99"), Decimal("100.00")]),
    currency=st.sampled_from(["USD", "EUR"]),
    seen_at=st.none() | minutes,
    until=st.none() | minutes,
)
values = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([("headphones",), ("headset",)]),
        "anc": st.sampled_from([("yes",), ("no",)]),
        "connectors": st.sampled_from([("usb_c",), ("usb_c", "jack_3_5mm"), ("xlr",)]),
    },
)
numbers = st.fixed_dictionaries(
    {},
    optional={
        "weight_g": st.sampled_from([Decimal("5.5"), Decimal(250), Decimal("250.1"), Decimal(900)]),
        "release_year": st.sampled_from([Decimal(2019), Decimal(2024)]),
        "score": st.sampled_from([Decimal("6.9"), Decimal(9)]),
    },
)


@st.composite
def products(draw: st.DrawFn) -> ProductRow:
    brand = draw(st.sampled_from(sorted(BRANDS)))
    sold = tuple(draw(st.lists(offers, max_size=3)))
    shops = tuple(dict.fromkeys(offer.merchant for offer in sold))
    return ProductRow(
        id=draw(st.integers(1, 30)),
        brand=brand,
        brand_name=BRANDS[brand],
        model=draw(st.sampled_from(MODELS)),
        variant=draw(st.sampled_from(["", "wireless"])),
        codes=draw(st.sampled_from([(), ("04901234567894",), ("WH1000XM5/B",)])),
        values={**draw(values), "brand": (brand,), **({"merchant": shops} if shops else {})},
        numbers=draw(numbers),
        use_cases=draw(st.sampled_from([{}, {"travel": Decimal("7.5")}, {"travel": Decimal(6), "calls": Decimal(8)}])),
        offers=sold,
    )


ranges = st.builds(
    Range,
    low=st.none() | st.sampled_from([Decimal(-1), Decimal("5.55"), Decimal(250), Decimal(2020)]),
    high=st.none() | st.sampled_from([Decimal(-1), Decimal("99.995"), Decimal("250.05"), Decimal("1e30")]),
)
questions = st.builds(
    Asked,
    words=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    choices=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.frozensets(st.sampled_from(["headphones", "headset"]), max_size=2),
            "anc": st.frozensets(st.sampled_from(["yes", "no"]), min_size=1, max_size=2),
            "connectors": st.frozensets(st.sampled_from(["usb_c", "xlr", "qd"]), min_size=1, max_size=2),
            "brand": st.frozensets(st.sampled_from(["sony", "nobody"]), min_size=1, max_size=2),
            "merchant": st.just(frozenset({"one"})),
            "stock": st.sampled_from([frozenset({"in_stock"}), frozenset({"out_of_stock", "back_order"})]),
        },
    ),
    ranges=st.fixed_dictionaries({}, optional={"weight_g": ranges, "price": ranges, "release_year": ranges}),
    sort=st.sampled_from(["sold", "price", "score", "score:travel", "weight_g", "newest", "name"]),
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
)


def same(found: Found, wanted: Found) -> None:
    assert (found.ids, found.count, found.spans) == (wanted.ids, wanted.count, wanted.spans)
    assert found.counts == wanted.counts
    assert found.ways_out == wanted.ways_out


def every_word_is_known(asked: Asked, rows: dict[int, ProductRow]) -> bool:
    looked = [naive.Looked(row, asked, NOW) for row in rows.values()]
    words = asked.words.split()
    return all(
        any(one.bears(naive.folded(word), is_last=place == len(words)) for one in looked)
        for place, word in enumerate(words, 1)
    )


@pytest.mark.parametrize("few", [0, 3])
@settings(max_examples=80)
@given(made=st.lists(products(), max_size=12), asked=questions, start=st.integers(0, 5), size=st.integers(1, 5))
def test_finds_counts_and_orders_as_a_look_at_each_product_does(
    few: int, made: list[ProductRow], asked: Asked, start: int, size: int
) -> None:
    rows = {row.id: row for row in made}
    if not every_word_is_known(asked, rows):
        asked = replace(asked, words="")
    index = Index.of(rows.values(), {}, NOW)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answer, "FEW", few)  # small sets are looked through, large ones counted
        found = answer.find(index, asked, start=start, size=size)
    same(
        found,
        naive.find(rows.values(), asked, start=start, size=size, now=NOW),
    )


@settings(max_examples=80)
@given(
    st.lists(products(), max_size=8),
    st.lists(st.one_of(products(), st.integers(1, 30), minutes), min_size=1, max_size=25),
    questions,
)
def test_after_any_changes_it_says_what_a_new_one_would(
    made: list[ProductRow], changes: list[ProductRow | int | datetime], asked: Asked
) -> None:
    rows, now = {row.id: row for row in made}, NOW
    index = Index.of(rows.values(), {}, now)
    for change in changes:
        if isinstance(change, ProductRow):
            rows[change.id] = change
            index.put(change)
        elif isinstance(change, datetime):
            now = change
            index.turn(now)
        else:
            rows.pop(change, None)
            index.drop(change)
    if not every_word_is_known(asked, rows):
        asked = replace(asked, words="")
    same(answer.find(index, asked, start=0, size=50), naive.find(rows.values(), asked, start=0, size=50, now=now))
    assert len(index) == len(rows)


@settings(max_examples=40)
@given(st.lists(products(), max_size=12), questions)
def test_a_count_is_what_the_choice_would_find(made: list[ProductRow], asked: Asked) -> None:
    index = Index.of({row.id: row for row in made}.values(), {}, NOW)
    counts = answer.find(index, asked, start=0, size=1).counts
    for key in ("kind", "connectors", "merchant", "stock"):
        for value, count in counts[key].items():
            chosen = replace(asked, choices={**asked.choices, key: frozenset({value})})
            assert answer.find(index, chosen, start=0, size=1).count == count


@settings(max_examples=40)
@given(st.lists(products(), max_size=20), questions, st.integers(1, 4))
def test_pages_put_together_are_the_whole(made: list[ProductRow], asked: Asked, size: int) -> None:
    index = Index.of({row.id: row for row in made}.values(), {}, NOW)
    whole = answer.find(index, asked, start=0, size=100)
    pages = [answer.find(index, asked, start=start, size=size).ids for start in range(0, whole.count + size, size)]
    assert tuple(one for page in pages for one in page) == whole.ids
    assert len(whole.ids) == whole.count


def test_whoever_comes_between_stands_between_however_many_come() -> None:
    def named(number: int) -> ProductRow:
        return ProductRow(id=number, brand="a", brand_name="A", model=f"{number:05}")

    index = Index.of([named(0), named(99_999)], {}, NOW)
    for number in [*range(500, 0, -1), *range(501, 900)]:
        index.put(named(number))
    assert answer.find(index, Asked(sort="name"), start=0, size=2000).ids == (*range(900), 99_999)


def test_a_facet_that_does_not_exist_is_refused() -> None:
    index = Index.of([], {}, NOW)
    for asked in (Asked(choices={"smell": frozenset({"x"})}), Asked(ranges={"kind": Range()}), Asked(sort="random")):
        with pytest.raises(ValueError, match="no such facet or order"):
            answer.find(index, asked, start=0, size=1)


def test_what_is_not_known_is_in_no_range_and_no_count() -> None:
    rows = [
        ProductRow(
            id=1, brand="a", brand_name="A", model="1", numbers={"weight_g": Decimal(200)}, values={"anc": ("no",)}
        ),
        ProductRow(id=2, brand="a", brand_name="A", model="2"),
    ]
    found = answer.find(Index.of(rows, {}, NOW), Asked(ranges={"weight_g": Range(high=Decimal(250))}), start=0, size=9)
    assert found.ids == (1,)
    everything = answer.find(Index.of(rows, {}, NOW), Asked(), start=0, size=9)
    assert everything.counts["anc"] == {"no": 1}
    assert everything.spans["weight_g"] == (Decimal("200.0"), Decimal("200.0"))
