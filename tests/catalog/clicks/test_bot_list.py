"""A list of machines from outside does no harm: no pattern runs for long, none hits a browser."""

from __future__ import annotations

import json
import re
import time

import pytest

from catalog.clicks.agents import classify
from catalog.clicks.bot_list import BotListError, read_bot_list, why_not
from catalog.clicks.real_browsers import REAL_BROWSERS


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "between 1 and 300"),
        ("x" * 301, "between 1 and 300"),
        ("Bot(", "no regular expression"),
        ("*Bot", "no regular expression"),
        ("(a+)+$", "repeats a group"),
        ("(?:Bot|Bots)*x", "repeats a group"),
        ("(a?){1,40}x", "repeats a group"),
        ("(.*a){12}", "repeats a group"),
        (r"a.*b.*c.*d", "3 repetitions without an end"),
        (r"a\d{1,900}", "up to 900 times"),
        (r"(Bot)\1", "refers back"),
        (r"(?(1)a|b)", "no regular expression|refers back"),
        ("(?i)bot", "sets flags"),
        ("(?P<name>Bot)", "names groups"),
        ("Bot|", "matches every user agent"),
        ("Chrome", "matches a browser"),
        (r"AP3A\.", "matches a browser"),
        ("iPhone", "matches a browser"),
        (r"Firefox/\d+", "matches a browser"),
    ],
)
def test_a_pattern_that_could_do_harm_is_refused(pattern: str, reason: str) -> None:
    assert re.search(reason, why_not(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "Googlebot\\/",
        "^Apache-HttpClient",
        "[wW]get",
        "AdsBot-Google([^-]|$)",
        "bot.*crawl.*",
        r"Foo\/\d{1,3}\.\d",
        "^$",
    ],
)
def test_an_honest_pattern_is_used(pattern: str) -> None:
    assert (why_not(pattern) == "") == (pattern != "^$")


def test_the_slowest_pattern_that_is_allowed_takes_no_time() -> None:
    began = time.perf_counter()
    for hostile in ("a" * 400, "ab" * 200, "a" * 399 + "b"):
        assert why_not("a.*a.*§") == ""
        assert not re.search("a.*a.*§", hostile)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"<html>", "not JSON"),
        (b"{}", "not a JSON array"),
        (b"[]", "not a JSON array"),
        (b'[{"pattern": 1}]', "entry 1 has no text"),
        (b'[{"pattern": "Bot"}, {"name": "x"}]', "entry 2 has no text"),
        (b"[" * 100_000, "not JSON"),
        (json.dumps(["a"] * 10_001).encode(), "10,001 entries"),
        (b" " * (20 * 1024 * 1024 + 1), "bytes"),
    ],
    ids=["a page", "an object", "nothing", "a number", "no pattern", "a deep hole", "many", "large"],
)
def test_what_is_no_list_is_refused_whole(text: bytes, reason: str) -> None:
    with pytest.raises(BotListError, match=reason):
        read_bot_list(text)


def test_the_usable_patterns_are_kept_in_order_and_once() -> None:
    entries = [{"pattern": "Zbot"}, {"pattern": "Chrome", "url": "x"}, {"pattern": "Abot"}, {"pattern": "Zbot"}]
    found = read_bot_list(json.dumps(entries).encode())
    assert found.patterns == ("Zbot", "Abot")
    assert [pattern for pattern, _ in found.refused] == ["Chrome"]


def test_the_bundled_list_passes_but_for_what_we_leave_out_anyway() -> None:
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    found = read_bot_list(json.dumps(CRAWLER_USER_AGENTS_DATA).encode())
    assert len(found.refused) <= 10
    assert all("matches a browser" in reason for _, reason in found.refused)


def test_the_browsers_we_know_are_people() -> None:
    assert [(browser, said) for browser in REAL_BROWSERS if (said := classify(browser)).kind != "person"] == []
