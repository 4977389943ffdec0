"""A click is written down whole, names no visitor, and is read back or refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.clicks import FIELDS, ClickLineError, ClickRow, line, parse, safe_code

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def environ(**changes: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": "earmark.example",
        "HTTP_USER_AGENT": FIREFOX,
        "REMOTE_ADDR": "203.0.113.7",
        "HTTP_COOKIE": "visitor=77",
        **changes,
    }


def now() -> datetime:
    return datetime.now(UTC)


def click(**changes: Any) -> ClickRow:
    raw = line(environ(**changes), code="one", is_known=True, placement="a.1.2", country_key="HTTP_CF_IPCOUNTRY")
    assert raw.endswith(b"\n")
    return parse(raw[:-1], now=now())


def test_a_click_comes_back_as_it_was_made() -> None:
    row = click(HTTP_REFERER="https://earmark.example/reviews/x/?utm=1#top", HTTP_CF_IPCOUNTRY="DE")
    assert row.id.version == 7
    assert abs(now() - row.clicked_at) < timedelta(seconds=5)
    assert row[2:] == ("one", True, "a.1.2", "person", "", "DE", "/reviews/x/")


def test_neither_address_nor_cookie_nor_user_agent_reaches_the_row() -> None:
    raw = line(environ(), code="one", is_known=True, placement="", country_key="")
    assert b"203.0.113.7" not in raw
    assert b"visitor" not in raw
    assert not any("Firefox" in str(field) for field in parse(raw[:-1], now=now()))


@pytest.mark.parametrize(
    "referrer",
    ["https://elsewhere.example/private?q=1", "https://earmark.example.evil.example/x", "nonsense", "/x", ""],
)
def test_another_sites_page_is_not_kept(referrer: str) -> None:
    assert click(HTTP_REFERER=referrer).referrer_path == ""


def test_a_country_is_believed_only_from_the_named_header_and_only_when_it_is_one() -> None:
    assert click(HTTP_CF_IPCOUNTRY="DE\tX").country == ""
    assert click(HTTP_CF_IPCOUNTRY="Germany").country == ""
    raw = line(environ(HTTP_CF_IPCOUNTRY="DE"), code="one", is_known=True, placement="", country_key="")
    assert parse(raw[:-1], now=now()).country == ""


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_SEC_PURPOSE", "prefetch;prerender"),
        ("HTTP_PURPOSE", "prefetch"),
        ("HTTP_X_MOZ", "prefetch"),
        ("HTTP_X_PURPOSE", "preview"),
    ],
)
def test_fetching_ahead_is_not_a_person(header: str, value: str) -> None:
    row = click(**{header: value})
    assert (row.agent, row.agent_reason) == ("prefetch", value)


def test_a_beacon_from_another_site_is_not_a_person() -> None:
    assert click(REQUEST_METHOD="POST", HTTP_SEC_FETCH_SITE="cross-site").agent == "bot"
    assert click(REQUEST_METHOD="POST", HTTP_SEC_FETCH_SITE="same-origin").agent == "person"
    assert click(REQUEST_METHOD="GET", HTTP_SEC_FETCH_SITE="cross-site").agent == "person"


def test_no_user_agent_is_a_bot() -> None:
    assert click(HTTP_USER_AGENT="").agent == "bot"


@given(st.text(max_size=600), st.text(max_size=600))
@example("a\tb\nc\0", "a\tb\nc\0")
def test_whatever_a_client_sends_it_stays_one_line_that_can_be_read(user_agent: str, path: str) -> None:
    raw = line(
        environ(HTTP_USER_AGENT=user_agent, HTTP_REFERER=f"https://earmark.example/{path}", HTTP_SEC_PURPOSE=path),
        code="one",
        is_known=False,
        placement="",
        country_key="",
    )
    assert raw.count(b"\n") == 1
    assert raw.count(b"\t") == FIELDS - 1
    assert len(parse(raw[:-1], now=now()).referrer_path) <= 300


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ("plain-code_1.x", "plain-code_1.x"),
        ("a\r\nSet-Cookie: b\t", "a__Set-Cookie__b_"),
        ("ü" * 99, "_" * 40),
        ("", "_"),
    ],
)
def test_unknown_codes_are_cut_to_what_can_be_stored(code: str, stored: str) -> None:
    assert safe_code(code) == stored


ROW = "01a2141a-0df7-725c-be7e-b3c6458fedc0\t{time}\t1\tone\ta.1\t\tDE\t/x\tua"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "1 fields instead of 9"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (ROW.format(time="soon").encode(), "no id or no time"),
        (ROW.format(time=10**30).encode(), "no id or no time"),
        (ROW.format(time=0).encode(), "cannot be right"),
        (ROW.format(time=1_795_633_581_560_019).replace("01a2", "zz").encode(), "no id or no time"),
        (ROW.format(time=1_795_633_581_560_019).replace("a.1", "a 1").encode(), "unusable: placement"),
        (ROW.format(time=1_795_633_581_560_019).replace("one", "o\0e").encode(), "unusable: code"),
        (ROW.format(time=1_795_633_581_560_019).replace("DE", "Germany").encode(), "unusable: country"),
    ],
)
def test_a_line_that_is_no_click_is_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(ClickLineError, match=reason):
        parse(raw, now=datetime(2026, 11, 26, tzinfo=UTC))
