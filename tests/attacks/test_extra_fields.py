"""Fields that no form asks for change nothing: at each form of readers, each message of machines and each of the desk.

What a door does with an innocent form is compared with what it does with the same form and, beside it, every column
there is, by its name. Each is sent twice with other values, and taken back.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from reviews.models import Author
from reviews.own_forms import doorway
from tests.attacks.kept_rows import Changes, all_rows, changed, taken_back
from tests.catalog.api.test_readings import SECRET
from tests.catalog.api.test_readings import headers as signed
from tests.factories import make_colleague
from tests.made_rows import Rows
from tests.xss.forms import main_form, page_forms, sent
from tests.xss.public_doors import doors, pages_of, pattern_of
from tests.xss.public_site import TOLD_BY_MACHINES, address_of, public_site, stranger
from tests.xss.world import world

pytestmark = pytest.mark.django_db
Form = Mapping[str, Any]
Sender = Callable[[Form], Any]

PLANTED_WORDS, PLANTED_NUMBER, PLANTED_TIME = "planted words", 417417, "2001-02-03T04:05:06Z"
PLANTED = (PLANTED_WORDS, str(PLANTED_NUMBER), "2001-02-03")
TURNS = (0, 1)
# What a reader types where a form comes empty.
TYPED = {
    "email": "robin@mail.example",
    "name": "Robin",
    "text": "Mine creak a little when I laugh.",
    "amount": "5",
    "reason": "It helps others.",
    "words": "fit",  # stands in the article of the site
}
# A call is kept as it came: what is said there beside the rest is evidence.
KEPT_AS_SENT = frozenset({("catalog_postback", "body")})
# A trap of our own forms, and what is no column of ours.
NOT_SENT = frozenset({"website", "csrfmiddlewaretoken"})
# The role with the shortest forms and that with the most, and how many of its forms it saves at least.
ROLES_TRIED = {"Writer": 2, "Administrator": 17}


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(doorway, "lets_in", lambda *, now: True)
    monkeypatch.setenv("SHOP_PUSH_SECRET", SECRET)


def extra_fields(turn: int) -> dict[str, Any]:
    """Every column of every table, under each name that a form or a serializer would have for it."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            found[field.name] = found[field.attname] = _planted(field, turn)
    return {name: value for name, value in found.items() if name not in NOT_SENT} | {"pk": PLANTED_NUMBER}


def _planted(field: Any, turn: int) -> Any:
    if field.many_to_many:
        return [turn + 1]
    if field.is_relation:
        return turn + 1
    if field.choices:
        keys = [key for key, _ in field.flatchoices if key not in ("", None)]
        return keys[-1 if turn == 0 else 0]
    match field:
        case models.BooleanField():
            return turn == 0
        case models.DateField():
            return PLANTED_TIME
        case models.IntegerField() | models.DecimalField() | models.FloatField():
            return PLANTED_NUMBER
    return PLANTED_WORDS


def posted_extras(turn: int) -> dict[str, Any]:
    """As a form sends them: a box that is not ticked says nothing, which is an empty word here."""
    return {
        name: ("on" if value else "") if isinstance(value, bool) else value
        for name, value in extra_fields(turn).items()
    }


def done_by(send: Sender, form: Form) -> tuple[Any, Changes]:
    before = all_rows()
    with taken_back():
        answer = send(form)
        return answer, changed(before, all_rows())


def faults(send: Sender, form: Form, with_more: list[Form]) -> tuple[bool, list[str]]:
    """Did the innocent form do anything, and what do the others do that it does not? To be refused is no fault."""
    (answer, innocent), (_, again) = done_by(send, form), done_by(send, form)
    found = []
    for other in with_more:
        got, told = done_by(send, other)
        if not told and 400 <= got.status_code < 500:
            continue
        if got.status_code != answer.status_code:
            found.append(f"{answer.status_code} became {got.status_code}")
        for where in sorted((innocent.keys() | told.keys()) - KEPT_AS_SENT):
            was, now = innocent.get(where, []), told.get(where, [])
            if was == again.get(where, []) != now:
                found.append(f"{where}: {was} became {now}"[:300])
            elif any(word in repr(value) for value in now for word in PLANTED):
                found.append(f"{where} holds what was planted")
    return bool(innocent), found


# --- readers and machines ----------------------------------------------------------------------------------------


