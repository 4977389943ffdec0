from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from catalog.reading import Availability, NotSold, Reading, SourceError, Unreadable
from catalog.settings_fields import problems
from catalog.sources.base import FeedState, Wanted
from catalog.sources.ebay_browse import EbayBrowse
from tests.catalog.sources.pages import NOW
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.ebay import CAMPAIGN, CLIENT, SECRET, Ebay, errors, item, money, open_ebay, says

A, B = "v1|110000000001|0", "v1|110000000002|410000000002"
Said = Reading | NotSold | Unreadable


@pytest.fixture
def ebay() -> Iterator[Ebay]:
    with open_ebay() as ebay:
        ebay.items = {A: item(A), B: item(B, money("89.50"))}
        yield ebay


def walk(ebay: Ebay, *skus: str, tokens: OwnTokens | None = None, **settings: str) -> Iterator[Said]:
    wanted = [Wanted(sku=sku, url="", currency="USD") for sku in skus]
    yield from (
        EbayBrowse()
        .read(
            wanted,
            ebay.settings(**settings),
            door=ebay.shop.door(timeout_seconds=0.5, deadline_seconds=1.5),
            now=NOW,
            state=FeedState(),
            tokens=tokens or OwnTokens(),
        )
        .items
    )


def test_each_item_is_asked_for_by_its_id_with_the_bars_encoded(ebay: Ebay) -> None:
    said = list(walk(ebay, A, B))
    assert [(one.sku, one.amount) for one in said if isinstance(one, Reading)] == [
        (A, Decimal("199.99")),
        (B, Decimal("89.50")),
    ]
    assert ebay.asked == [[A], [B]]
    assert len(ebay.tokens) == 1


def test_a_listings_number_is_an_item_without_variations(ebay: Ebay) -> None:
    (said,) = walk(ebay, "110000000001")
    assert isinstance(said, Reading)
    assert said.sku == "110000000001"
    assert ebay.asked == [[A]]


def test_what_is_no_item_id_is_not_asked_for(ebay: Ebay) -> None:
    said = list(walk(ebay, "B0EXAMPLE1", "v1|1|0", "v1|110000000001|0/../x"))
    assert all(isinstance(one, Unreadable) for one in said)
    assert ebay.asked == []


def test_it_is_said_for_which_campaign_and_place_we_ask(ebay: Ebay) -> None:
    list(walk(ebay, A, reference_id="guide-1", postal_code="10001"))
    list(walk(ebay, A, campaign_id=""))
    assert ebay.contexts == [
        f"affiliateCampaignId={CAMPAIGN},affiliateReferenceId=guide-1,contextualLocation=country%3DUS%2Czip%3D10001",
        "contextualLocation=country%3DUS",
    ]


def test_a_campaign_that_is_no_ten_digits_cannot_be_stored_or_used(ebay: Ebay) -> None:
    given = {"marketplace": "EBAY_DE", "client_id": CLIENT, "client_secret": "EBAY_CERT_ID"}
    assert problems(EbayBrowse.settings, given) == []
    assert problems(EbayBrowse.settings, {**given, "campaign_id": "<ePNCampaignId>"})
    with pytest.raises(SourceError, match="campaign_id") as caught:
        list(walk(ebay, A, campaign_id="<ePNCampaignId>"))
    assert caught.value.permanent


def test_the_link_that_pays_is_taken_only_when_it_is_for_our_campaign(ebay: Ebay) -> None:
    ours = f"https://www.ebay.com/itm/110000000001?mkevt=1&campid={CAMPAIGN}&toolid=10049"
    plain = "https://www.ebay.com/itm/110000000001"
    for given, expected in {
        ours: ours,
        "https://www.ebay.com/itm/110000000001?mkevt=1&campid=%253CePNCampaignId%253E": plain,
        "https://www.ebay.com/itm/110000000001?campid=9999999999": plain,
        f"https://www.ebay.com.evil.example/itm/1?campid={CAMPAIGN}": plain,
    }.items():
        ebay.items[A] = item(A, itemAffiliateWebUrl=given)
        (said,) = walk(ebay, A)
        assert isinstance(said, Reading)
        assert said.url == expected


def test_a_token_is_shared_and_renewed_when_it_ends_in_the_middle(ebay: Ebay) -> None:
    ebay.requests_per_token = 2
    ebay.items = {f"v1|11000000000{n}|0": item(f"v1|11000000000{n}|0") for n in range(5)}
    said = list(walk(ebay, *ebay.items))
    assert all(isinstance(one, Reading) for one in said)
    assert len(ebay.tokens) == 3


def test_a_new_token_that_is_refused_ends_the_round(ebay: Ebay) -> None:
    ebay.requests_per_token = 0
    tokens = OwnTokens()
    with pytest.raises(SourceError, match="just handed out") as caught:
        list(walk(ebay, A, tokens=tokens))
    assert not caught.value.permanent
    assert len(ebay.tokens) == 2
    assert tokens.kept == {}


def test_a_key_set_that_is_refused_is_told_without_its_secret(ebay: Ebay) -> None:
    for fault, permanent in ((says(401, {"error": "invalid_client"}), True), (says(500, b"oops"), False)):
        ebay.token_faults = [fault]
        with pytest.raises(SourceError) as caught:
            list(walk(ebay, A))
        assert caught.value.permanent is permanent
        assert SECRET not in str(caught.value)
    with pytest.raises(SourceError, match=r"client_id.*client_secret"):
        list(walk(ebay, A, client_secret="another-secret"))


@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in</html>", b'{"access_token": 5}', b'{"access_token": "a b\\r\\nx: y"}', b"[1]"]
)
def test_an_answer_without_a_token_is_no_token(ebay: Ebay, body: bytes) -> None:
    ebay.token_faults = [says(200, body)]
    with pytest.raises(SourceError, match="request for a token"):
        list(walk(ebay, A))


