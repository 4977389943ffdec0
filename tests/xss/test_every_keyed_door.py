"""The same payloads at the doors that are read with a partner's key: a key makes nobody's words more than words."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from django.test import Client

from catalog.models import FeedImport, TableImport
from partners.scopes import SCOPES
from tests.factories import make_merchant
from tests.partners.keys import make_key, shown
from tests.xss.corpus import PAYLOADS
from tests.xss.harm import harm, shapes
from tests.xss.hostile import HOSTILE, INNOCENT
from tests.xss.public_doors import Door, doors
from tests.xss.public_site import address_of, public_site, with_hole
from tests.xss.test_every_public_door import AT_EVERY_DOOR, LONGEST_PATH, queries

pytestmark = pytest.mark.django_db

# What is read beside filters; those stand in the doors' filter sets.
READ = ("since", "until", "by", "in", "key", "limit", "format")


@pytest.fixture(autouse=True)
def _without_a_word_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def partner() -> Client:
    return Client(headers=shown(make_key(*SCOPES)[1]), raise_request_exception=False)


def keyed() -> list[Door]:
    return [door for door in doors() if door.is_keyed]


def addresses() -> dict[str, str]:
    site = public_site()
    FeedImport.objects.create(pk=1, merchant=make_merchant("Importer"), state="done")
    TableImport.objects.create(pk=1, kind="offers", state="done", file_name="offers.csv")
    return {door.pattern: address_of(door, site) for door in keyed()}


def test_each_is_there_for_who_has_a_key(partner: Client) -> None:
    found = {address: partner.get(address).status_code for address in addresses().values()}
    assert len(found) >= 8
    assert set(found.values()) == {200}, found


def test_nothing_in_a_query_is_more_than_words(partner: Client) -> None:
    known = addresses()
    found: list[str] = []
    for place, door in enumerate(keyed()):
        for words, query in queries(door, sorted({*door.keys, *READ}), place):
            answer = partner.get(f"{known[door.pattern]}?{query}")
            found += [f"{door.pattern}, {words}: {one}" for one in harm(answer, set())]
    assert not found, "\n".join(found)


def test_nothing_in_an_address_is_more_than_words(partner: Client) -> None:
    addresses()
    found: list[str] = []
    known = shapes(partner.get(with_hole(next(door for door in keyed() if door.has_holes), quote(INNOCENT))))
    for place, door in enumerate(door for door in keyed() if door.has_holes):
        sent = [quote(HOSTILE[name][:LONGEST_PATH], safe="") for name in AT_EVERY_DOOR[1:]]
        sent += [quote(payload, safe="") for payload in PAYLOADS[place % 50 :: 50]]
        for value in sent:
            found += [f"{door.pattern}: {one}" for one in harm(partner.get(with_hole(door, value)), known)]
    assert not found, "\n".join(found)
