"""No answer leads where a request said: whatever name a parameter has, whichever header says it, however it is spelled.

Every address of the table is asked, the desk's as well, by GET and by POST, with all such names at once; where an
answer leads anywhere, each spelling is tried. What links, forms and hidden fields of the page lead to is read too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html as lxml_html

from reviews.own_forms import doorway
from tests.attacks.kept_rows import taken_back
from tests.attacks.test_extra_fields import readers_forms
from tests.factories import make_colleague
from tests.xss.public_doors import _entries, doors
from tests.xss.public_site import address_of, public_site, stranger, with_hole

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
# How browsers are led elsewhere by what a careless check takes for a path of ours.
SPELLINGS = (
    f"https://{EVIL}/", f"//{EVIL}/", f"///{EVIL}", f"/\\{EVIL}/", f"\\\\{EVIL}", f"\\/{EVIL}", f"https:{EVIL}",
    f"https:/{EVIL}", f"/\t/{EVIL}/", f"\n//{EVIL}/", f" //{EVIL}", f"/%2f{EVIL}", f"%2f%2f{EVIL}", f"/%5c{EVIL}",
    f"https://testserver@{EVIL}/", f"https://testserver.{EVIL}/", f"https://{EVIL}/testserver", f"//{EVIL}:80#a",
    f"http://testserver\\@{EVIL}/", f"https://{EVIL}%00testserver/", f"javascript://testserver/%0aalert('{EVIL}')",
    f"data:text/html,{EVIL}", f"/../..//{EVIL}/", f"//ⓔvil.example/?{EVIL}", f"https://[::ffff:{EVIL}]/",
)  # fmt: skip
INNOCENT = "/newsletter/417/"
NAMES = (
    "next", "url", "to", "return", "return_to", "returnUrl", "continue", "redirect", "redirect_to", "redirect_uri",
    "redirect_field_name", "back", "target", "dest", "destination", "goto", "link", "u", "path", "page", "referer",
    "preview_of", "_popup_redirect", "success_url", "callback", "location", "a", "href", "x",
)  # fmt: skip
# Where a browser goes without being asked, or with one press.
# What an editor's form shows of its own field is no way of the site's (`p.url`).
LEADING = (
    "//a[not(ancestor::p[@class='url'])]/@href | //form/@action | //button/@formaction | //input/@formaction"
    " | //base/@href | //area/@href"
)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(doorway, "lets_in", lambda *, now: True)


def led_to(address: str) -> str:
    """The host a browser goes to from a page of ours; a word in its place where it would run something."""
    cleaned = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    if re.match(r"https?:(?!//)", cleaned, re.IGNORECASE):  # a browser adds the slashes, unless the scheme is ours
        cleaned = "https://" + cleaned.partition(":")[2].lstrip("/")
    cleaned = re.sub(r"^/{2,}", "//", cleaned)
    try:
        parts = urlsplit(urljoin("http://testserver/", cleaned))
        return parts.hostname or "" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    except ValueError:
        return "no address"


def strays(answer: Any, *, allowed: Iterable[str] = ()) -> list[str]:
    found = []
    ours = {"testserver", urlsplit(project.SITE_URL).hostname, *allowed}
    if "Location" in answer.headers and led_to(answer["Location"]) not in ours:
        found.append(f"leads to {answer['Location'][:80]}")
    if answer.status_code >= 500 or EVIL in answer.headers.get("Refresh", ""):
        found.append(f"answers {answer.status_code}")
    if EVIL.encode() in getattr(answer, "content", b""):
        found += [f"its page leads to {one[:80]}" for one in leading(answer) if EVIL in led_to(one)]
    return found


def asked(spelling: str, more: Iterable[str] = ()) -> str:
    return "&".join(f"{name}={quote(spelling)}" for name in (*NAMES, *more))


def headers(spelling: str) -> dict[str, str]:
    said = re.sub(r"[^\x20-\x7e]", "", spelling)  # as a server hands headers on
    return {
        "referer": said,
        "x-forwarded-host": EVIL,
        "x-original-url": said,
        "x-rewrite-url": said,
        "forwarded": f"host={EVIL}",
    }


def leading(answer: Any) -> list[str]:
    """Each address that an answer leads to: its own, and those of its page's links and forms."""
    found = [answer["Location"]] if "Location" in answer.headers else []
    if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content.strip():
        found += lxml_html.document_fromstring(answer.content).xpath(LEADING)
    return found


def tried_on(answers: Iterable[Any]) -> tuple[str, ...]:
    """All spellings where an answer leads to a path of ours that was asked for, else the plainest: it reads none."""
    leads = any(urlsplit(one).path == INNOCENT for answer in answers for one in leading(answer))
    return SPELLINGS if leads else SPELLINGS[:1]


def test_a_spelling_that_leads_elsewhere_would_be_seen() -> None:
    """Read as browsers do: all of the spellings that they follow at once."""
    outside = [one for one in SPELLINGS if led_to(one) not in ("testserver", "no address")]
    assert len(outside) > 17
    assert led_to("/newsletter/?next=//evil.example") == "testserver"


