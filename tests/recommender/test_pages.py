"""The question pages and their result: plain forms, addresses for everything, friendly about what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Merchant, Product
from catalog.placements import token
from recommender.forms import read_form
from recommender.pages.result import result_page
from recommender.rules import load
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db

VOICE = {"do": "gaming_voice", "mic": "none"}


class _Forms(HTMLParser):
    """The question form as a browser without scripts sees it: its target, hidden fields and choices."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: list[tuple[str, str]] = []
        self.choices: dict[str, list[str]] = {}
        self.action, self._in_form = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = "choose-form" in given.get("class", "")
            self.action = given.get("action", "") if self._in_form else self.action
        elif tag in {"input", "select"} and self._in_form:
            if given.get("type") == "hidden":
                self.hidden.append((given["name"], given["value"]))
            else:
                self.choices.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_form = self._in_form and tag != "form"


def _submit(client: Client, html: str, **answers: str | list[str]) -> tuple[str, str]:
    """Sends the form with these answers; the address and the page where that ends."""
    form = _Forms(html)
    sent = [*form.hidden, *((k, v) for k, vs in answers.items() for v in ([vs] if isinstance(vs, str) else vs))]
    response = client.get(f"{form.action}?{urlencode(sent)}", follow=True)
    return response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"], response.content.decode()


def _link(html: str, text: str) -> str:
    found = re.search(rf'href="([^"]+)"[^>]*>\s*{text}', html)
    assert found, f"there is no link {text!r}"
    return found[1].replace("&amp;", "&")


def _question(html: str) -> str:
    found = re.search(r"<h1>([^<]+)</h1>", html)
    assert found
    return found[1]


def _walk(client: Client) -> Iterator[tuple[str, str]]:
    """Answers every question with its first choice; yields each address and page up to the result."""
    address, html = "/choose/", client.get("/choose/").content.decode()
    yield address, html
    while address.startswith("/choose/?") or address == "/choose/":
        form = _Forms(html)
        (key,) = [name for name in form.choices if name != "currency"]
        answers = {"budget": "100", "currency": "USD"} if key == "budget" else {key: form.choices[key][0]}
        address, html = _submit(client, html, **answers)
        yield address, html


def test_the_start_asks_what_it_is_for_and_says_how_many_questions_there_are(client: Client) -> None:
    response = client.get("/choose/")
    html = response.content.decode()
    assert _question(html) == "What will you do with it most?"
    assert "Question 1 of at most 6" in html
    assert not response.cookies


def test_plain_forms_lead_to_a_result_in_at_most_six_steps(client: Client) -> None:
    steps = list(_walk(client))
    assert steps[-1][0].startswith("/choose/result/?")
    assert len(steps) - 1 <= 6
    numbers = [
        re.search(r"Question (\d)(?: of at most 6|, about \d more|, the last one)", html) for _, html in steps[:-1]
    ]
    assert [number and number[1] for number in numbers] == [str(n) for n in range(1, len(steps))]
    assert "You want a headset" in steps[-1][1]


def test_every_state_is_an_address_without_the_form_s_own_words(client: Client) -> None:
    for address, _ in _walk(client):
        assert "asked=" not in address


def test_an_answer_is_kept_in_the_address_and_can_be_changed(client: Client) -> None:
    address, html = _submit(client, client.get("/choose/").content.decode(), do=["gaming_voice", "music"])
    assert address == "/choose/?do=gaming_voice&do=music"
    changed = client.get(_link(html, "Change")).content.decode()
    assert _question(changed) == "What will you do with it most?"
    assert re.search(r'value="gaming_voice"\s+checked', changed)
    address, _ = _submit(client, changed, do="music")
    assert address.startswith("/choose/?do=music")


def test_back_leads_to_the_question_before_with_its_answer(client: Client) -> None:
    html = client.get("/choose/?do=gaming_voice").content.decode()
    response = client.get(_link(html, "Back"), follow=True)
    back = response.content.decode()
    assert "asked" not in response.request["QUERY_STRING"]
    assert _question(back) == "What will you do with it most?"
    assert re.search(r'value="gaming_voice"\s+checked', back)


