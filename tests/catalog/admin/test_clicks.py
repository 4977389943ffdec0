"""Editors see who followed a link and which codes lead nowhere, quickly and without changing anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.clicks.ids import made_at, sub_id
from catalog.models import Click, UnknownCode
from tests.catalog.click_lines_written import click_id

pytestmark = pytest.mark.django_db
CLICKS = "admin:catalog_click_changelist"
CODES = "admin:catalog_unknowncode_changelist"


def make_click(at: datetime | None = None, **fields: Any) -> UUID:
    key = click_id(at or timezone.now())
    Click.objects.create(id=key, clicked_at=made_at(key), **{"code": "one", "agent": "person", **fields})
    return key


def rows(client: Client, name: str = CLICKS, **asked: str) -> list[str]:
    response = client.get(reverse(name), asked)
    assert response.status_code == 200
    return [row.code for row in response.context["cl"].result_list]


def test_a_week_is_shown_unless_more_is_asked_for(admin_client: Client) -> None:
    now = timezone.now()
    for days, code in ((0, "new"), (6, "week"), (20, "month"), (200, "old")):
        make_click(now - timedelta(days=days), code=code)
    assert rows(admin_client) == ["new", "week"]
    assert rows(admin_client, days="1") == ["new"]
    assert rows(admin_client, days="31") == ["new", "week", "month"]
    assert rows(admin_client, days="400") == ["new", "week", "month", "old"]
    assert rows(admin_client, days="nonsense") == ["new", "week"]


def test_what_a_click_says_is_shown(admin_client: Client) -> None:
    make_click(
        agent="staff", agent_reason="session", is_repeat=True, placement="a12.3.1", language="de", form="phone",
        system="ios", is_direct=True, offer_id=4711, route_id=4712,
    )  # fmt: skip
    page = admin_client.get(reverse(CLICKS)).content.decode()
    make_click(is_repeat=True)
    make_click(is_known=False)
    page += admin_client.get(reverse(CLICKS)).content.decode()
    for words in (
        "Staff or test: session",
        "Person, again within the hour",
        "a12.3.1",
        "phone ios de",
        "offer 4711, route 4712, straight to the shop",
        "nowhere",
    ):
        assert words in page


def test_a_click_is_found_by_code_place_id_and_the_sub_id_of_a_network(admin_client: Client) -> None:
    old = make_click(timezone.now() - timedelta(days=40), code="old")
    make_click(code="one", placement="a12.3.1")
    make_click(code="one-more")
    assert rows(admin_client, q="one") == ["one"]
    assert rows(admin_client, q="a12.3") == ["one"]
    assert rows(admin_client, q=str(old)) == ["old"]
    assert rows(admin_client, q=sub_id(old).upper()) == ["old"]
    assert rows(admin_client, q="nothing") == []


def test_machines_repeats_and_staff_can_be_told_apart(admin_client: Client) -> None:
    make_click(code="person")
    make_click(code="repeat", is_repeat=True)
    make_click(code="bot", agent="bot")
    assert rows(admin_client, agent__exact="bot") == ["bot"]
    assert rows(admin_client, is_repeat__exact="1") == ["repeat"]


def test_codes_that_lead_nowhere_are_listed_with_the_page_to_be_mended(admin_client: Client) -> None:
    now = timezone.now()
    for code, people, path in (("scan", 0, ""), ("gone", 5, "/guides/old/")):
        UnknownCode.objects.create(
            code=code, clicks=7, people_clicks=people, first_at=now, last_at=now, referrer_path=path
        )
    assert rows(admin_client, CODES) == ["gone", "scan"]
    page = admin_client.get(reverse(CODES)).content.decode()
    assert "Codes that lead nowhere" in page or "codes that lead nowhere" in page
    assert "/guides/old/" in page
    assert rows(admin_client, CODES, q="guides/old") == ["gone"]


@pytest.mark.parametrize("name", ["click", "unknowncode"])
def test_nothing_can_be_added_or_changed(admin_client: Client, name: str) -> None:
    assert admin_client.get(reverse(f"admin:catalog_{name}_add")).status_code == 403
