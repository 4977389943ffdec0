"""Whoever holds one key, number or signed link reaches nothing with it that is another's: at every address with a hole.

Holes come from the table of addresses: what is added tomorrow is tried tomorrow, or fails until it is said to be open.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from catalog.models import Alert
from catalog.services.network_accounts import postback_path
from readers.links import preference_token
from readers.models import Consent, Reader
from reviews.comment_links import LETTER_LIFE, MINE_LIFE
from reviews.models import Article
from reviews.own_forms import doorway
from tests.attacks.kept_rows import all_rows, changed, taken_back
from tests.factories import make_account, make_article, make_comment
from tests.xss.public_doors import Door, doors
from tests.xss.public_site import EXAMPLES, address_of, public_site, stranger, with_hole

pytestmark = pytest.mark.django_db

# Holes that hold a secret, by what the site's example is called.
SECRETS = {
    "postback/<int:account_id>/<secret>/": "postback",
    "postback/<int:account_id>/<secret>": "postback_bare",
    "newsletter/confirm/<str:key>/": "confirm",
    "newsletter/leave/<str:key>/": "leave",
    "newsletter/leave-news/<str:token>/": "leave_news",
    "newsletter/you/<str:token>/": "you",
    "alerts/mine/<str:key>/": "alert",
    "comments/mine/<str:token>/": "mine",
    "comments/decide/<str:token>/": "decide",
    "preview/<str:token>/": "preview",
}
# What is public under a number: an article that is published, a comment that is shown, a version of the method.
NUMBERS = {
    "comments/write/<int:article>/": "article",
    "comments/follow/<int:article>/": "article",
    "comments/<int:number>/useful/": "comment",
}
BY_KEY = "api/v1/"  # what has a number there is told to nobody without a key: its scopes are tried by their own tests
# Public names; what is no public one of them is asked for below (`NOT_PUBLIC`).
OPEN_HOLES = ("<slug:", "<section:", "<kind:", "<path:name>", "<code>", "method/<int:number>/")
# The same key is in each of a letter's links: who may leave may also confirm, and what one follows is one's own.
SHARED = frozenset({"confirm", "leave", "alert"})
# Every button and field of these pages at once.
PRESSED = {
    "act": "erase",
    "sure": "yes",
    "state": "shown",
    "text": "It was never mine.",
    "amount": "3",
    "name": "Robin",
    "email": "robin@mail.example",
    "List-Unsubscribe": "One-Click",
}
# Links that end by themselves, beside the one that confirms.
ENDING = ("mine", "decide", "preview")
HIDDEN = ("held", "spam", "refused", "deleted")
REFUSED = frozenset({400, 403, 404, 410})


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(doorway, "lets_in", lambda *, now: True)


def last_part(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def secrets_of(site: Mapping[str, str]) -> dict[str, str]:
    return {name: last_part(site[name]) for name in SECRETS.values()}


def with_part(address: str, part: str) -> str:
    head = address.rstrip("/").rpartition("/")[0]
    return f"{head}/{part}{address[len(address.rstrip('/')) :]}"


def harm(addresses: Iterable[str]) -> list[str]:
    """What opening them and pressing their buttons gives or changes: nothing, as they are nobody's."""
    found = []
    before = all_rows()
    with taken_back():
        for address in addresses:
            answers = (stranger().get(address).status_code, stranger().post(address, PRESSED).status_code)
            found += [] if REFUSED.issuperset(answers) else [f"{address[:120]}: {answers}"]
        return found + [f"changed {where}" for where in changed(before, all_rows())]


def secret_doors() -> Iterator[Door]:
    yield from (door for door in doors() if door.pattern in SECRETS)


def test_every_hole_holds_a_secret_a_number_that_is_tried_or_a_public_name() -> None:
    holes = {door.pattern for door in doors() if door.has_holes}
    closed = {pattern for pattern in holes if not any(name in pattern for name in OPEN_HOLES)}
    assert {pattern for pattern in closed if not pattern.startswith(BY_KEY)} == {*SECRETS, *NUMBERS}


def test_a_number_among_machines_asks_for_a_key() -> None:
    numbered = [door for door in doors() if door.pattern.startswith(BY_KEY) and "<int:" in door.pattern]
    for door in numbered:
        client, address = stranger(), with_hole(door, "1")
        answers = {client.get(address).status_code, client.post(address).status_code}
        assert answers <= {401, 403, 405}, door.pattern
        assert answers & {401, 403}, door.pattern


def test_a_key_opens_one_door_only() -> None:
    site = public_site()
    keys = secrets_of(site)
    addresses = [
        with_part(address_of(door, site), key)
        for door in secret_doors()
        for name, key in keys.items()
        if key != keys[SECRETS[door.pattern]] and not {name, SECRETS[door.pattern]} <= SHARED
    ]
    assert len(addresses) > 70
    assert harm(addresses) == []


