"""Every variable that settings, containers and code read is in `.env.example` and in the operations guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from config import env
from config.embedded import PROJECT

EXAMPLE = (PROJECT / ".env.example").read_text()
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text()
COMPOSE = (PROJECT / "docker-compose.yml").read_text()


def named_in_code() -> set[str]:
    """What `config.env` was asked for, and what is read from `os.environ` directly."""
    found = set(env.VARIABLES)
    for folder in ("config", "catalog", "recommender", "reviews", "partners", "readers"):
        for path in (PROJECT / folder).rglob("*.py"):
            found |= set(re.findall(r"""os\.environ(?:\.get\(|\[)["']([A-Z_]+)["']""", path.read_text()))
    return found - {"DJANGO_SETTINGS_MODULE"} - {name for name in found if name.endswith("TEST")}


def named_in_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))


@pytest.mark.parametrize("name", sorted(named_in_code() | named_in_compose()))
def test_a_variable_is_in_the_example_and_in_the_guide(name: str) -> None:
    assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE), f"{name} is missing in .env.example"
    assert f"`{name}`" in OPERATIONS, f"{name} is missing in docs/operations.md"


def test_the_example_names_nothing_that_nobody_reads() -> None:
    listed = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert listed <= named_in_code() | named_in_compose()


# Where things lie is decided by the image; those below are compose's own.
NOT_HANDED_ON = {
    "EARMARK_DATA_DIR",
    "CLICK_SPOOL_DIR",
    "LINK_SNAPSHOT",
    "WORKER_ALIVE_FILE",
    "STATIC_ROOT",
    "MEDIA_ROOT",
}
OF_COMPOSE = {"POSTGRES_PASSWORD", "WEB_PORT", "MCP_PORT", "BALANCER_PORT"}


def test_every_variable_of_the_example_reaches_the_containers() -> None:
    listed = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)) - NOT_HANDED_ON - OF_COMPOSE
    handed_on = set(yaml.safe_load(COMPOSE)["services"]["web"]["environment"])
    assert listed == handed_on


def test_every_service_of_the_containers_has_what_it_needs() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    alone = {name for name, service in services.items() if "profiles" not in service}
    assert alone == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    assert set(services) - alone == {"web-more", "worker-more", "pgbouncer", "copy", "balancer", "mcp"}
    for name in ("web", "worker", "beat", "migrate", "mcp", "web-more", "worker-more"):
        assert services[name]["image"] == "earmark", name
        assert "DATABASE_URL" in services[name]["environment"]
        assert "no-new-privileges:true" in services[name]["security_opt"]
    for name in ("web", "worker", "postgres", "redis"):
        healthcheck = services[name].get("healthcheck")
        if healthcheck is None:
            continue  # web: the image's own
        form, *words = healthcheck["test"]
        assert form == "CMD-SHELL" or not any("$" in word for word in words), "only a shell replaces variables"


def test_the_image_does_not_run_as_root() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    last_user = [line for line in lines if line.startswith("USER ")][-1]
    assert last_user == "USER earmark"
    assert "HEALTHCHECK" in (PROJECT / "Dockerfile").read_text()
    assert Path(PROJECT / "uv.lock").exists()


def test_only_web_processes_ask_through_the_pooler() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    asking = {name: service.get("environment", {}) for name, service in services.items() if "build" in service}
    pooled = {name for name, known in asking.items() if "pgbouncer" in known["DATABASE_URL"]}
    assert pooled == {"web-more"} == {name for name, known in asking.items() if known["DATABASE_POOLED"] == 1}
