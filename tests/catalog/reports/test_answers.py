"""What a network's answer means, and above all an answer that is none."""

from __future__ import annotations

import pytest

from catalog.reports.answers import ReportError, asked, rows_of
from tests.catalog.shop import Shop, open_shop
from tests.servers.faults import says


def ask(shop: Shop, **more: object) -> object:
    return asked(
        shop.door(),
        shop.url("/api?key=s3cret"),
        who="Acme",
        headers={"x-a": "b"},
        advice="check the key",
        **more,  # type: ignore[arg-type]
    )


def test_json_is_handed_over_with_exact_numbers() -> None:
    with open_shop() as shop:
        shop.serves("/api", b'{"rows": [{"amount": 0.1}]}')
        answer = ask(shop)
        assert shop.asked[0][1]["accept"] == "application/json"
        assert shop.asked[0][1]["x-a"] == "b"
    assert str(rows_of(answer, "rows")) == "[{'amount': Decimal('0.1')}]"


def test_a_form_and_json_are_sent_as_such() -> None:
    with open_shop() as shop:
        shop.serves("/api", lambda visit: visit.answer(b'["' + visit.body.replace(b'"', b"'") + b'"]'))
        assert ask(shop, form=b"a=1") == ["a=1"]
        assert ask(shop, body={"a": 1}) == ["{'a': 1}"]
        kinds = [headers["content-type"] for _, headers in shop.asked]
    assert kinds == ["application/x-www-form-urlencoded", "application/json"]


@pytest.mark.parametrize(
    ("status", "permanent", "word"),
    [
        (400, True, "settings"),
        (401, True, "check the key"),
        (403, True, "check the key"),
        (404, True, "does not know"),
        (408, False, "of its own"),
        (422, True, "settings"),
        (500, False, "of its own"),
        (502, False, "of its own"),
    ],
)
def test_what_a_refusal_means(status: int, permanent: bool, word: str) -> None:
    with open_shop() as shop:
        shop.serves("/api", says(status, {"error": "s3cret"}))
        with pytest.raises(ReportError, match=word) as caught:
            ask(shop)
    assert (caught.value.permanent, caught.value.status) == (permanent, status)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "17"}, 17),
        ({"x_ratelimit_reset": "125"}, 125),
        ({"retry_after": "17", "x_ratelimit_reset": "125"}, 17),
        ({"x_ratelimit_reset": "1700000000"}, None),
        ({"x_ratelimit_reset": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_busy_network_wants_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    with open_shop() as shop:
        shop.serves("/api", says(429, {}, **headers))
        with pytest.raises(ReportError) as caught:
            ask(shop)
    assert (caught.value.retry_after, caught.value.permanent) == (seconds, False)


def test_a_redirect_of_what_was_posted_is_no_answer() -> None:
    with open_shop() as shop:
        shop.serves("/api", says(302, b"", location="/login"))
        with pytest.raises(ReportError, match="302"):
            ask(shop, body={})


@pytest.mark.parametrize("answer", [{}, {"rows": None}, {"rows": {}}, [], None, "rows"])
def test_an_answer_of_another_form_has_no_rows(answer: object) -> None:
    assert rows_of(answer, "rows") is None