def test_no_public_address_leads_where_it_is_told() -> None:
    site = public_site()
    found: list[str] = []
    for place, door in enumerate(doors()):
        address = address_of(door, site)
        mark = "&" if "?" in address else "?"
        plain = stranger().get(f"{address}{mark}{asked(INNOCENT, door.keys)}")
        allowed = [led_to(plain["Location"])] if door.pattern.startswith("go/") else []
        for spelling in tried_on([plain]):
            answer = stranger().get(f"{address}{mark}{asked(spelling, door.keys)}", headers=headers(spelling))
            found += [f"{address}, {spelling!r}: {one}" for one in strays(answer, allowed=allowed)]
        for spelling in (SPELLINGS[place % len(SPELLINGS)], *SPELLINGS[:4]) if door.has_holes and not allowed else ():
            answer = stranger().get(with_hole(door, quote(spelling, safe="")))
            found += [f"{door.pattern} with {spelling!r}: {one}" for one in strays(answer)]
    assert not found, "\n".join(found)


def test_no_form_of_readers_leads_where_it_is_told() -> None:
    found, led = [], 0
    for place, (address, form) in enumerate(readers_forms(public_site())):
        plain_leads = False
        for spelling in SPELLINGS:
            with taken_back():
                answer = stranger().post(
                    f"{address}?{asked(spelling)}",
                    {**dict.fromkeys(NAMES, spelling), **form},
                    headers=headers(spelling),
                )
            found += [f"{address}, {spelling!r}: {one}" for one in strays(answer)]
            plain_leads = plain_leads or "Location" in answer.headers
            if not plain_leads and spelling is SPELLINGS[1 + place % 3]:
                break
        led += plain_leads
    assert not found, "\n".join(found)
    assert led > 2


STARTS = (f"//{EVIL}", f"/\\{EVIL}", f"///{EVIL}", f"/%2f{EVIL}", f"//{EVIL}/..", f"/\t/{EVIL}")


@pytest.mark.parametrize("start", STARTS)
def test_a_path_that_begins_with_anothers_host_is_led_nowhere(start: str) -> None:
    """What adds a slash to an address or leads on from an old one must not make a host of its beginning."""
    for rest in ("", "/", "/newsletter", "/newsletter/", "/admin", "/go/one", "/%2e%2e", "/products/"):
        answer = stranger().get("/", PATH_INFO=start + rest)
        assert strays(answer) == [], rest


# --- the desk ----------------------------------------------------------------------------------------------------


def desk_addresses() -> Iterator[str]:
    """Each of its patterns with a number, or a word, in its holes."""
    for pattern, _ in _entries(get_resolver().url_patterns):
        if pattern.startswith(project.ADMIN_PATH) and "(?P" not in pattern:
            yield "/" + re.sub(r"<(?:str|slug):\w+>", "word", re.sub(r"<(?:int:|path:)?\w+>", "1", pattern))


def test_no_page_of_the_desk_leads_where_it_is_told() -> None:
    root = User.objects.create_superuser("root", password="listen-closely")
    client = Client(raise_request_exception=False)
    client.force_login(root)
    signed_in = client.cookies[project.SESSION_COOKIE_NAME].value
    found, echoes = [], 0

    def answers_to(address: str, spelling: str) -> list[Any]:
        with taken_back():  # who is signed out by it is signed in again: the session's row comes back
            client.cookies[project.SESSION_COOKIE_NAME] = signed_in
            sent = {**dict.fromkeys(NAMES, spelling), "password": "listen-closely", "action": "x"}
            where = f"{address}?{asked(spelling)}"
            # Some look whether the page before was their own list.
            own_list = "/".join(address.split("/")[:4]) + "/?a=b"
            said = headers(spelling)
            said["referer"] += own_list
            return [client.get(where, headers=said), client.post(where, sent, headers=said)]

    for address in desk_addresses():
        spellings = tried_on(answers_to(address, INNOCENT))
        echoes += len(spellings) > 1
        for spelling in spellings:
            found += [f"{address}, {spelling!r}: {one}" for got in answers_to(address, spelling) for one in strays(got)]
    assert not found, "\n".join(found)
    assert echoes > 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_who_signs_in_stays_here(spelling: str) -> None:
    make_colleague("somebody", "Editor")
    client = Client()
    for page in (reverse("admin:login"), reverse("account_reauthenticate"), reverse("mfa_reauthenticate")):
        answer = client.get(page, {"next": spelling})
        assert strays(answer) == []
        given = {"login": "somebody", "password": "listen-closely", "next": spelling}
        answer = client.post(page, given, query_params={"next": spelling})
        assert strays(answer) == []
    assert client.session.get("_auth_user_id"), "nobody was let in: nothing was tried"


def test_a_host_that_is_not_ours_is_in_no_address() -> None:
    site = public_site()
    found = []
    for door in doors():
        answer = stranger().get(address_of(door, site), headers={"x-forwarded-host": EVIL, "x-host": EVIL})
        if EVIL.encode() in getattr(answer, "content", b"") or EVIL in answer.headers.get("Location", ""):
            found.append(door.pattern)
        answer = stranger().get(address_of(door, site), headers={"host": EVIL})
        if EVIL in answer.headers.get("Location", "") or EVIL.encode() in answer.content:
            found.append(f"{door.pattern} by its host")
    assert not found
