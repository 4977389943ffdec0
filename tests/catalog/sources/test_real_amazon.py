"""Amazon's own examples and answers taken by others are read as SOURCES.md says they should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable
from catalog.sources.amazon_creators import AmazonCreators
from catalog.sources.base import FeedState, SourceError, Wanted
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.amazon import Amazon, open_amazon, says

pytestmark = pytest.mark.real_data

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
Said = Reading | NotSold | Unreadable


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with open_amazon() as amazon:
        yield amazon


def read(amazon: Amazon, body: bytes, *asins: str, status: int = 200, now: datetime = NOW) -> dict[str, list[Said]]:
    amazon.faults = [says(status, body)]
    answer = AmazonCreators().read(
        [Wanted(sku=asin, url="", currency="USD") for asin in asins],
        amazon.settings(),
        door=amazon.shop.door(),
        now=now,
        state=FeedState(),
        tokens=OwnTokens(),
    )
    found: dict[str, list[Said]] = {}
    for said in answer.items:
        found.setdefault(said.sku, []).append(said)
    return found


def bytes_of(shared: Path, name: str) -> bytes:
    return (shared / "fixtures" / "amazon-creators-api" / name).read_bytes()


def test_a_used_winner_does_not_hide_the_new_price(shared: Path, amazon: Amazon) -> None:
    found = read(amazon, bytes_of(shared, "getItems_test_used_buybox_and_new.json"), "B000000001", "B000000002")
    new, used = found["B000000001"]
    assert isinstance(new, Reading)
    assert isinstance(used, Reading)
    assert (new.amount, new.condition, new.availability) == (Decimal("937.39"), Condition.NEW, Availability.IN_STOCK)
    assert (used.amount, used.condition) == (Decimal("771.20"), Condition.USED)
    (nothing,) = found["B000000002"]
    assert isinstance(nothing, NotSold)


def test_a_lightning_deal_for_prime_members_is_no_price(shared: Path, amazon: Amazon) -> None:
    during = datetime(2024, 11, 5, 20, tzinfo=UTC)
    body = bytes_of(shared, "getItems_doc_offersV2_lightning_deal.json")
    (said,) = read(amazon, body, "B00MNV8E0C", now=during)["B00MNV8E0C"]
    assert isinstance(said, Unreadable)
    assert "Prime members only" in said.reason


def test_the_same_deal_for_everybody_is_the_price_of_the_item_and_not_of_a_unit(shared: Path, amazon: Amazon) -> None:
    during = datetime(2024, 11, 5, 20, tzinfo=UTC)
    body = bytes_of(shared, "getItems_doc_offersV2_lightning_deal.json").replace(b"PRIME_EXCLUSIVE", b"ALL")
    (said,) = read(amazon, body, "B00MNV8E0C", now=during)["B00MNV8E0C"]
    assert isinstance(said, Reading)
    assert (said.amount, said.currency, said.availability) == (Decimal("59.49"), "USD", Availability.IN_STOCK)
    (later,) = read(amazon, body, "B00MNV8E0C")["B00MNV8E0C"]
    assert isinstance(later, Unreadable)


def test_partial_answers_name_what_is_missing(shared: Path, amazon: Amazon) -> None:
    body = bytes_of(shared, "getItems_doc_partial_itemResults.json")
    asins = ("B01180YUXS", "B0199980K4", "B000HZD168", "B00BKQTA4A")
    found = read(amazon, body, *asins)
    assert list(found) == list(asins)
    assert [type(said) for several in found.values() for said in several] == [Unreadable, NotSold, NotSold, NotSold]
    found = read(amazon, bytes_of(shared, "getItems_doc_partial_invalid_asin.json"), "B08N5WRWNW", "B0BL8WSCH3")
    (invalid,), (there,) = found.values()
    assert isinstance(invalid, Unreadable)
    assert "InvalidParameterValue" in invalid.reason
    assert isinstance(there, NotSold)


def test_a_listing_in_another_language_is_read(shared: Path, amazon: Amazon) -> None:
    given = json.loads(bytes_of(shared, "listing_doc_brl_was_price.json"))
    body = json.dumps({"itemsResult": {"items": [{"asin": "B000000001", **given}]}}).encode()
    (said,) = read(amazon, body, "B000000001")["B000000001"]
    assert isinstance(said, Reading)
    assert (said.amount, said.currency) == (Decimal("588.90"), "BRL")


def test_documented_deals_are_prices_only_for_all_and_while_they_run(shared: Path, amazon: Amazon) -> None:
    deals = json.loads(bytes_of(shared, "dealDetails_doc_two.json"))
    given = json.loads(bytes_of(shared, "listing_doc_brl_was_price.json"))["offersV2"]["listings"][0]
    body = json.dumps(
        {
            "items": [
                {"asin": f"B00000000{place}", "offersV2": {"listings": [{**given, **deal}]}}
                for place, deal in enumerate(deals)
            ]
        }
    ).encode()
    for now, kinds in (
        (datetime(2025, 2, 21, 0, tzinfo=UTC), [Reading, Unreadable]),
        (datetime(2025, 2, 16, 7, 59, tzinfo=UTC), [Unreadable, Unreadable]),
        (datetime(2025, 3, 2, 8, 0, tzinfo=UTC), [Unreadable, Unreadable]),
    ):
        found = read(amazon, body, "B000000000", "B000000001", now=now)
        assert [type(said) for several in found.values() for said in several] == kinds


def test_every_documented_error_has_its_consequence(shared: Path) -> None:
    outcomes: list[tuple[int, str, str]] = []
    for given in json.loads(bytes_of(shared, "errors_doc_all.json")):
        body = json.dumps(given["body"]).encode()
        with open_amazon() as amazon:
            amazon.faults = [says(given["status"], body)]
            try:
                found = read(amazon, body, "B000000001", "B000000002", status=given["status"])
                outcome = " ".join(type(said).__name__ for several in found.values() for said in several)
            except SourceError as error:
                outcome = f"{'permanent' if error.permanent else 'later'} {error.retry_after or ''}".strip()
            outcomes.append((given["status"], given["body"].get("reason", ""), outcome))
    assert outcomes == [
        (400, "InvalidPartnerTag", "permanent"),
        (400, "InvalidAssociate", "permanent"),
        (400, "FieldValidationFailed", "permanent"),
        # A new token is fetched and the question asked again; it is answered (with nothing) the second time.
        (401, "TokenExpired", "Unreadable Unreadable"),
        (401, "InvalidToken", "Unreadable Unreadable"),
        (403, "AssociateNotEligible", "permanent"),
        (404, "", "Unreadable Unreadable"),
        (404, "", "Unreadable Unreadable"),
        (404, "", "Unreadable Unreadable"),
        (429, "", "later"),
        (429, "", "later 60.0"),
        (500, "", "later"),
    ]


def test_answers_of_the_api_that_ended_are_refused_by_name(shared: Path, amazon: Amazon) -> None:
    old = sorted((shared / "fixtures" / "amazon-paapi5").glob("*.json"))
    assert len(old) == 4
    for path in old:
        with pytest.raises(SourceError):
            read(amazon, path.read_bytes(), "B079PQ7T6B")


def test_a_variation_summary_is_no_answer_about_items(shared: Path, amazon: Amazon) -> None:
    with pytest.raises(SourceError, match="holds no items"):
        read(amazon, bytes_of(shared, "variationSummary_test_gbp.json"), "B000000001")
