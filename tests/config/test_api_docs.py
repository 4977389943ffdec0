"""The example in `docs/api.md` does what it shows, with a real key over the wire; its tables name every door."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.files.storage import FileSystemStorage
from pytest_django.live_server_helper import LiveServer

from catalog.models import FeedImport, Offer, ProductCode
from config.celery import app
from config.embedded import PROJECT
from tests.config.small_site import a_small_site, schema

PAGE = (PROJECT / "docs" / "api.md").read_text()


@pytest.mark.django_db(transaction=True)
def test_the_example_runs(live_server: LiveServer, tmp_path: Path) -> None:
    secret = a_small_site()
    ProductCode.objects.all().delete()  # the example's own product has this code
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "example.py").write_text(example)
    told = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        env={**os.environ, "EARMARK_SITE": live_server.url, "EARMARK_KEY": secret},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == ["created acme-two []", "180.0"]


@pytest.mark.django_db
def test_every_door_that_writes_with_a_key_stands_in_its_table() -> None:
    for path, methods in schema()["paths"].items():
        for method, one in methods.items():
            asked = [scope for key in one.get("security", ()) for scope in key.get("key", ())]
            if asked and asked[0].endswith(":write"):
                door = re.sub(r"\{(\w+)\}", r"<\1>", path.removeprefix("/api/v1/"))
                assert f"| `{method.upper()} {door}` | `{asked[0]}` |" in PAGE


@pytest.mark.skipif(shutil.which("curl") is None, reason="The recipe is written for curl.")
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_the_recipe_for_files_runs(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = FileSystemStorage(location=tmp_path / "imports", base_url=None)
    monkeypatch.setattr(FeedImport._meta.get_field("file"), "storage", storage)
    secret = a_small_site()
    (recipe,) = re.findall(r"```sh\n(.*?)```", PAGE.partition("\n## Bringing files in\n")[2], re.DOTALL)
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        told = subprocess.run(
            ["bash", "-eu", "-c", recipe],
            cwd=tmp_path,
            env={**os.environ, "EARMARK_SITE": live_server.url, "EARMARK_KEY": secret},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[:2] == ["1", "done 1 None"]
    assert "row,field,what_is_wrong,what_stood_there" in told.stdout
    assert Offer.objects.filter(merchant__slug="shop", merchant_sku="A1").exists()