def test_a_skipped_question_is_not_asked_again(client: Client) -> None:
    html = client.get("/choose/?do=gaming_voice").content.decode()
    asked = _question(html)
    response = client.get(_link(html, "Skip<"), follow=True)
    assert response.request["QUERY_STRING"] == "do=gaming_voice&skip=mic"
    assert _question(response.content.decode()) != asked


def test_skipping_everything_still_leads_to_a_page_that_helps(client: Client) -> None:
    address = "/choose/"
    for _ in range(7):
        response = client.get(address, follow=True)
        html = response.content.decode()
        if response.request["PATH_INFO"] == "/choose/result/":
            break
        address = _link(html, "Skip<")
    assert "Tell us a little more" in html
    assert "One answer would settle it" in html


def test_a_question_says_where_the_answers_point_so_far_and_whether_that_may_change(client: Client) -> None:
    assert "So far" not in client.get("/choose/").content.decode()
    open_ = client.get("/choose/?do=gaming_voice").content.decode()
    assert "So far this points to a headset; an answer can still change that." in open_
    sure = client.get("/choose/?do=gaming_voice&mic=own").content.decode()
    assert "So far this points to headphones, and no next answer is likely to change that" in sure
    assert "either of the two" in client.get("/choose/?do=video_creation").content.decode()
    assert "You want headphones" in client.get(_link(sure, "Show the answer now")).content.decode()


def test_what_was_told_reads_without_its_question(client: Client) -> None:
    html = client.get("/choose/result/?do=music&quiet=me&mic=none&connection=either").content.decode()
    told = re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*<span>([^<]+)</span>", html)
    assert ("Noise", "Kept from my ears") in told
    assert ("Microphone", "The one on my head") in told
    assert ("Connection", "Cable or wireless") in told


def test_bluetooth_is_a_name_wherever_it_stands(client: Client) -> None:
    html = client.get("/choose/result/?do=phone_calls&do=commuting").content.decode()
    assert re.search(r"<p class=\"standfirst\">Best type: [^<]*Bluetooth", html)


def test_sending_no_answer_asks_for_one_and_keeps_the_rest(client: Client) -> None:
    _, html = _submit(client, client.get("/choose/?do=gaming_voice").content.decode())
    assert "Choose an answer, or skip the question." in html
    assert "Games, talking with others" in html


def test_more_than_three_uses_are_refused_in_a_sentence(client: Client) -> None:
    _, html = _submit(client, client.get("/choose/").content.decode(), do=["music", "sleep", "driving", "exercise"])
    assert "Choose at most 3 uses." in html
    assert _question(html) == "What will you do with it most?"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("do=gamign_voice&mic=own", "We do not know “gamign_voice” under “Use”, so we left it out. Did you mean"),
        ("do=music&mic=maybe", "We do not know “maybe” under “Microphone”"),
        ("do=music&budget=lots", "“lots” is not an amount we can read"),
        ("do=music&budget=-5", "“-5” is not an amount we can read"),
        ("do=music&budget=NaN", "“NaN” is not an amount we can read"),
        ("do=music&budget=50&currency=XYZ", "We do not know prices in “XYZ”"),
        ("do=music&hours=40", "“40” is not a number of hours"),
        ("do=music&hours=1e-999999", "“1e-999999” is not a number of hours"),
        ("do=music&hours=1e999999", "“1e999999” is not a number of hours"),
        ("do=music&colour=red", "There is no question called “colour”"),
        ("do=music&without=sparkles", "We do not know “sparkles”"),
        ("do=music&skip=nothing", "We do not know “nothing”"),
    ],
)
@pytest.mark.parametrize("path", ["/choose/", "/choose/all/", "/choose/result/"])
def test_words_we_do_not_know_are_named_and_the_rest_is_kept(
    client: Client, path: str, query: str, message: str
) -> None:
    response = client.get(f"{path}?{query}", follow=True)
    assert response.status_code == 200
    assert message in response.content.decode()


