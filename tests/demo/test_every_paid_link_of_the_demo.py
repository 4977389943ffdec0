"""The demo is what newcomers click through: each of its paid links says where it stands, and that it is one."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from demo import seed
from reviews.places import place_words
from tests.reviews.html import paid_links, walk

pytestmark = pytest.mark.django_db
DOORS = ("/", "/products/?sort=price", "/choose/result/?do=gaming_voice&mic=none", "/choose/result/?do=music")


def test_every_paid_link_has_a_place_and_a_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_DEMO", "1")
    monkeypatch.delenv("EARMARK_SHOPS_PORT", raising=False)
    seed.main()
    found = [(address, link) for address, html in walk(client, DOORS) for link in paid_links(html)]
    words = place_words({link.place for _, link in found})
    for address, link in found:
        assert link.place, address
        assert not words[link.place].is_gone, link.place
        assert words[link.place].path == urlsplit(address).path
        assert {"sponsored", "nofollow", "noopener"} <= set(link.attributes["rel"].split())
        assert "paid link" in link.text
        assert link.place not in link.attributes["href"].replace(link.ours, "")
    assert {link.place[0] for _, link in found} == set("abplq")
    assert any(link.attributes.get("ping") for _, link in found)
    assert len({link.place for _, link in found}) > 200
