"""Payloads through every public form, query and address: words they stay, and no answer is a failure of ours.

Doors come from the table of addresses (`public_doors.py`). What a stranger may send by POST is either a form on a page
or named in `TOLD_BY_MACHINES`; an address that is filled in has its example in `EXAMPLES` (`public_site.py`): what is
added tomorrow fails here until it is looked at.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from reviews.own_forms import doorway
from tests.catalog.api.test_readings import SECRET
from tests.catalog.api.test_readings import headers as signed
from tests.xss.corpus import PAYLOADS
from tests.xss.harm import formulas, harm, shapes
from tests.xss.hostile import HOSTILE, HOSTILE_JSON, INNOCENT
from tests.xss.public_doors import (
    NOT_THERE,
    TRIED_EVERYWHERE,
    Door,
    Form,
    asked_by_pages,
    doors,
    forms_on,
    pages_of,
    pattern_of,
)
from tests.xss.public_site import EXAMPLES, TOLD_BY_MACHINES, address_of, public_site, stranger, with_hole

pytestmark = pytest.mark.django_db

AT_EVERY_DOOR = ("code", "no UTF-8", "much too long", "a line of a header", "another site")
TURNS = 3  # of the other kinds, at each door that reads something
EVERY = 26  # of so many payloads one is tried at a place; the next place begins with the next
LONGEST_PATH = 6_000
MOST_EVERYWHERE = 2_000  # at each of some hundred parameters
BODIES_OF_NOBODY = (
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na'),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na--x--',
    ),
    ("application/x-www-form-urlencoded; charset=nonsense", b"email=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"email=%ff"),
    ("application/json", b"{"),
    ("text/plain", b"email=a"),
    ("", b"email=a"),
)
HEADERS_OF_STRANGERS = (
    "referer", "user-agent", "accept", "accept-language", "accept-encoding", "origin", "if-none-match",
    "if-modified-since", "range", "cookie", "x-forwarded-for", "x-forwarded-host", "x-requested-with", "purpose",
)  # fmt: skip
READ_IN_FRONT = {"go/<code>/": {"p"}}  # by `catalog.go`, before there is a view
NO_FORM_OF_STRANGERS = (401, 403, 405)


@pytest.fixture(autouse=True)
def _without_a_word_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refused requests would be written out with the first failure."""
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, str]:
    monkeypatch.setenv("SHOP_PUSH_SECRET", SECRET)
    # So that the door of a mail service is there: strangers have not its password.
    settings.MAIL_SERVICE, settings.MAIL_EVENTS_SECRET = "postmark", SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": f"earmark:{SECRET}"}
    # Hundreds of forms a second are what this is about: none is given back unread.
    monkeypatch.setattr(doorway, "lets_in", lambda *, now: True)
    return public_site()


