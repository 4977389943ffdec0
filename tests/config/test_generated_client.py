"""A Python client that nobody wrote: made from the schema alone, it reads, writes and understands a refusal."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from catalog.models import Link, Product
from tests.config.small_site import a_small_site, schema

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "earmark_client"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a module of the client."""
    (tmp_path / "schema.json").write_text(json.dumps(schema()))
    (tmp_path / "settings.yml").write_text("post_hooks: []\n")
    asked = ["--path", "schema.json", "--config", "settings.yml", "--meta", "none", "--output-path", NAME]
    told = subprocess.run(
        [str(Path(sys.executable).parent / "openapi-python-client"), "generate", *asked, "--fail-on-warning"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name: importlib.import_module(f"{NAME}.{name}")


def test_it_reads_writes_and_is_told_what_is_wrong(live_server: LiveServer, made: Any) -> None:
    partner = made("client").AuthenticatedClient(base_url=live_server.url, token=a_small_site())
    with made("client").Client(base_url=live_server.url) as anybody, partner:
        talk(made, anybody, partner)


def talk(made: Any, anybody: Any, partner: Any) -> None:
    models, products = made("models"), "api.products.products_"

    listed = made(f"{products}list").sync(client=anybody)
    assert [one.slug for one in listed.results] == ["acme-one"]
    assert listed.results[0].offers[0].price.amount == "99.00"

    read = made(f"{products}retrieve").sync_detailed("acme-one", client=partner)
    body = models.PatchedProductInRequest.from_dict({"specs": {"anc": True, "weight_g": "254.0"}})
    change = made(f"{products}partial_update").sync_detailed
    changed = change("acme-one", client=partner, body=body, if_match=read.headers["ETag"])
    assert (changed.status_code, changed.parsed.specs.anc) == (200, True)
    assert Product.objects.get().specs.weight_g == 254

    stale = change("acme-one", client=partner, body=body, if_match=read.headers["ETag"])
    assert (stale.status_code, stale.parsed.title) == (412, "Precondition Failed")
    stranger = change("acme-one", client=anybody, body=body, if_match="*")
    assert (stranger.status_code, stranger.parsed.status) == (401, 401)

    rows = [{"brand": "Acme", "model": "Two"}, {"brand": "Acme", "model": "Three", "gtin": ["4006381333930"]}]
    bulk = made(f"{products}bulk_create").sync(
        client=partner, body=models.BulkInRequest.from_dict({"products": rows}), idempotency_key="monday"
    )
    assert [one.outcome.value for one in bulk.results] == ["created", "refused"]
    assert bulk.results[1].problems[0].field == "gtin.0"

    asked = models.LinkInRequest.from_dict({"merchant": "shop", "sku": "acme-one", "code": "spring"})
    link = made("api.links.links_create").sync(client=partner, body=asked)
    assert (link.code, Link.objects.filter(code="spring").count()) == ("spring", 1)
    refused = made("api.links.links_create").sync(client=partner, body=asked)
    assert (refused.status, refused.errors[0].field) == (409, "code")
