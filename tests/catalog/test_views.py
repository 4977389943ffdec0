"""What Django answers under `/go/`: previews, links younger than the table, and codes that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from catalog import go
from catalog.clicks import lines as click_lines
from catalog.clicks import rows as clicks
from catalog.link_table import rows as link_rows
from catalog.placements import token
from tests.catalog.click_lines_written import lines_in
from tests.factories import make_link, make_merchant, make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.CLICK_SPOOL_DIR = tmp_path
    yield tmp_path
    go.desk()._spool.close()


def written(folder: Path) -> list[tuple[str, bool, str]]:
    rows = [clicks.parse(line) for line in lines_in(folder)]
    return [(row.code, row.is_known, row.placement) for row in rows]


def test_a_preview_shows_where_the_link_leads_and_counts_nothing(client: Client, folder: Path) -> None:
    merchant = make_merchant("Sound Shop", country="DE", disclaimer="We earn something when you buy.")
    make_link(make_offer(merchant=merchant))
    response = client.get("/go/one/?preview")
    page = response.content.decode()
    assert response.status_code == 200
    for words in (
        "sound-shop.example",
        "Sound Shop",
        "Germany",
        "Acme One",
        "paid link",
        "We earn something when you buy.",
    ):
        assert words in page
    assert 'href="/go/one/?p=lpreview.link.1-' in page
    assert 'rel="sponsored nofollow noopener"' in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies
    assert written(folder) == []


def test_a_link_younger_than_the_table_works_already(client: Client, folder: Path) -> None:
    make_link()
    place = token("a1.1")
    for path in (f"/go/one/?p={place}", f"/go/one?p={place}"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"] == "https://shop.example/p/acme-one"
        assert "no-store" in response["Cache-Control"]
    assert client.post(f"/go/one/?p={place}").status_code == 204
    assert client.head("/go/one/").status_code == 302
    assert client.put("/go/one/").status_code == 405
    assert written(folder) == [("one", True, "a1.1")] * 3


@pytest.mark.parametrize("query", ["", "?url=https://evil.example/", "?next=//evil.example"])
def test_an_unknown_code_gets_a_page_that_helps_and_is_recorded(client: Client, folder: Path, query: str) -> None:
    response = client.get(f"/go/no-such-code/{query}")
    assert response.status_code == 404
    assert "no-such-code" in response.content.decode()
    assert 'href="/products/"' in response.content.decode()
    assert "evil" not in response.content.decode()
    assert written(folder) == [("no-such-code", False, "")]


@pytest.mark.parametrize(
    "code", ["a%0d%0aSet-Cookie:%20b=1", "%3Cscript%3E", "x" * 500, "%00", "..%2e", "evil.example"]
)
def test_codes_that_are_attacks_are_text_and_nothing_else(client: Client, folder: Path, code: str) -> None:
    response = client.get(f"/go/{code}/")
    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers
    assert "<script>" not in response.content.decode()
    ((stored, is_known, _),) = written(folder)
    assert not is_known
    assert len(stored) <= 40
    assert click_lines.safe_code(stored) == stored


def test_an_unknown_code_is_not_recorded_for_head_and_preview(client: Client, folder: Path) -> None:
    assert client.head("/go/none/").status_code == 404
    assert client.get("/go/none/?preview").status_code == 404
    assert written(folder) == []


def test_a_link_that_was_switched_off_or_withdrawn_leads_nowhere(client: Client, folder: Path) -> None:
    make_link(is_active=False)
    assert client.get("/go/one/").status_code == 404
    assert written(folder) == [("one", False, "")]


def test_a_database_that_is_away_is_no_server_error(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(code: str) -> None:
        raise OperationalError("the server is away")

    monkeypatch.setattr(link_rows, "link_with_code", away)
    assert client.get("/go/one/").status_code == 404
    assert written(folder) == [("one", False, "")]


def test_a_stored_link_that_would_lead_elsewhere_is_refused(client: Client, folder: Path) -> None:
    make_link(make_offer(url="https://evil.example/"))
    response = client.get("/go/one/")
    assert response.status_code == 404
    assert "Location" not in response.headers
