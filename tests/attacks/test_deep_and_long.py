"""What is nested too deeply, or is one word from beginning to end: refused at each door, in words, memory bounded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest

from catalog.feeds.json_lines import json_rows
from catalog.feeds.tables import table_rows as feed_rows
from catalog.json_answers import json_object
from catalog.money.published_rates import csv_rates
from catalog.services.feed_imports.layout import Layout
from catalog.services.feed_imports.tables import table_rows
from catalog.services.feed_imports.trees import json_items
from partners.scopes import SCOPES
from reviews.articles_file import read as read_articles
from reviews.models import MethodVersion
from reviews.services.score_files import Trial, try_scores
from reviews.wordpress.short_links import pretty_links
from tests.attacks.test_bombs import MEGABYTE, REFUSALS, asked_for, report
from tests.config.test_api_scopes import SCOPED
from tests.partners.keys import make_key, shown
from tests.xss.public_doors import doors
from tests.xss.public_site import address_of, public_site, stranger

DEEP = b"[" * 200_000
JSON: dict[str, Callable[[bytes], object]] = {
    "an answer": json_object,
    "a feed": lambda body: list(json_rows(io.BytesIO(body), encoding="", needs=())),
    "an import": lambda body: list(json_items(io.BytesIO(body), "utf-8")),
    "articles": read_articles,
}


@pytest.mark.parametrize("body", [DEEP, b'{"a":' * 100_000, b"9" * 1_000_000, b'{"a": 1e999999999}'])
@pytest.mark.parametrize("door", JSON)
def test_json_that_is_too_deep_or_too_long_is_refused_in_words(door: str, body: bytes) -> None:
    said, peak = asked_for(lambda: JSON[door](body))
    assert isinstance(said, (*REFUSALS, list, dict)), said
    assert peak < 16 * MEGABYTE


@pytest.mark.django_db
def test_json_that_is_too_deep_is_refused_at_each_door_of_the_api() -> None:
    """Machines' doors and readers', with a key that may do everything; by 400, and never as a fault of ours."""
    site = public_site()
    _, secret = make_key(*SCOPES)
    addresses = {(method, path) for path, method, _ in SCOPED if method in ("POST", "PUT", "PATCH")}
    addresses |= {("POST", address_of(door, site)) for door in doors() if door.pattern.startswith("api/")}
    answers = {
        (method, path, body[:6]): stranger()
        .generic(method, path, body, content_type="application/json", headers=shown(secret))
        .status_code
        for method, path in sorted(addresses)
        for body in (DEEP, b'{"a":' * 100_000, b"9" * 100_000, b'{"a": 1e999999999}')
    }
    assert {where: status for where, status in answers.items() if not 400 <= status < 500} == {}
    assert list(answers.values()).count(400) > len(addresses), "most doors read what was sent"


CELL = "9" * (2 * MEGABYTE)
WRITTEN = {
    "as it is": CELL + "\n",
    "in marks": f'"{CELL}"\n',
    "in marks that do not end": f'"{CELL}\n',
    "over lines": '"' + "9\n" * 20_000 + '"\n',
    "of marks": '"' * (2 * MEGABYTE) + "\n",
}
LAYOUT = Layout(format="csv", columns=("amount",))
# What stands above the cell, and who reads it.
CSV: dict[str, tuple[str, Callable[[str], object]]] = {
    "a report": ("amount\n", lambda text: [row for table in report(text.encode()) for row in table.rows]),
    "rates": ("day,currency,per_euro\n2026-01-02,USD,", csv_rates),
    "a feed": (
        "id,price\n1,",
        lambda text: list(feed_rows(io.BytesIO(text.encode()), encoding="utf-8", declared="", needs=())),
    ),
    "an import": ("amount\n", lambda text: list(table_rows(io.BytesIO(text.encode()), LAYOUT, width=1))),
    "links of an old site": ("slug,url\none,", lambda text: list(pretty_links(io.StringIO(text)))),
    "scores": (
        "product,criterion,value,evidence,evidence_url,tester,scored_on\nacme-one,",
        lambda text: try_scores(MethodVersion(), text, today=date(2026, 11, 1)),
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("door", CSV)
@pytest.mark.parametrize("where", ["in a row", "in the header"])
def test_one_cell_that_is_the_whole_file_is_refused(where: str, door: str, written: str) -> None:
    head, read = CSV[door]
    text = head + WRITTEN[written] if where == "in a row" else WRITTEN[written] + head
    said, peak = asked_for(lambda: read(text))
    assert isinstance(said, (*REFUSALS, list, Trial)), said
    assert longest_word(said) <= 131_072, "nobody hands on a cell of such a length"
    assert peak < 90 * MEGABYTE


def longest_word(said: object) -> int:
    """Of what a door read, or said of it."""
    return max(
        (len(one) for one in re.findall(r"9+", repr(said) if not isinstance(said, Exception) else str(said))), default=0
    )
