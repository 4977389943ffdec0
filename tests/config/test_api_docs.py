"""The example in `docs/api.md` does what it shows, with a real key over the wire; its tables name every door."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from catalog.models import ProductCode
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