def readers_forms(site: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each form of each page once: where it is sent, and what a reader would send."""
    seen = set()
    for page, html in pages_of(stranger(), [address_of(door, site) for door in doors()]).items():
        for form in page_forms(html):
            if form.method != "POST":
                continue
            target, buttons = form.action or page, form.xpath(".//button[@name]")
            for pressed in [{one.get("name"): [one.get("value")]} for one in buttons] or [{}]:
                filled = _filled(form) | pressed
                key = (pattern_of(target), *filled, *map(str, pressed.values()))
                if key not in seen:
                    seen.add(key)
                    yield target, filled


def _filled(form: Any) -> dict[str, Any]:
    """What stands in it, and in its empty fields what a reader would type."""
    kept = {one.name: [""] for one in form.inputs if one.name and one.get("type") not in ("checkbox", "radio")}
    kept |= sent(form) | {one.name: ["yes"] for one in form.inputs if one.name == "sure"}
    return {
        name: TYPED.get(name, "word" if values == [""] else values)
        for name, values in sorted(kept.items())
        if name not in NOT_SENT
    }


def test_no_form_of_readers_takes_a_field_that_it_does_not_ask_for() -> None:
    wrong, acted = {}, set()
    for address, form in readers_forms(public_site()):

        def send(fields: Form, address: str = address) -> Any:
            return stranger().post(address, fields)

        did, found = faults(send, form, [{**posted_extras(turn), **form} for turn in TURNS])
        acted |= {pattern_of(address)} if did else set()
        if found:
            wrong[f"{address} {sorted(form)}"] = found
    assert not wrong
    assert len(acted) >= 12, sorted(acted)


def everywhere(told: Any, extra: Form) -> Any:
    """The message with the extra fields in each of its objects."""
    if isinstance(told, dict):
        return {**extra, **{name: everywhere(value, extra) for name, value in told.items()}}
    return [everywhere(one, extra) for one in told] if isinstance(told, list) else told


def test_no_message_of_a_machine_takes_a_field_that_it_does_not_name() -> None:
    site = public_site()
    wrong, acted = {}, set()
    for pattern, told in TOLD_BY_MACHINES.items():
        address = next(address_of(door, site) for door in doors() if door.pattern == pattern)
        is_api = pattern.startswith("api/")

        def send(fields: Form, address: str = address, is_api: bool = is_api) -> Any:
            if not is_api:
                return stranger().post(address, fields)
            body = json.dumps(fields).encode()
            return stranger().post(address, body, content_type="application/json", headers=signed(body))

        extras = [everywhere(told, extra_fields(turn)) if is_api else {**posted_extras(turn), **told} for turn in TURNS]
        did, found = faults(send, told, extras)
        acted |= {pattern} if did else set()
        if found:
            wrong[pattern] = found
    assert not wrong
    assert len(acted) >= 8, sorted(acted)


# --- the desk ----------------------------------------------------------------------------------------------------


def formset_extras(form: Any, turn: int) -> dict[str, Any]:
    """The same in each row of the form's tables."""
    prefixes = {match[1] for one in form.inputs if (match := re.fullmatch(r"(\w+-\d+)-\w+", one.name or ""))}
    extra = posted_extras(turn)
    return {f"{prefix}-{name}": value for prefix in prefixes for name, value in extra.items()}


def desk_forms(client: Client, rows: Rows) -> Iterator[tuple[str, Any]]:
    for model in admin.site._registry:
        row = rows.one(model._meta.label, 0) if model._meta.label != "reviews.AuditLine" else None
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for address in [reverse(f"{name}_change", args=[row.pk])] if row else []:
            answer = client.get(address)
            if answer.status_code == 200 and 'name="_save"' in answer.content.decode():
                yield address, main_form(answer.content.decode())


@pytest.mark.parametrize("role", ROLES_TRIED)
def test_no_form_of_the_desk_takes_a_field_that_it_does_not_show(role: str, client: Client) -> None:
    rows = world(every_model=True)
    somebody = make_colleague("somebody", role)
    Author.objects.filter(name="Ada Field").update(user=somebody)  # the world's article is their own
    client.force_login(somebody)
    wrong, saved = {}, {}
    for address, form in desk_forms(client, rows):

        def send(fields: Form, address: str = address) -> Any:
            return client.post(address, fields)

        asked = sent(form)
        shown = {one.name for one in form.inputs if one.name}  # a box that is not ticked is asked for all the same
        more = [{**posted_extras(turn), **formset_extras(form, turn)} for turn in TURNS]
        extras = [{name: value for name, value in extra.items() if name not in shown} for extra in more]
        did, found = faults(send, asked, [{**extra, **asked} for extra in extras])
        saved[address] = did
        if found:
            wrong[address] = found
    assert not wrong
    assert sum(saved.values()) >= ROLES_TRIED[role], saved
