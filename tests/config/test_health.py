"""Liveness asks nothing of others; readiness names the one that is away."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connections
from django.test import Client, override_settings


def test_livez_needs_no_database(client: Client) -> None:
    # no database mark: a query would raise
    response = client.get("/livez")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response["Cache-Control"]


def test_livez_is_for_probes_that_come_over_http_by_an_address(client: Client) -> None:
    strict = {"ALLOWED_HOSTS": ["www.example.org"], "SECURE_SSL_REDIRECT": True}
    with override_settings(**strict):
        assert client.get("/livez", headers={"Host": "localhost"}).status_code == 200
        assert client.get("/", headers={"Host": "localhost"}).status_code == 400


@pytest.mark.django_db
def test_readyz_is_content_when_both_answer(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"postgresql": True, "redis": True}


@pytest.mark.django_db(transaction=True)
def test_readyz_names_a_database_that_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"postgresql": False, "redis": True}


@pytest.mark.django_db
def test_readyz_names_a_redis_that_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.cache.backends.redis import RedisCache

    away = RedisCache("unix:///nowhere/redis.sock", {})
    monkeypatch.setattr("config.health.cache", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"postgresql": True, "redis": False}
    assert caches["default"] is not away
