"""A sentence is read, shown back as fields that can be corrected, and leads to an answer without itself."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.conf import settings as site
from django.test import Client
from pytest_django.fixtures import Settings
from redis import Redis

from recommender.pages.in_words import MOST_CHARACTERS

pytestmark = pytest.mark.django_db
PAGE = "/choose/in-words/"
SAID = "Video calls all day in an open-plan office and some music, I wear glasses, under 120 euros, purple curtains"


class _Fields(HTMLParser):
    """The fields of the form of what was understood, with what a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[list[str]] = []
        self._in_form = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = "choose-understood" in given.get("class", "")
        elif self._in_form and tag in ("select", "input"):
            self.sent.append([given["name"], given.get("value", "")])
        elif self._in_form and tag == "option" and "selected" in given:
            self.sent[-1][1] = given["value"]


def page(client: Client, text: str) -> str:
    response = client.get(PAGE, {"text": text})
    assert response.status_code == 200
    return response.content.decode()


def test_the_start_has_a_field_for_one_s_own_words(client: Client) -> None:
    html = client.get("/choose/").content.decode()
    assert f'<form action="{PAGE}"' in html
    assert f'maxlength="{MOST_CHARACTERS}"' in html
    assert "<textarea" not in client.get("/choose/?do=music").content.decode()


def test_what_was_understood_is_shown_with_the_words_it_comes_from(client: Client) -> None:
    html = page(client, SAID)
    assert "What we understood" in html
    assert re.search(r"<q>[^<]*I wear glasses[^<]*</q>", html)
    assert "So far this points to a headset." in html
    assert "What we did not understand" in html
    assert re.search(r"<q>[^<]*purple curtains[^<]*</q>", html)
    assert "We would ask next:" in html


def test_the_fields_lead_to_the_result_with_the_needs_in_its_address(client: Client) -> None:
    sent = _Fields(page(client, SAID)).sent
    assert ["glasses", "yes"] in sent
    assert ["budget", "120 EUR"] in sent
    response = client.get(f"/choose/result/?{urlencode([(name, value) for name, value in sent])}")
    html = response.content.decode()
    assert "You want a headset" in html
    assert "could be used" not in html
    assert "€120" in html
    assert "curtains" not in html


def test_a_thing_can_be_left_out_and_changed(client: Client) -> None:
    sent = _Fields(page(client, "Music and phone calls, I wear glasses, 50 dollars")).sent
    changed = [[name, "" if name == "glasses" else "80 USD" if name == "budget" else value] for name, value in sent]
    html = client.get(f"/choose/result/?{urlencode([(name, value) for name, value in changed])}").content.decode()
    assert "Glasses" not in html
    assert "at most $80" in html
    assert "could be used" not in html


def test_several_uses_say_how_much_of_each(client: Client) -> None:
    html = page(client, "Mostly music, sometimes phone calls")
    assert re.search(r"\d+ % of the time", html)
    assert html.count("Leave out</option>") >= 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write a sentence or two"),
        ("   \n ", "Write a sentence or two"),
        ("qwertz uiop", "We found nothing in this that we understand."),
        ("😀🎧" * 20, "We found nothing in this that we understand."),
        ("אני שומע מוזיקה", "We found nothing in this that we understand."),
        ("music " * 1700, "Your text has 10,199 characters. We read the first 2,000"),
    ],
)
def test_bad_text_gets_a_clear_answer_and_stays_in_its_field(client: Client, text: str, said: str) -> None:
    html = page(client, text)
    assert said in html
    assert text.strip()[:100] in unescape(html)


def test_markup_is_shown_as_text(client: Client) -> None:
    html = page(client, "music <script>alert(1)</script>, <img src=x onerror=alert(1)> and calls")
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_sentence_stands_in_no_link_and_nobody_keeps_the_page(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 60
    redis = Redis.from_url(site.REDIS_URL)
    response = client.get(PAGE, {"text": "Xylophonist listening to music"})
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Cache-Status" not in response, "the page cache did not touch it"
    assert not any("ylophonist" in href for href in re.findall(r'href="([^"]+)"', response.content.decode()))
    for key in redis.scan_iter("*"):
        kind = redis.type(key)
        value = redis.get(key) if kind == b"string" else redis.hgetall(key) if kind == b"hash" else b""
        assert b"ylophonist" not in key
        assert "ylophonist" not in str(value)


def test_it_is_not_for_search_engines_and_takes_nothing_but_get(client: Client) -> None:
    assert 'content="noindex"' in page(client, "music")
    assert client.post(PAGE, {"text": "music"}).status_code == 405
