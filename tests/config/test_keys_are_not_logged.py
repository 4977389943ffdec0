"""A partner's key is in no line of the log and in no answer, whatever goes wrong with the request it came with."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.request import Request

from catalog.api.links import LinkClicks
from config.log_hiding import hide
from config.log_words import log_settings
from tests.partners.keys import make_key, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, from DEBUG on, as the settings would write it."""
    out = io.StringIO()
    made = log_settings("DEBUG", form="lines", has_time=False)
    made["handlers"]["console"]["stream"] = out
    logging.config.dictConfig(made)
    yield out
    logging.config.dictConfig(settings.LOGGING)


def _fails(view: LinkClicks, request: Request, code: str) -> None:
    raise RuntimeError(f"Something broke while {request.headers['Authorization']} was read.")


@pytest.mark.parametrize("is_right", [True, False], ids=["a key", "a wrong key"])
def test_it_is_not_logged(is_right: bool, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = make_key("links:read")
    sent = secret if is_right else secret[:-4] + "0000"
    monkeypatch.setattr(LinkClicks, "get", _fails)
    client = Client(headers=shown(sent), raise_request_exception=False)
    answers = [
        client.get(path)
        for path in ("/api/v1/links/", "/api/v1/links/one/clicks/", "/api/v1/jobs/", f"/api/v1/links/{sent}/", "/no/")
    ]
    answers.append(client.get("/api/v1/links/", {"key": sent}))
    logging.getLogger("partners").error("It came with %s.", shown(sent))
    said = log.getvalue()
    assert "It came with" in said
    assert ("Something broke while" in said) is is_right
    half = sent.partition(".")[2]
    assert half not in said
    assert all(half not in answer.content.decode() + str(answer.headers) for answer in answers)


def test_a_key_is_hidden_wherever_it_stands() -> None:
    _, secret = make_key("links:read")
    for text in (f"key {secret}", f"'{secret}'", f"Bearer {secret}", f"/api/v1/links/{secret}/", f"x={secret};"):
        assert secret[-32:] not in hide(text)
        assert secret[8:16] not in hide(text)
