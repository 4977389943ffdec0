"""Does the API do what its schema says, and nothing else? Asked by Schemathesis: all its checks, one request after
another too, with a key that may do everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from pytest_django.live_server_helper import LiveServer

from config.api_limits import PerClient
from tests.config.small_site import a_small_site

# What came before decides whether a condition holds (412), is needed (428), and whether a key is spent (422).
SETTINGS = """
seed = 1
continue-on-failure = true
workers = 1
hooks = "formats.py"

[generation]
mode = "all"
max-examples = 10
deterministic = true
# PostgreSQL keeps no NUL, so every text with one is refused; tests/catalog and tests/xss send some.
allow-x00 = false
with-security-parameters = true

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 422, 428, 429, 503]

# A condition that cannot be read does not hold.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]

# How many days lie between two is no matter of a schema.
[[operations]]
include-path-regex = "/clicks/$"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 429, 503]

# What readers write is judged by rules: is it there already, do the words stand in the article, does this wish name a
# currency?
[[operations]]
include-path-regex = "/(comments|remarks|alerts)/$"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 429, 503]

[phases.stateful]
max-steps = 3
"""
# What the schema names as a format and no regular expression can say.
FORMATS = """
import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.format("gtin", st.sampled_from(["4006381333931", "0012345678905", "96385074"]))
schemathesis.openapi.format("iso-3166", st.sampled_from(["US", "DE"]))
schemathesis.openapi.format("iso-4217", st.just("USD"))
"""


# Each door for itself, from the edges of its schema; then what chance finds, also one request after another.
PHASES = ("examples,coverage", "fuzzing,stateful")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("phases", PHASES)
def test_it_keeps_its_contract(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phases: str
) -> None:
    for kind in ("key", "anon"):
        monkeypatch.setitem(PerClient.THROTTLE_RATES, kind, "1000000/min")
    # The test server sends head and body apart; on one connection each answer would wait 40 ms for the other side.
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    secret = a_small_site()
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    (tmp_path / "formats.py").write_text(FORMATS)
    schema = f"{live_server.url}/api/v1/schema/?format=json"
    asked = ["--checks", "all", "--phases", phases, "--header", f"Authorization: Bearer {secret}", "--no-color"]
    result = subprocess.run(
        [str(Path(sys.executable).parent / "schemathesis"), "run", schema, *asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert result.returncode == 0, result.stdout[-10_000:] + result.stderr[-2000:]
    assert "Tested" in result.stdout
