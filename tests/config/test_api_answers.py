"""What holds for all doors of the API: answers that can be kept, and a schema without a gap."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import make_product


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["articles/", "products/", "products/acme-one/", "offers/"])
def test_who_has_the_answer_already_is_told_so(client: Client, door: str) -> None:
    make_product("One")
    first = client.get(f"/api/v1/{door}")
    assert first.status_code == 200
    again = client.get(f"/api/v1/{door}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_product("Two", summary="It came later.")
    product = client.get("/api/v1/products/", headers={"If-None-Match": first["ETag"]})
    assert product.status_code == 200


def test_the_schema_is_made_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    assert written.getvalue().startswith("openapi: 3.1")
    assert "Warning" not in capsys.readouterr().err
