"""Whatever bytes a merchant sends, a source answers in its own words."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.sources.base import SourceError
from tests.catalog.sources.feeds import PAYLOADS, item, read
from tests.catalog.sources.pages import ask, meta, offer, page, product

FEEDS = [path.read_bytes() for path in sorted(PAYLOADS.glob("feed*"))] + [item({"id": "A", "price": "1 USD"}).encode()]
FEEDS.append(
    b'{"id": "A", "price": {"value": "1", "currency": "USD"}, "shipping": [{"price": "2 USD"}]}\n{"id": "B"}\n'
)
MICRODATA = (
    '<div itemscope itemtype="http://schema.org/Product"><b itemprop="name">X</b><div itemprop="offers" itemscope '
    'itemtype="http://schema.org/Offer"><b itemprop="price">1</b><b itemprop="priceCurrency">USD</b></div></div>'
)
RDFA = MICRODATA.replace("itemprop", "property").replace("itemscope itemtype", "typeof")
PAGES = [
    page(product(offer(), hasVariant=[product(offer())], brand={"name": "X"})).encode(),
    page(product([offer(), {"@type": "AggregateOffer", "lowPrice": 1, "offers": [offer()]}])).encode(),
    page(body=RDFA).encode(),
    page(body=MICRODATA, head=meta(product__price__amount="1", product__price__currency="USD")).encode(),
]
DAMAGE = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6), st.integers(0, 12)), max_size=6)


def damaged(body: bytes, damage: list[tuple[int, bytes, int]]) -> bytes:
    for place, inserted, dropped in damage:
        at = place % (len(body) + 1)
        body = body[:at] + inserted + body[at + dropped :]
    return body


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FEEDS), DAMAGE)
def test_a_damaged_feed_is_read_or_refused_but_never_breaks(body: bytes, damage: list[tuple[int, bytes, int]]) -> None:
    with suppress(SourceError):
        assert None not in read(damaged(body, damage))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PAGES), DAMAGE)
def test_a_damaged_page_is_read_or_refused_but_never_breaks(body: bytes, damage: list[tuple[int, bytes, int]]) -> None:
    assert ask(damaged(body, damage)) is not None


OFFER_KEYS = ("offers", "price", "priceCurrency", "priceSpecification", "lowPrice", "highPrice", "itemCondition")
OTHER_KEYS = ("@type", "@id", "@graph", "name", "hasVariant", "availability", "eligibleQuantity", "referenceQuantity")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["199", "1e999", "EUR", "Offer"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(OFFER_KEYS + OTHER_KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, JSON)
def test_any_structured_data_is_read_or_refused_but_never_breaks(first: object, second: object) -> None:
    assert ask(page({"@type": "Product", "name": "X", "offers": first}, second)) is not None