def worn(key: str) -> Iterator[str]:
    """Cut, stretched, turned at each end, in other letters, signed for nothing, and with another's number."""
    yield from (key[:-1], key[1:], key[: len(key) // 2], key + "A", key.swapcase(), key[::-1], "%00", f"{key}%00")
    yield key[:-2] + ("AA" if not key.endswith("AA") else "BB")
    content, dot, rest = key.partition(":")
    if dot:
        yield from (f"{content}:", f":{rest}", content, f"{content}:{'A' * 43}", rest)
        for other in (1, 2, 3, [1, 0], [2, 0], [2, 1], None, {}, "1"):
            yield f"{signing.b64_encode(json.dumps(other).encode()).decode()}:{rest}"
            yield signing.dumps(other)  # of this site, but for no door
            yield signing.dumps(other, key="another site's key")
        yield f".{content}:{rest}"  # says that it is packed


def test_a_worn_or_made_up_key_opens_nothing() -> None:
    site = public_site()
    whole = [address_of(door, site) for door in secret_doors()]
    addresses = [with_part(address, key) for address in whole for key in worn(last_part(address))]
    assert len(addresses) > 250
    assert harm(addresses) == []


def test_a_link_that_is_over_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    site = public_site()
    later = timezone.now() + max(MINE_LIFE, LETTER_LIFE, timedelta(days=8))
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    ending = [address_of(door, site) for door in secret_doors() if SECRETS[door.pattern] in ENDING]
    assert len(ending) == len(ENDING)
    assert harm(ending) == []
    answer = stranger().post(f"/newsletter/confirm/{site['confirm']}/")
    assert answer.status_code == 410
    assert not Consent.objects.filter(key=site["confirm"], confirmed_at__isnull=False).exists()


def test_a_number_of_what_is_not_public_opens_nothing() -> None:
    site = public_site()
    draft = make_article("a-draft")
    hidden = [make_comment(Article.objects.get(pk=site["article"]), state=state) for state in HIDDEN]
    hidden.append(make_comment(draft, "On a draft."))
    nowhere = (0, 10**6, 2**63, 10**30)
    numbers = {
        "comments/write/<int:article>/": (draft.pk, *nowhere),
        "comments/follow/<int:article>/": (draft.pk, *nowhere),
        "comments/<int:number>/useful/": (*(one.pk for one in hidden), *nowhere),
    }
    assert numbers.keys() == NUMBERS.keys()
    assert harm(
        EXAMPLES[pattern].format(**{**site, NUMBERS[pattern]: number})
        for pattern, those in numbers.items()
        for number in those
    ) == []  # fmt: skip


def test_with_ones_own_link_nothing_of_another_is_reached() -> None:
    """What a page's own fields name is looked for among what is the link's owner's."""
    site = public_site()
    other = Reader.objects.get(address="follows@mail.example")
    Consent.objects.filter(reader=other).update(confirmed_at=timezone.now())
    theirs = [site["leave"], site["alert"]]
    mine = Consent.objects.get(key=site["confirm"]).reader
    page = f"/newsletter/you/{preference_token(mine.pk, mine.link_version)}/"
    for address, fields in (
        (page, {"act": "end", "key": theirs}),
        (page, {"act": "save", "topic": ["newsletter"], "reader": other.pk, "key": theirs}),
        (page, {"act": "erase", "sure": "yes", "address": other.address, "reader": other.pk}),
        (f"/newsletter/confirm/{site['confirm']}/", {"asked": theirs}),
    ):
        kept = rows_of(other)
        with taken_back():
            answer = stranger().post(address, fields)
            assert answer.status_code == 200, address
            assert rows_of(other) == kept, address
            assert other.address not in answer.content.decode()
    exported = stranger().post(page, {"act": "export", "address": other.address, "reader": other.pk}).json()
    assert other.address not in json.dumps(exported)
    assert mine.address in json.dumps(exported)


def rows_of(reader: Reader) -> list[Any]:
    """Everything kept of a reader that a page of theirs shows."""
    consents = Consent.objects.filter(reader=reader).order_by("pk").values()
    alerts = Alert.objects.filter(consent__reader=reader).order_by("pk").values()
    return [*Reader.objects.filter(pk=reader.pk).values(), *consents, *alerts]


def test_the_secret_of_one_account_is_not_anothers() -> None:
    public_site()
    one, two = make_account("One more"), make_account("And another")
    secret = last_part(postback_path(two))
    address = with_part(postback_path(one), secret)
    assert harm([address]) == []
    told = stranger().post(postback_path(two), {"AwinTransactionPush": "{}"})
    assert told.status_code not in {403, 404}, "with its own it is read"


def test_each_key_opens_its_own_door() -> None:
    """Else all of the above would hold of doors that are shut for everybody."""
    site = public_site()
    shut = {
        address: stranger().get(address).status_code for door in secret_doors() if (address := address_of(door, site))
    }
    assert {address: status for address, status in shut.items() if status != 200 and "postback" not in address} == {}