@pytest.mark.parametrize("number", [11001, 11004])
@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_listing_that_is_gone_is_an_answer_with_whatever_status(ebay: Ebay, number: int, status: int) -> None:
    ebay.faults = [says(status, errors(number))]
    gone, other = walk(ebay, A, B)
    assert isinstance(gone, NotSold)
    assert (gone.sku, gone.availability) == (A, Availability.DISCONTINUED)
    assert isinstance(other, Reading)


@pytest.mark.parametrize(("number", "why"), [(11012, "does not accept this item id"), (11006, "has variations")])
def test_an_id_that_ebay_refuses_is_unreadable_and_bars_nobody(ebay: Ebay, number: int, why: str) -> None:
    ebay.faults = [says(400, errors(number))]
    refused, other = walk(ebay, A, B)
    assert isinstance(refused, Unreadable)
    assert why in refused.reason
    assert isinstance(other, Reading)


def test_a_group_of_variations_has_no_price(ebay: Ebay) -> None:
    ebay.faults = [says(200, {"items": [item(A), item(B)], "commonDescriptions": []})]
    (said,) = walk(ebay, A)
    assert isinstance(said, Unreadable)
    assert "variations" in said.reason


@pytest.mark.parametrize(
    ("status", "body", "permanent", "why"),
    [
        (409, errors(11011), True, "marketplace"),
        (400, errors(11015), True, "so many items"),
        (403, errors(1100), True, "does not let our key set"),
        (403, errors(2001), False, "quota"),
        (400, errors(99999), False, "99999"),
        (200, errors(99999), False, "99999"),
        (403, b"<html>blocked</html>", False, "403"),
        (200, b"<html>Please sign in</html>", False, "web page"),
        (200, b'{"itemId": "v1|11', False, "cut short"),
        (200, b"[]", False, "object"),
    ],
)
def test_what_is_about_no_single_item_ends_the_round(
    ebay: Ebay, status: int, body: object, permanent: bool, why: str
) -> None:
    ebay.faults = [says(status, body)]
    with pytest.raises(SourceError, match=why) as caught:
        list(walk(ebay, A, B))
    assert caught.value.permanent is permanent
    assert SECRET not in str(caught.value)
    assert len(ebay.asked) == 1


def test_one_item_that_ebay_fails_on_bars_nobody_but_three_in_a_row_do(ebay: Ebay) -> None:
    failing = says(500, errors(11000, category="APPLICATION"))
    ebay.faults = [failing]
    first, second = walk(ebay, A, B)
    assert isinstance(first, Unreadable)
    assert isinstance(second, Reading)
    ebay.faults = [failing] * 5
    ebay.asked.clear()
    with pytest.raises(SourceError, match="11000"):
        list(walk(ebay, A, B, "v1|110000000003|0", "v1|110000000004|0"))
    assert len(ebay.asked) == 3


def test_a_busy_or_slow_ebay_ends_the_round_and_keeps_what_came_before(ebay: Ebay) -> None:
    walking = walk(ebay, A, B)
    assert isinstance(next(walking), Reading)
    ebay.faults = [says(429, errors(2001), retry_after="90")]
    with pytest.raises(SourceError) as caught:
        next(walking)
    assert (caught.value.retry_after, caught.value.permanent) == (90.0, False)
    ebay.faults = [lambda visit: time.sleep(1)]
    with pytest.raises(SourceError) as caught:
        list(walk(ebay, A))
    assert not caught.value.permanent
    ebay.faults = [lambda visit: visit.answer(b'{"itemId"', length=500)]
    with pytest.raises(SourceError, match="cut short"):
        list(walk(ebay, A))


def test_twenty_items_are_one_request_where_ebay_has_granted_that(ebay: Ebay) -> None:
    ebay.grants_bulk = True
    ebay.items = {f"v1|1100000000{n:02}|0": item(f"v1|1100000000{n:02}|0") for n in range(25)}
    said = list(walk(ebay, *ebay.items, bulk="read"))
    assert all(isinstance(one, Reading) for one in said)
    assert {one.sku for one in said} == set(ebay.items)
    assert [len(ids) for ids in ebay.asked] == [20, 5]


def test_what_an_answer_in_bulk_leaves_out_is_asked_for_alone(ebay: Ebay) -> None:
    ebay.grants_bulk = True
    gone = "v1|110000000009|0"
    said = {one.sku: one for one in walk(ebay, A, gone, B, bulk="read")}
    assert isinstance(said[gone], NotSold)
    assert isinstance(said[A], Reading)
    assert ebay.asked == [[A, gone, B], [gone]]
    ebay.left_out = frozenset({"conditionId", "buyingOptions", "title"})
    ebay.asked.clear()
    assert all(isinstance(one, Reading) for one in walk(ebay, A, B, bulk="read"))
    assert ebay.asked == [[A, B], [A], [B]]


def test_twenty_dead_items_are_no_outage(ebay: Ebay) -> None:
    ebay.grants_bulk = True
    said = list(walk(ebay, "v1|110000000007|0", "v1|110000000008|0", bulk="read"))
    assert [type(one) for one in said] == [NotSold, NotSold]


def test_bulk_without_a_grant_says_what_to_do(ebay: Ebay) -> None:
    with pytest.raises(SourceError, match="`bulk`") as caught:
        list(walk(ebay, A, B, bulk="read"))
    assert caught.value.permanent


def test_settings_that_are_missing_are_named(ebay: Ebay) -> None:
    with pytest.raises(SourceError, match="client_id") as caught:
        list(walk(ebay, A, client_id=""))
    assert caught.value.permanent
