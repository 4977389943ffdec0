"""Whatever JSON an API sends, its source answers in its own words and never with a price that is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.http import Reply
from catalog.reading import NotSold, Reading, Unreadable
from catalog.sources.amazon_creators import AmazonCreators
from catalog.sources.base import FeedState, Source, SourceError, Wanted
from catalog.sources.best_buy import BestBuy
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.amazon import item, listing
from tests.servers.best_buy import product

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ASIN, SKU = "B000000001", "6501022"
# The only amount that may ever be read: every other number below is one of something else, or of nobody's.
PRICE = Decimal("937.39")
TRAPS = [771.2, 0, -1, 1e300, "99", "1,299.00", "$5 / Count", True, None, "", "NaN", [], {}, {"amount": 5}, [7], "USD"]


class Answers:
    """A door behind which a token is handed out and every other request gets the same body."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self._body, self._status = body, status

    @contextmanager
    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> Iterator[Reply]:
        yield Reply(self._status, {}, url, iter([self._body]))

    @contextmanager
    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> Iterator[Reply]:
        if url.endswith("/token"):
            yield Reply(200, {}, url, iter([b'{"access_token": "a-token-of-ours"}']))
        else:
            yield Reply(self._status, {}, url, iter([self._body]))


def ask(source: Source, sku: str, body: bytes, status: int = 200) -> list[Reading | NotSold | Unreadable]:
    given_settings = {**source.example_settings, "open_box": "read"}
    try:
        answer = source.read(
            [Wanted(sku=sku, url="", currency="USD")],
            {name: value.replace("{server}", "http://127.0.0.1") for name, value in given_settings.items()},
            door=Answers(body, status),
            now=NOW,
            state=FeedState(),
            tokens=OwnTokens(),
        )
        return list(answer.items)
    except SourceError:
        return []


def mutated(tree: Any, paths: list[tuple[int, Any]]) -> Any:
    """The tree with some of its parts, counted through, replaced by something else (or left out: `...`)."""
    places = list(_places(tree))
    for number, value in paths:
        holder, key = places[number % len(places)]
        try:
            if value is ...:
                del holder[key]
            else:
                holder[key] = value
        except (KeyError, IndexError):
            continue
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(parts):
        yield tree, key
        yield from _places(value)


AMAZON = {
    "itemsResult": {
        "items": [
            item(
                ASIN,
                listing(
                    937.39,
                    isBuyBoxWinner=True,
                    price={
                        "money": {"amount": 937.39, "currency": "USD", "displayAmount": "$937.39"},
                        "pricePerUnit": {"amount": 29.75, "currency": "USD"},
                        "savingBasis": {"money": {"amount": 999.99, "currency": "USD"}},
                    },
                    dealDetails={"accessType": "ALL", "endTime": "2026-11-26T05:35Z"},
                    type="LIGHTNING_DEAL",
                ),
                itemInfo={"title": {"displayValue": "X"}, "externalIds": {"eans": {"displayValues": ["1"]}}},
            )
        ]
    },
    "errors": [{"code": "ItemNotFound", "message": "The ItemId B000000009 is not there."}],
}
BEST_BUY = {"products": [product(int(SKU), 937.39, regularPrice=1199)], "total": 1, "totalPages": 1, "results": []}
CASES = [(AmazonCreators(), ASIN, AMAZON), (BestBuy(), SKU, BEST_BUY)]
CHANGES = st.lists(st.tuples(st.integers(0, 200), st.sampled_from([*TRAPS, ...])), min_size=1, max_size=4)
# Where an amount stands by right: another one put there is the shop's own say and no misreading.
AMOUNTS = ("amount", "salePrice")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([0, 1]), CHANGES)
def test_a_changed_answer_gives_its_price_or_none(which: int, changes: list[tuple[int, Any]]) -> None:
    source, sku, tree = CASES[which]
    copy = mutated(json.loads(json.dumps(tree)), changes)
    stated = {str(Decimal(str(value)).normalize()) for value in _stated(copy) if _is_positive(value)}
    for said in ask(source, sku, json.dumps(copy).encode()):
        assert said.sku == sku
        if isinstance(said, Reading):
            assert said.amount == PRICE or str(said.amount.normalize()) in stated
            assert said.currency == "USD"


def _stated(tree: Any) -> Iterator[Any]:
    """Amounts at their own place: in `price.money` of a listing, in `salePrice`."""
    for holder, key in _places(tree):
        if key == "salePrice":
            yield holder[key]
        if key == "money" and isinstance(holder[key], dict) and "pricePerUnit" in holder:
            yield holder[key].get("amount")


def _is_positive(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)) > 0
    except ArithmeticError:
        return False


KEYS = st.sampled_from(
    [
        "itemsResult", "itemResults", "items", "asin", "offersV2", "listings", "price", "money", "amount", "currency",
        "condition", "value", "type", "__type", "reason", "errors", "code", "message", "availability", "dealDetails",
        "products", "results", "sku", "salePrice", "regularPrice", "offers", "prices", "current", "active", "error",
    ]
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([ASIN, SKU, int(SKU), "USD", "New", "ValidationException", "x#UnauthorizedException", "itemIds"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=25
)

STATUSES = st.sampled_from([200, 400, 401, 403, 404, 500])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([0, 1]), st.dictionaries(KEYS, JSON, max_size=4), st.sampled_from([200, 400, 401, 403, 404, 500])
)
def test_any_json_at_all_is_answered(which: int, tree: dict[str, Any], status: int) -> None:
    source, sku, _ = CASES[which]
    for said in ask(source, sku, json.dumps(tree).encode(), status):
        assert said.sku == sku


@pytest.mark.parametrize("depth", [50, 300, 900, 5000, 200_000])
@pytest.mark.parametrize("which", [0, 1])
def test_depth_without_end_is_refused_or_ignored(which: int, depth: int) -> None:
    source, sku, tree = CASES[which]
    whole = json.dumps(tree).encode()
    for opening, closing in ((b'{"a":', b"}"), (b"[", b"]")):
        deep = opening * depth + b"1" + closing * depth
        ask(source, sku, deep)
        for part in (b'"errors": [', b'"displayAmount": "$937.39"', b'"name": "Acme - Headset One - Black"'):
            name = part.partition(b":")[0]
            ask(source, sku, whole.replace(part, name + b": " + deep, 1))