@pytest.mark.parametrize(
    ("written", "kept"), [("8", "8"), ("10", "10"), ("2.50", "2.5"), ("0.1", "0.1"), ("3.14159", "3.1"), ("24", "24")]
)
def test_hours_are_kept_in_tenths(written: str, kept: str) -> None:
    assert read_form(QueryDict(f"hours={written}")).told.hours == kept


def test_markup_in_the_address_is_shown_as_text(client: Client) -> None:
    html = client.get("/choose/result/", {"do": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_marks_of_campaigns_are_passed_over_in_silence(client: Client) -> None:
    html = client.get("/choose/result/", {"do": "music", "utm_source": "letter", "gclid": "1"}).content.decode()
    assert "could be used" not in html


def test_all_questions_fit_on_one_page_and_lead_straight_to_the_result(client: Client) -> None:
    html = client.get("/choose/all/").content.decode()
    assert {"do", "mic", "where", "budget", "quiet", "hours", "connection", "glasses"} <= set(_Forms(html).choices)
    address, result = _submit(client, html, do="gaming_voice", mic="none", budget="", currency="EUR")
    assert address.startswith("/choose/result/?")
    assert "You want a headset" in result


def test_the_result_names_rules_and_links_to_the_part_of_the_guide_that_explains_them(client: Client) -> None:
    html = client.get("/choose/result/", VOICE).content.decode()
    assert "You want a headset" in html
    assert re.search(r'Rule [A-Z]+-\d+, from\s+<a href="/guides/headphones-versus-headsets/#[a-z0-9-]+">', html)
    assert 1 <= len(re.findall(r"Rule [A-Z]+-\d+, from", html)) <= 4


def test_a_microphone_of_one_s_own_flips_the_answer_and_says_what_lost(client: Client) -> None:
    html = client.get("/choose/result/", VOICE).content.decode()
    address = _link(html, "If you used a microphone of your own, the answer would be headphones")
    flipped = client.get(address).content.decode()
    assert "You want headphones" in flipped
    lost = re.search(r"Rule [A-Z]+-\d+ over ([A-Z0-9, -]+)\.", flipped)
    assert lost
    assert {"UHS-1", "VER-1"} <= set(lost[1].split(", "))


@pytest.mark.parametrize("use", ["video_creation", "music", "phone_calls"])
def test_nobody_on_the_ground_hears_of_an_aircraft_s_plug(client: Client, use: str) -> None:
    _gaming(1, merchant=make_merchant(), connectors=None)
    assert "an aircraft plug" not in client.get("/choose/result/", {"do": use}).content.decode()
    assert "an aircraft plug" in client.get("/choose/result/", {"do": "aviation_pilot"}).content.decode()


def test_safety_is_said_in_words(client: Client) -> None:
    html = client.get("/choose/result/", {"do": "driving", "mic": "none"}).content.decode()
    assert "One ear stays free at the wheel" in html


def test_the_result_is_not_indexed_and_the_start_is(client: Client) -> None:
    assert 'content="noindex"' in client.get("/choose/result/", VOICE).content.decode()
    assert 'content="noindex"' in client.get("/choose/", {"do": "music"}).content.decode()
    assert 'content="noindex"' not in client.get("/choose/").content.decode()


@pytest.mark.parametrize("path", ["/choose/", "/choose/all/", "/choose/result/"])
def test_only_reading_is_allowed_and_no_cookie_is_set(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    response = client.get(path, VOICE)
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert 'style="' not in response.content.decode()


# --- products ------------------------------------------------------------------------------------------------------


def _gaming(number: int, *, merchant: Merchant, amount: str = "80.00", **specs: object) -> Product:
    values = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": [], **specs}
    product = make_product(f"G{number}", brand=f"Brand{number}", kind="headset", type="gaming", specs=values)
    make_seen_offer(product, merchant, amount=amount)
    return product


def test_products_stand_with_price_picture_and_what_fits_after_the_disclosure(client: Client) -> None:
    product = _gaming(1, merchant=make_merchant())
    html = client.get("/choose/result/", {**VOICE, "budget": "100"}).content.decode()
    assert f"/pictures/{product.slug}.svg" in html
    assert "a built-in microphone" in html
    assert "$80.00" in html
    assert html.index("We earn a commission") < html.index('rel="sponsored')
    assert f"?p={token(f'q{load().version}.1.1')}" in html


def test_a_price_that_may_not_be_shown_is_neither_shown_nor_used(client: Client) -> None:
    product = _gaming(1, merchant=make_merchant())
    product.offers.update(seen_at="2020-01-01T00:00Z")
    html = client.get("/choose/result/", {**VOICE, "budget": "100"}).content.decode()
    assert "$80.00" not in html
    assert "See price at Shop" in html
    assert "Not confirmed: a price within your budget" in html


def test_when_nothing_fits_the_smallest_step_is_a_link_that_works(client: Client) -> None:
    _gaming(1, merchant=make_merchant())
    html = client.get("/choose/result/", {**VOICE, "budget": "20"}).content.decode()
    address = _link(html, r"Raise the budget to \$80.00")
    assert "1 model fits then" in html
    assert "Headsets that fit" in client.get(address).content.decode()


def test_what_was_given_up_is_said_and_can_be_taken_back(client: Client) -> None:
    html = client.get("/choose/result/", {"do": "gaming_voice", "mic": "none", "without": "type"}).content.decode()
    assert "You agreed to accept another type" in html
    assert "without" not in _link(html, "Ask for everything again")


def test_an_empty_catalogue_still_gives_the_answer(client: Client) -> None:
    html = client.get("/choose/result/", VOICE).content.decode()
    assert "You want a headset" in html
    assert "No model we know meets every wish" in html


def test_a_draw_shows_both_sides_and_the_question_that_settles_it(client: Client) -> None:
    merchant = make_merchant()
    _gaming(1, merchant=merchant)
    over = make_product("H1", kind="headphones", type="over-ear", specs={"form_factor": "over-ear"})
    make_seen_offer(over, merchant)
    html = client.get("/choose/result/", {"do": "video_creation"}).content.decode()
    assert "both can be right" in html
    assert "One answer would settle it" in html
    assert html.index('id="list-headset"') < html.index('id="list-headphones"')


def test_what_a_merchant_is_to_us_does_not_move_the_ranking(client: Client) -> None:
    rich, poor = make_merchant("Rich"), make_merchant("Poor")
    for number in range(6):
        _gaming(number, merchant=rich if number % 2 else poor, amount=f"{80 + number}.00")
    before = re.findall(r'<h3 id="[^"]+"><a href="([^"]+)"', client.get("/choose/result/", VOICE).content.decode())
    Merchant.objects.filter(pk=rich.pk).update(
        network="amazon", network_settings={"tag": "rich-20"}, link_label="ad", disclaimer="We earn more here."
    )
    Merchant.objects.filter(pk=poor.pk).update(link_label="paid link", link_style="direct")
    after = re.findall(r'<h3 id="[^"]+"><a href="([^"]+)"', client.get("/choose/result/", VOICE).content.decode())
    assert len(before) >= 5
    assert before == after


def test_the_result_asks_the_database_as_often_for_twenty_products_as_for_two(client: Client) -> None:
    merchant = make_merchant()
    counts = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            _gaming(number, merchant=merchant)
        client.get("/choose/result/", VOICE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/choose/result/", VOICE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_asking_needs_no_database_at_all(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/choose/", {"do": "music"})
    assert len(queries) == 0


def test_templates_ask_the_database_nothing(rf: RequestFactory) -> None:
    _gaming(1, merchant=make_merchant())
    form = read_form(QueryDict(urlencode({**VOICE, "budget": "100"})))
    page = result_page(form, now=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        html = render(rf.get("/choose/result/"), "recommender/result.html", {"page": page}).content.decode()
    assert "$80.00" in html
    assert len(queries) == 0
