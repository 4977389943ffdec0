"""A line of the spool becomes a row that names no visitor, or is refused with a reason."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.clicks.rows import COLUMNS, ClickLineError, ClickRow, copy_lines, link_bits, parse, read
from tests.catalog.click_lines_written import FIREFOX, NOON, click_id, line, old_line

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)


def click(**fields: Any) -> ClickRow:
    return parse(line(**fields)[:-1])


def test_every_field_comes_back() -> None:
    key = click_id()
    row = click(
        key=key,
        code="acme-one",
        place="a12.3.1",
        country="AT",
        language="de",
        referrer_path="/guides/best/",
        visit="8000000000000001",
        offer_id=7,
        route_id=9,
        channel="d",
        user_agent=IPHONE,
    )
    assert row == ClickRow(
        id=str(key),
        at=int(NOON.timestamp()) * 1_000_000,
        code="acme-one",
        is_known=True,
        placement="a12.3.1",
        agent="person",
        agent_reason="",
        country="AT",
        language="de",
        form="phone",
        system="ios",
        is_direct=True,
        offer_id=7,
        route_id=9,
        referrer_path="/guides/best/",
        visit=(1 - 2**63) ^ link_bits("acme-one"),
    )
    assert row.clicked_at == NOON


def test_what_nobody_knows_is_empty() -> None:
    row = click(country="", language="")
    assert (row.country, row.language, row.offer_id, row.route_id, row.visit) == ("", "", None, None, 0)


@pytest.mark.parametrize("year", [1970, 1990, 2038, 2099, 9999])
def test_a_clock_that_jumped_still_saw_a_click(year: int) -> None:
    at = datetime(year, 5, 1, 1, 2, 3, 4000, tzinfo=UTC)
    row = click(at=at)
    assert row.clicked_at == at
    assert f"\t{year}-05-01 01:02:03.004000+00:00\t" in next(copy_lines([(row, False)]))


def test_the_time_is_the_one_in_the_id() -> None:
    at = NOON + timedelta(milliseconds=987)
    assert click(at=at).clicked_at == at


@pytest.mark.parametrize(
    ("hint", "agent", "reason"),
    [
        ("prefetch:prefetch;prerender", "prefetch", "prefetch;prerender"),
        ("bot:beacon sent by another site", "bot", "beacon sent by another site"),
        ("staff:signed in", "staff", "signed in"),
        ("", "person", ""),
        ("something new", "person", ""),
    ],
)
def test_what_the_request_gave_away_decides_who_it_was(hint: str, agent: str, reason: str) -> None:
    row = click(hint=hint)
    assert (row.agent, row.agent_reason) == (agent, reason)


def test_no_user_agent_is_a_bot() -> None:
    assert click(user_agent="").agent == "bot"


def test_only_people_with_a_visit_can_repeat_themselves() -> None:
    assert click(visit="00000000000000ff").may_repeat
    assert not click().may_repeat
    assert not click(visit="00000000000000ff", user_agent="curl/8").may_repeat


def test_a_line_of_before_version_2_is_still_read() -> None:
    at = NOON + timedelta(microseconds=123_456)
    row = parse(old_line(at, code="two", place="guide.2.1")[:-1])
    assert row.clicked_at == at
    assert (row.code, row.placement, row.referrer_path, row.country) == ("two", "guide.2.1", "/guides/x/", "DE")
    assert (row.agent, row.form, row.system) == ("person", "desktop", "linux")
    assert (row.offer_id, row.route_id, row.is_direct, row.visit) == (None, None, False, 0)


def test_a_visitor_has_another_visit_on_every_link() -> None:
    one, two = (click(visit="00000000000000ff", code=code).visit for code in ("one", "two"))
    assert one != two
    assert -(2**63) <= min(one, two) <= max(one, two) < 2**63


def test_the_user_agent_and_the_visit_do_not_reach_the_database() -> None:
    (text,) = copy_lines([(click(visit="00000000000000ff"), False)])
    assert "Firefox" not in text
    assert str(255 ^ link_bits("one")) not in text
    assert len(text.split("\t")) == len(COLUMNS)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"nonsense", "1 fields instead of 15"),
        (b"", "1 fields instead of 15"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"3\t" + line()[2:-1], "written by version 3 of the spool"),
        (line(code="a b")[:-1], "unusable: code$"),
        (line(code="x" * 41)[:-1], "unusable: code$"),
        (line(place="a 1")[:-1], "unusable: place$"),
        (line(country="Germany", language="german")[:-1], "unusable: country, language"),
        (line(visit="xyz")[:-1], "unusable: visit"),
        (line(offer_id="-1")[:-1], "unusable: offer_id"),
        (line(channel="x")[:-1], "unusable: channel"),
        (line(referrer_path="/" + "x" * 300)[:-1], "unusable: referrer_path"),
        (line(referrer_path="/\0")[:-1], "unusable: referrer_path"),
        (line().replace(b"-7", b"-4", 1)[:-1], "unusable: id"),
        (old_line().replace(b"one", b"o ne")[:-1], "unusable: code"),
        (b"2\tffffffff-ffff-7" + line()[17:-1], "later than any calendar"),
    ],
    ids=[
        "one word",
        "empty",
        "no text",
        "a later version",
        "a code with a space",
        "a long code",
        "a place with a space",
        "country and language",
        "a visit that is no hash",
        "an offer below zero",
        "an unknown channel",
        "a long path",
        "a nought in the path",
        "an id of version 4",
        "an old line",
        "after the year 9999",
    ],
)
def test_a_line_that_is_no_click_is_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(ClickLineError, match=reason):
        parse(raw)


@given(st.binary(max_size=300))
@example(b"2\t")
@example(b"\t" * 14)
@example(b"\t" * 8)
def test_whatever_stands_in_the_spool_is_a_click_or_refused(raw: bytes) -> None:
    with contextlib.suppress(ClickLineError):
        assert parse(raw).code


def each_alone(lines: list[bytes]) -> tuple[list[ClickRow], list[tuple[bytes, str]]]:
    rows, bad = [], []
    for raw in lines:
        try:
            rows.append(parse(raw))
        except ClickLineError as error:
            bad.append((raw, str(error)))
    return rows, bad


GOOD = [line(visit="00000000000000ff", offer_id=3)[:-1], line(user_agent="curl/8", referrer_path="/a\\b")[:-1]]
WRONG = [old_line()[:-1], b"", b"\xff", line(code="a b")[:-1], b"2\tffffffff-ffff-7" + line()[17:-1]]
WRONG += [line(user_agent="a\u2028b\x0b\x85c")[:-1], b"\t" * 14, line(hint="x" * 201)[:-1]]


@given(st.lists(st.sampled_from(GOOD + WRONG) | st.binary(max_size=60).filter(lambda raw: b"\n" not in raw)))
@example(GOOD)
@example([])
@example([b""])
@example([GOOD[0], b""])
def test_lines_that_are_read_together_say_what_each_says_alone(lines: list[bytes]) -> None:
    assert read(lines) == each_alone(lines)


@given(st.text(max_size=450), st.text(max_size=60))
@example("bot\\.\r", "")
@example("\0bot", "prefetch:\\N")
def test_no_user_agent_breaks_the_copy(user_agent: str, hint: str) -> None:
    flat = str.maketrans({"\t": " ", "\n": " "})
    raw = line(user_agent=user_agent.translate(flat), hint=hint.translate(flat)) if _encodes(user_agent + hint) else b""
    if raw:
        (text,) = copy_lines([(parse(raw[:-1]), False)])
        assert text.count("\n") == 1
        assert text.count("\t") == len(COLUMNS) - 1
        assert not {"\r", "\0"} & set(text)


def _encodes(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def test_a_firefox_is_a_desktop() -> None:
    assert click(user_agent=FIREFOX)[9:11] == ("desktop", "linux")
