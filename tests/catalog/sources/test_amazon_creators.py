"""Amazon is asked as it wants to be asked, and every one of its refusals has its own consequence."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from catalog.reading import NotSold, Reading, Unreadable
from catalog.services.tokens import SharedTokens
from catalog.settings_fields import problems
from catalog.sources.amazon_creators import AmazonCreators
from catalog.sources.amazon_creators.access import access_of
from catalog.sources.amazon_creators.shops import SHOPS
from catalog.sources.base import FeedState, SourceError, Wanted
from tests.catalog.shop import Page, Visit
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.amazon import CREDENTIAL, SECRET, Amazon, error, item, listing, open_amazon, says

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ASINS = [f"B0{number:08d}" for number in range(40)]
Said = Reading | NotSold | Unreadable


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with open_amazon() as amazon:
        yield amazon


def read(amazon: Amazon, *skus: str, tokens: OwnTokens | None = None, **settings: str) -> list[Said]:
    answer = AmazonCreators().read(
        [Wanted(sku=sku, url=f"https://{amazon.marketplace}/dp/{sku}", currency="USD") for sku in skus],
        amazon.settings(**settings),
        door=amazon.shop.door(timeout_seconds=0.5, deadline_seconds=1.5),
        now=NOW,
        state=FeedState(),
        tokens=tokens or OwnTokens(),
    )
    return list(answer.items)


def refused(amazon: Amazon, *skus: str, tokens: OwnTokens | None = None, **settings: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(amazon, *(skus or ASINS[:1]), tokens=tokens, **settings)
    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) > 20
    return caught.value


def test_items_are_told_apart_by_their_asin_not_by_their_place(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing(100 + place)) for place, asin in enumerate(ASINS[:10])}
    said = read(amazon, *ASINS[:10])
    assert [(one.sku, str(one.amount)) for one in said if isinstance(one, Reading)] == [
        (asin, f"{100 + place}.00") for place, asin in enumerate(ASINS[:10])
    ]


def test_ten_items_are_asked_for_in_one_request_each_once(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing()) for asin in ASINS}
    said = read(amazon, *ASINS[:25], *ASINS[:5])
    assert [one.sku for one in said] == ASINS[:25]
    assert [len(sent["itemIds"]) for sent in amazon.asked] == [10, 10, 5]
    assert len(amazon.tokens) == 1


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3", "3.1", "3.2", "3.3"])
def test_every_version_of_a_credential_asks_in_its_own_way(version: str) -> None:
    shop = {"1": "www.amazon.ca", "2": "www.amazon.de", "3": "www.amazon.co.jp"}[version[-1]]
    with open_amazon(version=version, marketplace=shop, tag="earmark-99") as amazon:
        amazon.items = {ASINS[0]: item(ASINS[0], listing(1980, "JPY"))}
        (said,) = read(amazon, ASINS[0])
        assert isinstance(said, Reading)
        assert (str(said.amount), said.currency) == ("1980", "JPY")


@pytest.mark.parametrize("container", ["itemsResult", "itemResults", "items"])
def test_all_three_spellings_of_the_container_are_read(amazon: Amazon, container: str) -> None:
    amazon.container = container
    amazon.items = {ASINS[0]: item(ASINS[0], listing(12.5))}
    said = read(amazon, ASINS[0], ASINS[1])
    assert [type(one) for one in said] == [Reading, Unreadable]


def test_an_item_that_amazon_does_not_hand_out_does_not_harm_the_others(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing()) for asin in ASINS[:4]}
    amazon.errors = {ASINS[4]: "ItemNotAccessible", ASINS[5]: "InvalidParameterValue", ASINS[6]: "SomethingNew"}
    said = {one.sku: one for one in read(amazon, *ASINS[:8])}
    assert [type(said[asin]) for asin in ASINS[:8]] == [Reading] * 4 + [Unreadable] * 4
    reasons = [one.reason for one in said.values() if isinstance(one, Unreadable)]
    assert "does not hand out this item" in reasons[0]
    assert "does not accept this ASIN" in reasons[1]
    assert "SomethingNew" in reasons[2]
    assert "knows no such item" in reasons[3]


def test_ten_dead_items_are_ten_dead_items_and_no_outage(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing()) for asin in ASINS[10:12]}
    said = read(amazon, *ASINS[:12])
    assert len(amazon.asked) == 2
    assert all("knows no such item" in one.reason for one in said[:10] if isinstance(one, Unreadable))
    assert [type(one) for one in said] == [Unreadable] * 10 + [Reading] * 2


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"code": "NoResults", "message": "No results."}]},
        {"__type": "com.amazon.creators#ResourceNotFoundException", "message": "No results", "resourceType": "Item"},
        {"type": "ResourceNotFoundException", "message": "No items found"},
    ],
    ids=["NoResults", "prefixed type", "bare type"],
)
def test_every_way_to_say_not_found_is_understood(amazon: Amazon, body: object) -> None:
    amazon.faults = [says(404, body)]
    said = read(amazon, *ASINS[:10])
    assert [type(one) for one in said] == [Unreadable] * 10


def test_a_404_that_is_not_the_apis_own_is_an_outage(amazon: Amazon) -> None:
    amazon.faults = [says(404, b"<html>Page not found</html>")]
    assert not refused(amazon).permanent


def test_no_featured_offer_means_not_sold_now(amazon: Amazon) -> None:
    amazon.items = {
        ASINS[0]: {"asin": ASINS[0]},
        ASINS[1]: item(ASINS[1]),
        ASINS[2]: {"asin": ASINS[2], "offersV2": None},
        ASINS[3]: {"asin": ASINS[3], "offersV2": {}},
    }
    said = read(amazon, *ASINS[:4])
    assert [type(one) for one in said] == [NotSold] * 4


def test_what_is_no_asin_is_never_sent(amazon: Amazon) -> None:
    amazon.items = {ASINS[0]: item(ASINS[0], listing())}
    said = {one.sku: one for one in read(amazon, "A1", ASINS[0], "b012345678", "B0123456789")}
    assert isinstance(said[ASINS[0]], Reading)
    assert all(isinstance(said[sku], Unreadable) for sku in ("A1", "b012345678", "B0123456789"))
    assert amazon.asked[0]["itemIds"] == [ASINS[0]]


def test_one_id_that_is_refused_does_not_keep_the_others_from_being_read(amazon: Amazon) -> None:
    bad = ASINS[7]
    amazon.items = {asin: item(asin, listing()) for asin in ASINS if asin != bad}

    def picky(visit: Visit) -> None:
        if bad in json.loads(visit.body)["itemIds"]:
            amazon.asked.append({})
            says(400, error("ValidationException", "FieldValidationFailed", fieldList=["itemIds"]))(visit)
        else:
            amazon.get_items(visit)

    amazon.shop.serves("/catalog/v1/getItems", picky)
    said = {one.sku: one for one in read(amazon, *ASINS[:10])}
    assert [asin for asin in ASINS[:10] if isinstance(said[asin], Unreadable)] == [bad]
    assert len(amazon.asked) <= 9


# tokens


def test_a_token_that_ends_in_the_middle_of_a_run_is_renewed_once(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing()) for asin in ASINS}
    amazon.requests_per_token = 2
    said = read(amazon, *ASINS)
    assert len([one for one in said if isinstance(one, Reading)]) == 40
    assert len(amazon.tokens) == 2


def test_a_kept_token_of_another_worker_is_used(amazon: Amazon) -> None:
    amazon.items = {ASINS[0]: item(ASINS[0], listing())}
    tokens = OwnTokens()
    for _ in range(3):
        read(amazon, ASINS[0], tokens=tokens)
    assert len(amazon.tokens) == 1
    (key,) = tokens.kept
    assert SECRET not in key
    assert CREDENTIAL not in key


def test_workers_that_start_at_once_share_one_token_also_after_it_ended(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing()) for asin in ASINS}
    key = access_of(amazon.settings()).token_key

    def work(asins: list[str]) -> int:
        return len([one for one in read(amazon, *asins, tokens=SharedTokens()) if isinstance(one, Reading)])

    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(work, [ASINS[start : start + 10] for start in range(0, 40, 10)])) == [10] * 4
        assert len(amazon.tokens) == 1
        amazon.expired.add(amazon.tokens[0])
        assert list(workers.map(work, [ASINS[start : start + 10] for start in range(0, 40, 10)])) == [10] * 4
    assert len(amazon.tokens) == 2
    SharedTokens().forget(key, amazon.tokens[-1])


def test_a_fresh_token_that_is_refused_too_ends_the_round_without_a_third_try(amazon: Amazon) -> None:
    amazon.faults = [says(401, error("UnauthorizedException", "TokenExpired"))] * 2
    assert not refused(amazon).permanent
    assert len(amazon.asked) == 2


@pytest.mark.parametrize("code", ["invalid_client", "unauthorized_client", "invalid_scope"])
def test_a_wrong_secret_is_a_permanent_refusal_that_names_the_settings(amazon: Amazon, code: str) -> None:
    amazon.token_faults = [says(401, {"error": code, "error_description": f"you sent {SECRET}"})]
    found = refused(amazon)
    assert found.permanent
    assert code in str(found)
    assert "credential_secret" in str(found)


@pytest.mark.parametrize(
    ("fault", "permanent"),
    [
        (says(500, b"oops"), False),
        (says(403, b"<html>Forbidden by a firewall</html>"), False),
        (says(200, b"<html>Sign in</html>"), False),
        (says(200, {"token_type": "bearer"}), False),
        (says(200, {"access_token": "two\nlines: of header"}), False),
        (says(200, {"access_token": 7}), False),
        (says(200, []), False),
    ],
    ids=["error", "firewall", "web page", "no token", "token that breaks a header", "number", "list"],
)
def test_what_is_no_token_is_said(amazon: Amazon, fault: Page, permanent: bool) -> None:
    amazon.token_faults = [fault]
    assert refused(amazon).permanent is permanent
    assert amazon.asked == []


def test_a_busy_token_server_is_left_alone_as_long_as_it_asks(amazon: Amazon) -> None:
    amazon.token_faults = [says(429, b"", retry_after="33")]
    assert refused(amazon).retry_after == 33


# refusals of the API


@pytest.mark.parametrize(
    ("body", "headers", "wait"),
    [
        ({"type": "ThrottleException"}, {}, None),
        ({"type": "ThrottleException", "retryAfterSeconds": 60}, {}, 60),
        ({"type": "ThrottleException"}, {"retry_after": "90"}, 90),
        ({"type": "ThrottleException", "retryAfterSeconds": 60}, {"retry_after": "5"}, 60),
        ({"type": "ThrottleException", "retryAfterSeconds": 1e12}, {}, 86_400),
        ({"type": "ThrottleException", "retryAfterSeconds": -3}, {}, None),
        ({"type": "ThrottleException", "retryAfterSeconds": "soon"}, {}, None),
        ([], {}, None),
    ],
    ids=["no wait", "in the body", "in the header", "the longer", "at most a day", "negative", "words", "no object"],
)
def test_a_throttled_request_waits_as_long_as_the_answer_says(
    amazon: Amazon, body: object, headers: dict[str, str], wait: float | None
) -> None:
    amazon.faults = [says(429, body, **headers)]
    found = refused(amazon)
    assert (found.retry_after, found.permanent) == (wait, False)


def test_what_was_read_before_a_failure_stays(amazon: Amazon) -> None:
    amazon.items = {asin: item(asin, listing()) for asin in ASINS}
    amazon.faults = [says(*amazon._answer(ASINS[:10])), says(500, error("InternalServerException"))]
    answer = AmazonCreators().read(
        [Wanted(sku=asin, url="", currency="USD") for asin in ASINS],
        amazon.settings(),
        door=amazon.shop.door(),
        now=NOW,
        state=FeedState(),
        tokens=OwnTokens(),
    )
    assert [next(answer.items).sku for _ in range(10)] == ASINS[:10]
    with pytest.raises(SourceError, match="error of its own"):
        next(answer.items)


def test_an_account_that_does_not_qualify_pauses_the_shop_and_says_why(amazon: Amazon) -> None:
    amazon.eligible = False
    found = refused(amazon)
    assert found.permanent
    assert "AssociateNotEligible" in str(found)
    assert "10 qualified sales" in str(found)
    assert "www.amazon.com" in str(found)


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (400, error("ValidationException", "InvalidPartnerTag"), "partner_tag"),
        (400, error("ValidationException", "InvalidAssociate"), "link them at Amazon"),
        (400, error("ValidationException", "FieldValidationFailed", fieldList=["partnerTag"]), "partner_tag"),
        (400, error("ValidationException", "FieldValidationFailed", fieldList=["resources"]), "about resources"),
        (400, error("ValidationException", "UnknownOperation"), "UnknownOperation"),
        (401, error("UnauthorizedException", "InvalidIssuer"), "another region"),
        (401, error("UnauthorizedException", "InvalidClient"), "credential_id"),
        (401, error("UnauthorizedException", "MissingKeyId"), "credential_id"),
        (403, error("AccessDeniedException", "AuthorizationFailed"), "may not use the API"),
        (403, {"__type": "com.amazon.creators#AccessDeniedException", "reason": "Other"}, "denies access"),
        (200, error("AccessDeniedException", "AssociateNotEligible"), "does not qualify"),
    ],
)
def test_a_refusal_that_time_does_not_heal_is_permanent_and_says_what_to_do(
    amazon: Amazon, status: int, body: object, word: str
) -> None:
    amazon.faults = [says(status, body)]
    found = refused(amazon)
    assert found.permanent
    assert word in str(found)
    assert len(amazon.asked) == 1


def test_a_tag_of_another_shop_is_said(amazon: Amazon) -> None:
    assert "partner_tag" in str(refused(amazon, partner_tag="someone-21"))


@pytest.mark.parametrize(
    "fault",
    [
        says(500, error("InternalServerException")),
        says(500, b"oops"),
        says(502, b"<html>Bad gateway</html>"),
        says(503, b""),
        says(400, b"<html>Bad request</html>"),
        says(403, b"<html>Access denied by the edge</html>"),
        says(302, b"", location="https://example.com/"),
        says(200, b"<!doctype html><html>Robot check</html>"),
        says(200, b'{"itemsResult": {"items": [{"asin": "B0000000'),
        says(200, b""),
        says(200, b"[]"),
        says(200, b"null"),
        says(200, b'{"itemsResult": NaN}'),
        says(200, b'{"unrelated": 1}'),
        says(200, b"[" * 100_000),
        says(200, b'{"a":' * 100_000),
        says(200, b"\xff\xfe\x00"),
        lambda visit: visit.answer(b'{"itemsResult"', length=5000),
        lambda visit: time.sleep(0.9),
        lambda visit: visit.wfile.write(b"\x00\x01\r\n\r\n"),
    ],
    ids=range(20),
)
def test_an_answer_that_is_none_is_tried_again_later(amazon: Amazon, fault: Page) -> None:
    amazon.faults = [fault]
    assert not refused(amazon).permanent


def test_an_old_api_answer_is_named(amazon: Amazon) -> None:
    amazon.faults = [says(200, {"ItemsResult": {"Items": [{"ASIN": ASINS[0]}]}})]
    assert "Product Advertising API" in str(refused(amazon))


# settings


def test_a_credential_of_another_region_is_found_out_before_anything_is_asked(amazon: Amazon) -> None:
    found = refused(amazon, marketplace="www.amazon.de")
    assert found.permanent
    assert "3.2" in str(found)
    assert amazon.tokens == []


def test_missing_settings_are_named(amazon: Amazon) -> None:
    found = refused(amazon, partner_tag="", credential_secret="")
    assert found.permanent
    assert "partner_tag, credential_secret" in str(found)


def test_every_shop_belongs_to_a_region_with_its_own_token_servers() -> None:
    assert len(SHOPS) == 22
    assert {region.number for region in SHOPS.values()} == {"1", "2", "3"}
    assert SHOPS["www.amazon.in"].token_url_3 == "https://api.amazon.co.uk/auth/o2/token"
    assert SHOPS["www.amazon.com.au"].token_url_2.startswith("https://creatorsapi.auth.us-west-2.amazoncognito.com/")


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("https://proxy.example/amazon", True),
        ("http://127.0.0.1:8000", True),
        ("http://proxy.example/amazon", False),
        ("http://127.0.0.1.example.com/", False),
        ("ftp://proxy.example/", False),
    ],
)
def test_the_secret_only_travels_encrypted_or_inside_this_machine(address: str, is_fine: bool) -> None:
    given = {**AmazonCreators.example_settings, "credential_secret": "AMAZON_SECRET", "token_url": address}
    assert (problems(AmazonCreators.settings, given) == []) is is_fine
