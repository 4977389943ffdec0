"""No table that leaves the site holds a cell that a spreadsheet would work out: each address that gives one is found by
its answer, and asked for rows whose words all begin like formulas."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Container, Iterator, Sequence
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib import admin
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from catalog.csv_cells import cell
from config.embedded import PROJECT
from partners.scopes import SCOPES
from tests.config.test_api_scopes import SCOPED
from tests.made_rows import Rows
from tests.partners.keys import make_key, shown
from tests.xss.public_doors import _entries, doors
from tests.xss.public_site import address_of, public_site, stranger
from tests.xss.world import world

pytestmark = pytest.mark.django_db
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = tuple(f"{sign}cmd|' /C calc'!A0" for sign in SIGNS)
TABLE = re.compile(r"text/csv|tab-separated|spreadsheet|ms-excel")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
# What asks for a table where a page stands at the same address.
ASKED = ("", "?format=csv", "?format=xlsx", "?export=1")
KINDS = ("products", "offers", "links")
LEAST = 12
OURS = ("catalog", "partners", "readers", "recommender", "reviews")


def formulas(text: str) -> list[str]:
    """Cells that begin like one; a number may have its sign."""
    cells = [one for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for one in row]
    return [one for one in cells if one.startswith(SIGNS) and not NUMBER.fullmatch(one)]


def poison(words: Sequence[str], *, but: Container[str] = ()) -> int:
    """Every word in every table is one of these, wherever the database lets it; how many columns took one.

    `but`: names of columns that keep theirs.
    """
    taken = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # frozen rows too: what is old may hold one
    for model in (one for one in apps.get_models() if one._meta.app_label in OURS):
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField) or field.choices or field.primary_key:
                continue
            if str(field) == "reviews.RowChange.door":  # the trigger's own word, of a list in its code
                continue
            if field.name in but:
                continue
            if isinstance(field, models.SlugField):  # an address: with another one its page is not found, or breaks
                continue
            word = words[taken % len(words)][: field.max_length or 99]
            try:
                with transaction.atomic():
                    taken += model._default_manager.update(**{field.attname: word}) > 0
            except DatabaseError:
                continue
    return taken


def texts(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8-sig"))


def addresses_of_rows(rows: Rows) -> Iterator[str]:
    """Each address of the desk, its holes filled by the row of the model that it speaks of."""
    named = {model._meta.label.lower(): model._meta.label for model in admin.site._registry}
    for pattern, _ in _entries(get_resolver().url_patterns):
        if not pattern.startswith(project.ADMIN_PATH) or "(?P" in pattern:
            continue
        app, _, rest = pattern.removeprefix(project.ADMIN_PATH).partition("/")
        label = named.get(f"{app}.{rest.partition('/')[0]}", "")
        row = rows.one(label, 0).pk if label and label != "reviews.AuditLine" else 1
        for kind in KINDS if "<slug:kind>" in pattern else ("word",):
            yield "/" + re.sub(r"<(?:str|slug):\w+>", kind, re.sub(r"<(?:int:|path:)?\w+>", str(row), pattern))


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def test_no_table_of_the_desk_holds_a_formula(admin_client: Client) -> None:
    admin_client.raise_request_exception = False
    rows = world(every_model=True)
    assert poison(FORMULAS) > 100
    found, tables, cells = {}, set(), 0
    for address in addresses_of_rows(rows):
        for more in ASKED if address.count("/") < 6 and not address.endswith(".csv") else ("",):
            answer = admin_client.get(address + more)
            if not TABLE.search(answer.headers.get("Content-Type", "")):
                continue
            text = texts(answer)
            tables.add(address)
            cells += text.count("'=cmd") + text.count("'＝cmd") + text.count("'@cmd")
            if told := formulas(text):
                found[address + more] = told[:5]
    assert not found
    assert len(tables) >= LEAST, sorted(tables)
    assert cells > LEAST, "the words did not reach the tables: nothing was tried"


def test_no_action_of_a_list_gives_a_formula(admin_client: Client) -> None:
    """None gives a table today; what is added is tried."""
    world(every_model=True)
    poison(FORMULAS)
    admin_client.raise_request_exception = False
    for model, page in admin.site._registry.items():
        where = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        chosen = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)[:3]]
        for action in [one if isinstance(one, str) else one.__name__ for one in page.actions or ()]:
            answer = admin_client.post(where, {"action": action, "_selected_action": chosen})
            if TABLE.search(answer.headers.get("Content-Type", "")):
                assert formulas(texts(answer)) == [], f"{where} {action}"


def test_no_table_of_readers_holds_a_formula() -> None:
    site = public_site()
    poison(FORMULAS)
    tables = 0
    for door in doors():
        for more in ("?format=csv", "?format=csv&products=acme-one,acme-formula"):
            try:
                # what such words break at one door must not keep the next one from answering
                with transaction.atomic():
                    answer = stranger().get(address_of(door, site).partition("?")[0] + more)
            except DatabaseError:
                continue
            if TABLE.search(answer.headers.get("Content-Type", "")):
                tables += 1
                assert formulas(texts(answer)) == [], door.pattern
    assert tables


def test_no_table_of_machines_holds_a_formula() -> None:
    """With a key that may read all, at each door that gives a file instead of JSON."""
    rows = world(every_model=True)
    numbers = {name: rows.one(f"catalog.{label}", 0).pk for name, label in NUMBERED.items()}
    rows.one("catalog.ImportProblem", 0)
    poison(FORMULAS)
    _, secret = make_key(*SCOPES)
    tables, cells = set(), 0
    for path in sorted({path for path, method, _ in SCOPED if method == "GET"}):
        name = path.split("/")[3]
        address = path.replace(f"{name}/1/", f"{name}/{numbers.get(name, 1)}/")
        answer = stranger().get(f"{address}?format=csv", headers=shown(secret))
        if TABLE.search(answer.headers.get("Content-Type", "")):
            text = texts(answer)
            assert formulas(text) == [], address
            tables.add(address)
            cells += text.count("'=cmd") + text.count("'@cmd")
    assert len(tables) >= 2, tables
    assert cells, "the words did not reach the tables: nothing was tried"


# What stands in a key's doors by a number of its own.
NUMBERED = {"imports": "FeedImport", "tables": "TableImport"}
APPS = ("catalog", "config", "partners", "readers", "recommender", "reviews")
# Who writes one by hand: what is read by ourselves again, and the file of a command whose words are the code's.
BY_HAND = {
    "catalog/csv_cells.py",
    "catalog/services/feed_imports/files.py",
    "reviews/management/commands/simulate_choices.py",
}


def test_every_table_is_written_by_the_one_that_keeps_cells_words() -> None:
    told = {str(path.relative_to(PROJECT)): path.read_text() for app in APPS for path in (PROJECT / app).rglob("*.py")}
    by_hand = re.compile(r"csv\.(writer|DictWriter)|openpyxl|xlsxwriter")
    assert {name for name, text in told.items() if by_hand.search(text)} == BY_HAND
    served = {name for name, text in told.items() if '"text/csv' in text}
    assert len(served) >= 8
    assert {name for name in served if "from catalog.csv_cells import" not in told[name]} == SERVED_BY_OTHERS


# The lines come from a module that is named above, or the word is that of a schema or of what is read.
SERVED_BY_OTHERS = {
    "catalog/api/import_input.py",
    "catalog/api/imports.py",
    "catalog/api/tables.py",
    "reviews/api/reports.py",
    "reviews/views/pages.py",
}


@pytest.mark.parametrize("words", FORMULAS)
def test_a_formula_is_seen_and_made_words(words: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerow(["fine", words])
    assert formulas(written.getvalue()) == [words]
    assert cell(words) == f"'{words}"