def asked(door: Door, more: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(sorted({*door.keys, *more.get(door.pattern, ())}))


@dataclass
class Seen:
    """What the pages of `site` are made of: read once for all tests, as every test makes the same site."""

    asked: dict[str, set[str]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    elements: set[tuple[str, frozenset[str]]] = field(default_factory=set)


_SEEN = Seen()


def found_doors(site: Mapping[str, str]) -> tuple[dict[str, str], dict[str, set[str]], list[Form]]:
    """Addresses by pattern, parameters by pattern as pages ask for them, and the forms of all pages."""
    addresses = {door.pattern: address_of(door, site) for door in doors()}
    if not _SEEN.asked:
        pages = pages_of(stranger(), addresses.values())
        _SEEN.asked = asked_by_pages(pages)
        _SEEN.forms = sorted({form for page, html in pages.items() for form in forms_on(page, html)}, key=str)
    return addresses, _SEEN.asked, _SEEN.forms


def known_elements(addresses: Mapping[str, str], more: Mapping[str, set[str]]) -> set[tuple[str, frozenset[str]]]:
    """What every page is made of as it is and with an innocent word at each of its parameters."""
    client, found = stranger(), _SEEN.elements
    for door in () if found else doors():
        address = addresses[door.pattern]
        found |= shapes(client.get(address))
        if keys := asked(door, more):
            for word in (INNOCENT, b"1", b"loud music"):  # nothing can be made of it, or much, or it is read
                found |= shapes(client.get(f"{address}?" + "&".join(f"{quote(key)}={quote(word)}" for key in keys)))
            found |= shapes(client.get(f"{address}?{quote(keys[-1])}={quote(INNOCENT)}&x=1"))
        if door.has_holes:
            found |= shapes(client.get(with_hole(door, quote(INNOCENT))))
    return found


def test_every_address_that_is_filled_in_has_an_example_that_is_there(site: dict[str, str]) -> None:
    in_table = {door.pattern for door in doors() if door.has_holes}
    assert in_table == set(EXAMPLES)
    gone = {
        door.pattern: stranger().get(address_of(door, site)).status_code
        for door in doors()
        if door.pattern not in ("media/<path:name>", "postback/<int:account_id>/<secret>/") and not door.is_keyed
    }
    assert {pattern for pattern, status in gone.items() if status >= 400} <= {
        "api/v1/alerts/", "api/v1/newsletter/", "api/v1/newsletter/you/", "api/v1/readings/", "api/v1/recommendations/",
        "api/v1/recommendations/next-question/", "api/v1/products/bulk/", "mail/events/", "mail/events/<slug:service>/",
        "metrics",
        "postback/<int:account_id>/<secret>", NOT_THERE,
        # They take a POST with a key alone.
        "api/v1/imports/<int:pk>/try/", "api/v1/imports/<int:pk>/start/", "api/v1/imports/<int:pk>/cancel/",
        "api/v1/tables/<int:pk>/store/", "api/v1/tables/<int:pk>/stop/",
    }  # fmt: skip


def test_every_door_that_takes_a_post_is_a_form_on_a_page_or_named(site: dict[str, str]) -> None:
    addresses, _, forms = found_doors(site)
    takes = {
        pattern
        for pattern, address in addresses.items()
        if stranger().post(address, {"x": "y"}).status_code not in NO_FORM_OF_STRANGERS
    }
    by_forms = {pattern_of(form.action) for form in forms if form.method == "POST"}
    assert takes - by_forms - {*TOLD_BY_MACHINES, NOT_THERE} == set(), "send them something below"
    assert set(TOLD_BY_MACHINES) <= takes, "these take nothing any more"


def test_every_parameter_that_a_page_asks_for_is_read_by_the_view_behind_it(site: dict[str, str]) -> None:
    """A field that nobody reads would be tried in vain, and a reader would fill it in in vain."""
    _, by_pages, _ = found_doors(site)
    read = {door.pattern: set(door.keys) for door in doors()}
    not_read = {
        pattern: keys - read.get(pattern, set())
        for pattern, keys in by_pages.items()
        if pattern and keys - read.get(pattern, set())
    }
    assert not_read == READ_IN_FRONT


def queries(door: Door, keys: Sequence[str], start: int) -> Iterator[tuple[str, str]]:
    """What is sent to it, in words and as a query: the worst and some by turns at all parameters, then one at each."""
    kinds = list(HOSTILE)
    turn = [kinds[(start * TURNS + more) % len(kinds)] for more in range(TURNS)] if keys else []
    for name in dict.fromkeys((*AT_EVERY_DOOR, *turn)):
        value = quote(HOSTILE[name][:MOST_EVERYWHERE])
        yield f"{name} everywhere", "&".join(f"{quote(key)}={value}" for key in (*keys, *TRIED_EVERYWHERE))
    for place, key in enumerate(keys, start):
        name = kinds[place % len(kinds)]
        yield f"{name} at {key}", f"{quote(key)}={quote(HOSTILE[name])}"


def test_nothing_in_a_query_is_more_than_words(site: dict[str, str]) -> None:
    addresses, by_pages, _ = found_doors(site)
    known = known_elements(addresses, by_pages)
    client = stranger()
    found: list[str] = []
    for place, door in enumerate(doors()):
        address, out = addresses[door.pattern], door.pattern.startswith("go/")
        for words, query in queries(door, asked(door, by_pages), place):
            answer = client.get(f"{address}?{query}")
            found += [f"{address}, {words}: {one}" for one in harm(answer, known, leads_out=out)]
    assert not found, "\n".join(found)


def test_nothing_in_an_address_is_more_than_words(site: dict[str, str]) -> None:
    addresses, by_pages, _ = found_doors(site)
    known = known_elements(addresses, by_pages)
    client = stranger()
    found: list[str] = []
    for place, door in enumerate(door for door in doors() if door.has_holes):
        kinds = dict.fromkeys((*AT_EVERY_DOOR[1:], list(HOSTILE)[place % len(HOSTILE)]))
        sent = [quote(HOSTILE[name][:LONGEST_PATH], safe="") for name in kinds]
        sent += [quote(payload, safe="") for payload in PAYLOADS[place % 50 :: 50]]
        for value in sent:
            address = with_hole(door, value)
            found += [f"{address[:200]}: {one}" for one in harm(client.get(address), known)]
    assert not found, "\n".join(found)


def test_payloads_are_words_wherever_a_page_repeats_what_was_asked(site: dict[str, str]) -> None:
    addresses, by_pages, _ = found_doors(site)
    known = known_elements(addresses, by_pages)
    client = stranger()
    found: list[str] = []
    echoes: list[str] = []
    for door in doors():
        keys = [*asked(door, by_pages), *([""] if door.has_holes else [])]
        for key in keys if door.pattern != "products/" else ("q", "brand", "sort", "view"):  # its choices are alike

            def address(value: str, door: Door = door, key: str = key) -> str:
                query = f"{addresses[door.pattern]}?{quote(key)}={value}"
                return query if key else with_hole(door, value)

            if INNOCENT in client.get(address(quote(INNOCENT))).content:
                echoes.append(f"{door.pattern} {key}")
                for payload in PAYLOADS[len(echoes) % EVERY :: EVERY]:
                    answer = client.get(address(quote(payload, safe="")))
                    found += [f"{door.pattern} {key} {payload}: {one}" for one in harm(answer, known)]
    assert len(echoes) > EVERY, "not every payload had its turn"
    assert not found, "\n".join(found)


def test_nothing_that_a_form_sends_is_more_than_words_and_every_refusal_says_why(site: dict[str, str]) -> None:
    addresses, by_pages, forms = found_doors(site)
    known = known_elements(addresses, by_pages)
    client = stranger()
    by_form = {pattern_of(form.action): form.fields for form in forms if form.method == "POST"}
    posts = {addresses[pattern]: {*fields, *TRIED_EVERYWHERE} for pattern, fields in by_form.items()}
    for pattern, fields in by_form.items():  # innocent words, in all and in each alone: what it answers to mistakes
        for filled in (fields, *((key,) for key in fields)):
            known |= shapes(client.post(addresses[pattern], dict.fromkeys(filled, "x")))
    posts |= {addresses[pattern]: {*fields, *TRIED_EVERYWHERE} for pattern, fields in TOLD_BY_MACHINES.items()}
    found: list[str] = []
    for action, names in posts.items():
        for name, value in HOSTILE.items():
            bodies = [dict.fromkeys(names, value), *({key: value} for key in names if key not in TRIED_EVERYWHERE)]
            for body in bodies:
                written = "&".join(f"{quote(key)}={quote_plus(one)}" for key, one in body.items())
                answer = client.post(action, written, content_type="application/x-www-form-urlencoded")
                found += [f"{action} with {name} in {len(body)}: {one}" for one in harm(answer, known)]
        for kind, raw in BODIES_OF_NOBODY:
            found += [
                f"{action} with {kind}: {one}"
                for one in harm(client.generic("POST", action, raw, content_type=kind), known)
            ]
    assert not found, "\n".join(found)


def test_no_message_of_a_machine_is_too_odd_to_be_answered(site: dict[str, str]) -> None:
    client = stranger()
    messages = dict(HOSTILE_JSON)
    for pattern in ("api/v1/readings/", "api/v1/recommendations/"):
        for where, odd in _each_replaced(TOLD_BY_MACHINES[pattern]):
            messages[f"{pattern}: {where}"] = json.dumps(odd).encode()
    found: list[str] = []
    for path in ("/api/v1/readings/", "/api/v1/recommendations/"):
        for name, body in messages.items():
            for more in ({}, signed(body)):
                answer = client.post(path, body, content_type="application/json", headers=more)
                found += [f"{path} with {name}: {one}" for one in harm(answer, set())]
                if 400 <= answer.status_code < 500 and not answer.json().get("detail"):
                    found.append(f"{path} with {name}: {answer.status_code} does not say why")
    assert not found, "\n".join(found)


def _each_replaced(told: Any) -> Iterator[tuple[str, Any]]:
    """The message with one of its values after the other replaced by what it cannot be."""
    odd: list[Any] = [HOSTILE["code"].decode(), "a\0b", "\ud800", [[]], {"a": {}}, None, True, -1, 10**400, 0.5, ""]
    if isinstance(told, dict):
        for key, value in told.items():
            yield from ((key, {**told, key: one}) for one in odd)
            yield from ((f"{key}.{where}", {**told, key: one}) for where, one in _each_replaced(value))
    elif isinstance(told, list) and told:
        yield from ((f"0.{where}", [one]) for where, one in _each_replaced(told[0]))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "HEAD"])
