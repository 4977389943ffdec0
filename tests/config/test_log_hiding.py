"""What a log line must not say is hidden, whoever wrote the line; what an operator needs stays."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from config.log_hiding import hide

# Names of an address' holes that hold what lets somebody in.
SECRET_HOLES = re.compile(r"<(?:str:)?(token|secret|key)>")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("{'robin@mail.example': (550, b'no such box')}", "{'…@…': (550, b'no such box')}"),
        ("To: Robin <robin+x@mail.example>", "To: Robin <…@…>"),
        ("from 203.0.113.9, 2001:db8::7", "from …, …"),
        ("postgresql://earmark:s3cret@db:5432/x", "postgresql://…@db:5432/x"),
        ("GET /products/?q=for+my+daughter HTTP", "GET /products/?… HTTP"),
        ("https://feed.example/f.csv?key=abc", "https://feed.example/f.csv?…"),
        ("Authorization: Bearer abcdefghijkl", "Authorization: Bearer …"),
        ("key AbCdEfGh." + "x" * 32, "key …"),
        ("whsec_c2VjcmV0c2VjcmV0", "…"),
        ("token MQ:1vNxYz:" + "a" * 43, "token …"),
        ("duplicate key\nDETAIL:  Key (address)=(Robin) exists.\nend", "duplicate key\nDETAIL: …\nend"),
        ("error\nLINE 1: SELECT 'Robin'\n", "error\nLINE 1: …\n"),
    ],
)
def test_it_is_hidden(said: str, kept: str) -> None:
    assert hide(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "connection to 127.0.0.1:5432 and 172.18.0.3 refused at 12:34:56",
        "3 of 10 prices of shop-1 at 2026-11-27T01:02:03+00:00: http://feed.example/f.csv",
        "Not Found: /products/acme-one/",
        "Is it there? Yes: catalog.tasks.ship_clicks[5b3e3b0e-9f5e-4c53-8e0a-1c0d8f3a2b11]",
        'File "/opt/earmark/catalog/go.py", line 12, in <module>',
        "::: a :: b",
    ],
)
def test_what_an_operator_needs_stays(said: str) -> None:
    assert hide(said) == said


def test_a_known_secret_is_hidden_wherever_it_stands_and_a_short_one_is_no_secret() -> None:
    assert hide("x-abcdefgh-y", ["abcdefgh", "x"]) == "x-…-y"


def secret_addresses() -> list[str]:
    def entries(table: object, before: str = "") -> list[str]:
        found = []
        for entry in table:  # type: ignore[attr-defined]  # Django's tables have no common type
            if isinstance(entry, URLResolver):
                found += entries(entry.url_patterns, before + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                found.append(before + str(entry.pattern))
        return found

    return sorted(one for one in set(entries(get_resolver().url_patterns)) if SECRET_HOLES.search(one))


@pytest.mark.parametrize("pattern", secret_addresses())
def test_what_lets_in_is_hidden_in_every_address_that_has_it(pattern: str) -> None:
    secret = uuid.uuid4().hex
    address = "/" + re.sub(r"<[^>]+>", "1", SECRET_HOLES.sub(secret, pattern)).lstrip("/")
    assert secret in address
    assert secret not in hide(f"Not Found: {address}")
    assert secret not in hide(f'"POST https://site.example{address}?a=1 HTTP/1.1" 403')


def test_there_are_such_addresses() -> None:
    assert len(secret_addresses()) >= 9
