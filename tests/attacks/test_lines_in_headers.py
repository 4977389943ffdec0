"""No word that is kept or sent ends a header and begins another: at each address of the desk and of readers.
Letters are tried in `test_lines_in_letters.py`, what the site asks of others in `test_lines_in_requests.py`.

Every word in every table holds line breaks, a NUL's neighbours and what only some programs take for a line's end.
"""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.attacks.test_cells_are_no_formulas import addresses_of_rows, poison
from tests.xss.public_doors import doors
from tests.xss.public_site import address_of, public_site, stranger, with_hole
from tests.xss.world import world

pytestmark = pytest.mark.django_db
BREAKS = ("\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "%0d%0a", '"; filename="')
WORDS = tuple(f"a{one}X-Pwned: 1{one}Set-Cookie: pwned=1" for one in BREAKS)
ENDS = re.compile(r"[\r\n\0\x0b\x0c\x85\u2028\u2029]")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def faults(answer: Any) -> list[str]:
    found = [f"{name}: {value[:90]!r}" for name, value in answer.headers.items() if ENDS.search(value)]
    found += [f"a header {name}" for name in answer.headers if "pwned" in name.lower()]
    found += [f"a cookie {name}" for name in answer.cookies if "pwned" in name]
    disposition = answer.headers.get("Content-Disposition", "")
    found += [f"two names: {disposition[:90]}"] if disposition.count("filename=") > 1 else []
    # Django ends an answer whose header would break: so far no word of anybody's may come.
    found += [f"answers {answer.status_code}"] if answer.status_code >= 500 else []
    # A server puts a header on the line as Latin-1: what does not fit would break the answer off.
    return found + [name for name, value in answer.headers.items() if not value.isascii()]


def test_no_kept_word_becomes_a_header_of_the_desk(admin_client: Client) -> None:
    rows = world(every_model=True)
    addresses = list(addresses_of_rows(rows))
    assert poison(WORDS) > 100
    admin_client.raise_request_exception = False
    wrong = {address: found for address in addresses if (found := faults(admin_client.get(address)))}
    assert not wrong


def test_no_word_that_is_kept_or_asked_becomes_a_header_of_readers() -> None:
    site = public_site()
    addresses = [address_of(door, site) for door in doors()]
    addresses += [with_hole(door, quote(word, safe="")) for door in doors() if door.has_holes for word in WORDS[:2]]
    for door in doors():
        asked = "&".join(f"{key}={quote(WORDS[0])}" for key in (*door.keys, "next"))
        addresses.append(f"{address_of(door, site).partition('?')[0]}?{asked}")
    poison(WORDS)
    wrong = {address[:200]: found for address in addresses if (found := faults(stranger().get(address)))}
    assert not wrong