def test_no_method_is_a_failure_of_ours(method: str, site: dict[str, str]) -> None:
    client = stranger()
    answers = {door.pattern: client.generic(method, address_of(door, site)).status_code for door in doors()}
    assert {pattern: status for pattern, status in answers.items() if status >= 500} == {}


def test_no_header_is_a_failure_of_ours_or_more_than_words(site: dict[str, str]) -> None:
    addresses, by_pages, _ = found_doors(site)
    known = known_elements(addresses, by_pages)
    client = stranger()
    found: list[str] = []
    for address in ("/", "/products/", "/go/one/", "/go/nobody/", "/api/v1/products/", "/newsletter/", "/nowhere/"):
        for name, value in HOSTILE.items():
            # As a server hands it on: bytes as Latin-1, without line breaks.
            said = value[:8_000].decode("latin-1").replace("\r", "").replace("\n", "").replace("\0", "")
            sent = dict.fromkeys(HEADERS_OF_STRANGERS, said)
            answer = client.get(address, headers=sent)
            found += [f"{address}, headers with {name}: {one}" for one in harm(answer, known, leads_out=True)]
    assert not found, "\n".join(found)


def test_a_table_for_a_spreadsheet_has_no_formula_in_it(site: dict[str, str]) -> None:
    answer = stranger().get("/compare/?products=acme-one,acme-formula&format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert "=1+1 Formula" in text
    assert list(formulas(text)) == []
