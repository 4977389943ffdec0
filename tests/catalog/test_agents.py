"""People and machines are told apart, and nobody is taken for a machine because of their phone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import yaml

from catalog.agents import MATCHES_PEOPLE, classify

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    "user_agent",
    [
        CHROME,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 Chrome/142 Instagram",
        "Mozilla/5.0 (Linux; Android 14; CUBOT P60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Mobile",
        "Viber/12.8.0.1 CFNetwork/1121.2.2 Darwin/19.3.0",
        "Lynx/2.9.0dev.6 libwww-FM/2.14 SSL-MM/1.4.1",
    ],
)
def test_browsers_are_people(user_agent: str) -> None:
    assert classify(user_agent).kind == "person"
    assert classify(user_agent).reason == ""


@pytest.mark.parametrize(
    ("user_agent", "reason"),
    [
        ("", "no user agent"),
        ("   ", "no user agent"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("facebookexternalhit/1.1", "facebookexternalhit"),
        ("WhatsApp/2.23.20.0", "WhatsApp"),
        ("curl/8.5.0", "curl"),
        ("python-requests/2.32", "python"),
        ("GPTBot/1.2", "Bot"),
        ("something", "not a browser's user agent"),
    ],
)
def test_machines_are_machines_with_the_reason(user_agent: str, reason: str) -> None:
    agent = classify(user_agent)
    assert agent.kind == "bot"
    assert reason.lower() in agent.reason.lower() or agent.reason.lower() in user_agent.lower()


def test_a_prefetch_is_never_a_person_whatever_the_browser() -> None:
    assert classify(CHROME, "prefetch:prefetch;prerender").kind == "prefetch"
    assert classify(CHROME, "bot:beacon sent by another site") == classify("", "bot:beacon sent by another site")


def test_reasons_fit_their_column() -> None:
    assert len(classify("x" * 300 + "bot/" + "y" * 300).reason) <= 60
    assert len(classify(CHROME, "prefetch:" + "x" * 300).reason) <= 60


def test_every_entry_left_out_is_really_in_the_list() -> None:
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    assert {entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA} >= MATCHES_PEOPLE


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in texts(item)]


@pytest.mark.real_data
def test_of_the_real_browsers_at_most_three_in_a_hundred_are_mistaken_and_of_the_bots_at_most_one_in_ten(
    shared: Path,
) -> None:
    bots = shared / "fixtures" / "bots"
    browsers = texts(yaml.safe_load((bots / "isbot_browsers.yml").read_text()))
    mistaken = [ua for ua in browsers if classify(ua).kind != "person"]
    assert len(browsers) > 500
    assert len(mistaken) / len(browsers) <= 0.03, mistaken
    crawlers = texts(yaml.safe_load((bots / "isbot_crawlers.yml").read_text()))
    crawlers += [
        entry["user_agent"]
        for entry in yaml.safe_load(gzip.decompress((bots / "device-detector_tests_bots.yml.gz").read_bytes()))
    ]
    assert len(crawlers) > 1500
    missed = [ua for ua in crawlers if classify(ua).kind == "person"]
    assert len(missed) / len(crawlers) <= 0.10, missed


@pytest.mark.real_data
def test_the_known_false_alarms_that_are_people_stay_people(shared: Path) -> None:
    known = json.loads((shared / "fixtures/bots/false_positives_cua_vs_isbot_browsers.json").read_text())["items"]
    people = [item["ua"] for item in known if not {"GTmetrix", "Slurp", "Amzn-User"} & set(item["matched"])]
    alarms = [ua for ua in people if classify(ua).kind != "person" and "YLT" not in ua and "TSM-" not in ua]
    assert alarms == []
