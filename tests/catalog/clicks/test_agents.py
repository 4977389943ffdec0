"""People and machines are told apart, and nobody is taken for a machine because of their phone."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from catalog.clicks import agents
from catalog.clicks.agents import MATCHES_PEOPLE, classify

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


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "bots.json"
    agents.follow(file)
    yield file
    agents._list = agents._List()
    agents._judged.cache_clear()
    agents.follow(settings.BOT_LIST)


def test_a_newer_list_is_used_when_it_is_there_and_a_broken_one_is_not(
    followed: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(agents, "LOOK_SECONDS", 0.0)
    newcomer = CHROME.replace("Chrome/", "Newcomer/1 Chrome/")
    assert classify(newcomer).kind == "person"
    followed.write_text('{"patterns": ["Newcomer/", "Viber"]}')
    assert classify(newcomer) == agents.Agent("bot", "Newcomer/")
    assert classify(f"{CHROME} Viber").kind == "person"
    followed.write_text("{")
    assert classify(newcomer).kind == "bot"
    assert "the one before stays in use" in caplog.text


def test_the_list_is_looked_at_now_and_then_and_not_for_every_click(followed: Path) -> None:
    assert classify(CHROME).kind == "person"
    followed.write_text('{"patterns": ["Chrome/146"]}')
    assert classify(CHROME).kind == "person"


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in texts(item)]


# They stand in the list of browsers, but an indexer, a search service's customer and an assistant are no browser.
MACHINES_AMONG_THE_BROWSERS = ("Lucidworks-Anda", "amazon-kendra", "Yahoo! Slurp", "Amzn-User")


@pytest.mark.real_data
def test_no_real_browser_is_mistaken_and_hardly_a_machine_missed(shared: Path) -> None:
    bots = shared / "fixtures" / "bots"
    browsers = texts(yaml.safe_load((bots / "isbot_browsers.yml").read_text()))
    assert len(browsers) > 500
    mistaken = [ua for ua in browsers if classify(ua).kind != "person"]
    assert [ua for ua in mistaken if not any(name in ua for name in MACHINES_AMONG_THE_BROWSERS)] == []
    crawlers = texts(yaml.safe_load((bots / "isbot_crawlers.yml").read_text()))
    assert len(crawlers) > 600
    assert [ua for ua in crawlers if classify(ua).kind == "person"] == []
    detected = yaml.safe_load(gzip.decompress((bots / "device-detector_tests_bots.yml.gz").read_bytes()))
    assert len(detected) > 1300
    missed = [entry["user_agent"] for entry in detected if classify(entry["user_agent"]).kind == "person"]
    assert len(missed) / len(detected) <= 0.01, missed


@pytest.mark.real_data
def test_readers_for_models_are_machines_however_they_dress(shared: Path) -> None:
    names = list(json.loads((shared / "fixtures/bots/ai_robots.json").read_text()))
    assert len(names) > 150
    plain = [name for name in names if classify(f"Mozilla/5.0 (compatible; {name}/1.0)").kind == "person"]
    assert plain == []
    dressed = f"{CHROME.removesuffix(' Safari/537.36')}; %s/1.0 Safari/537.36"
    missed = [name for name in names if classify(dressed % name).kind == "person"]
    assert len(missed) / len(names) <= 0.05, missed


@pytest.mark.real_data
def test_the_known_false_alarms_that_are_people_stay_people(shared: Path) -> None:
    known = json.loads((shared / "fixtures/bots/false_positives_cua_vs_isbot_browsers.json").read_text())["items"]
    people = [item["ua"] for item in known if not {"Slurp", "Amzn-User"} & set(item["matched"])]
    alarms = [ua for ua in people if classify(ua).kind != "person"]
    assert alarms == []
