"""What is one client's or colleague's is nobody else's: keys among machines, rows of the desk, files, drafts of rules.

Every door comes from the tables of addresses: of the API, of the desk. What keys with a scope see is the site's own (a
key is a colleague among machines, imports are no key's); what is a key's own is its secret and what it was answered.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client, RequestFactory
from django.utils import timezone

from catalog.models import FeedImport
from partners.models import KeptAnswer
from partners.scopes import SCOPES
from partners.services.api_keys import revoke_key, rotate_key
from partners.services.kept_answers import KEPT, Asked
from recommender.models import RuleSetDraft
from recommender.rules import load, ruleset_of
from recommender.services.drafts import open_draft
from reviews.models import AuditLine
from tests.attacks.kept_rows import all_rows, changed
from tests.attacks.test_cells_are_no_formulas import addresses_of_rows
from tests.config.test_api_scopes import SCOPED
from tests.factories import make_colleague
from tests.made_rows import Rows
from tests.partners.keys import make_key, shown
from tests.xss.public_site import stranger
from tests.xss.world import world

pytestmark = pytest.mark.django_db
BODY = b'{"stock": 1}'
SECRET = "only for the first one"
# Methods that change something, and how many of their doors repeat an answer.
WRITES, LEAST_REPEATED = ("POST", "PUT", "PATCH"), 5
# What any request carries on, and when somebody was here last.
CARRIED = frozenset({"catalog_pagechange", "auth_user"})


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


# --- among machines ----------------------------------------------------------------------------------------------


def forged(one: str, other: str) -> dict[str, str]:
    """Spellings of a key that was never handed out, made of two that were."""
    (head, _, rest), (other_head, _, other_rest) = one.partition("."), other.partition(".")
    return {
        "one's beginning and the other's end": f"{head}.{other_rest}",
        "the other's beginning and one's end": f"{other_head}.{rest}",
        "its beginning alone": head,
        "its beginning twice": f"{head}.{head.removeprefix('earmark_') * 4}",
        "in other letters": f"{head}.{rest.swapcase()}",
        "its digest": f"{head}.{'0' * 32}",
        "two in one": f"{one},{other}",
    }


def asked(path: str, method: str, secret: str, number: int, **headers: str) -> Any:
    """From an address of its own: who tries keys is stopped after a few."""
    return stranger().generic(
        method,
        path,
        BODY,
        content_type="application/json",
        headers={**(shown(secret) if secret else {}), **headers},
        REMOTE_ADDR=f"10.{number // 65536}.{number // 256 % 256}.{number % 256}",
    )


def test_no_door_opens_to_what_two_keys_were_cut_into() -> None:
    one, other = (make_key(*SCOPES, name=name)[1] for name in ("One", "Other"))
    before, opened = all_rows(), []
    for place, (path, method, _) in enumerate(SCOPED):
        for turn, (what, secret) in enumerate(forged(one, other).items()):
            status = asked(path, method, secret, place * 100 + turn).status_code
            opened += [f"{method} {path} with {what}: {status}"] if status != 401 else []
    assert not opened
    assert not changed(before, all_rows())


def test_no_door_opens_to_a_key_that_is_over() -> None:
    key, secret = make_key(*SCOPES, name="Over")
    revoke_key(key=key, now=timezone.now())
    rotated, former = make_key(*SCOPES, name="Rotated")
    assert rotate_key(key=rotated, prefix=rotated.prefix, overlap=timezone.timedelta(0), now=timezone.now())
    _, ended = make_key(*SCOPES, name="Ended", expires_at=timezone.now() - timezone.timedelta(seconds=1))
    for place, (path, method, _) in enumerate(SCOPED):
        for turn, over in enumerate((secret, former, ended)):
            assert asked(path, method, over, place * 100 + turn).status_code == 401, f"{method} {path}"


def test_what_one_key_was_answered_is_told_to_no_other() -> None:
    """With the same `Idempotency-Key`, the same body and every scope; nor to who has no key, or not the scope."""
    (first, one), (_, other) = (make_key(*SCOPES, name=name) for name in ("One", "Other"))
    _, without = make_key(name="Without")
    repeated, told = set(), []
    for place, (path, method, _) in enumerate(row for row in SCOPED if row[1] in WRITES):
        request = Asked(client=f"key:{first.pk}", door=f"{method} {path}", key="the-same", body=BODY)
        KeptAnswer.objects.create(
            request=request.request, sent=request.sent, status=201, headers={"Location": f"/{SECRET}/"},
            body=f'{{"said": "{SECRET}"}}'.encode(), made_at=timezone.now(),
        )  # fmt: skip
        named = {"Idempotency-Key": "the-same"}
        if SECRET.encode() in asked(path, method, one, place * 10, **named).content:
            repeated.add(f"{method} {path}")
        for turn, secret in enumerate((other, without, "", one.swapcase()), 1):
            answer = asked(path, method, secret, place * 10 + turn, **named)
            is_told = SECRET.encode() in answer.content or SECRET in answer.headers.get("Location", "")
            # That a name is in use already would tell of the other, too.
            is_told |= "Idempotency-Replayed" in answer.headers or b"was used for another body" in answer.content
            told += [f"{method} {path}: {answer.status_code}"] if is_told else []
    assert not told
    assert len(repeated) >= LEAST_REPEATED, "who asked first is answered as before, else nothing was tried"


def test_an_answer_is_the_keys_own_at_its_own_door_and_for_its_day() -> None:
    key, secret = make_key(*SCOPES, name="One")
    path, method = next((path, method) for path, method, _ in SCOPED if method == "PUT")
    for door, name, made_at in (
        (f"POST {path}", "a", timezone.now()),
        (f"{method} {path}x", "b", timezone.now()),
        (f"{method} {path}", "c", timezone.now() - KEPT),
    ):
        request = Asked(client=f"key:{key.pk}", door=door, key=name, body=BODY)
        KeptAnswer.objects.create(
            request=request.request, sent=request.sent, status=200, headers={}, body=SECRET.encode(), made_at=made_at
        )
        assert SECRET.encode() not in asked(path, method, secret, 1, **{"Idempotency-Key": name}).content, door


# --- at the desk -------------------------------------------------------------------------------------------------


def desk() -> tuple[Rows, list[str]]:
    """A row of each model, and every address of the desk with its number."""
    rows = world(every_model=True)
    return rows, sorted({*addresses_of_rows(rows)})


def open_to(client: Client, addresses: list[str]) -> Iterator[tuple[str, int]]:
    for address in addresses:
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if answer.status_code not in (302, 403, 404, 405, 400):
                yield f"{method} {address}", answer.status_code


def test_nothing_of_the_desk_is_told_to_strangers() -> None:
    _, addresses = desk()
    before = all_rows()
    client = Client(raise_request_exception=False)
    assert len(addresses) > 200
    open_ones = {address for address, _ in open_to(client, addresses)}
    signing_in = {address for address in open_ones if "/login" in address or "/jsi18n/" in address}
    assert open_ones == signing_in
    assert {one for one, _ in changed(before, all_rows())} <= CARRIED


def test_a_colleague_opens_no_row_whose_list_is_not_theirs() -> None:
    """Every address below a model, with the number of a row that somebody else made: exports and files as well."""
    _, addresses = desk()
    places = {
        f"/{project.ADMIN_PATH}{model._meta.app_label}/{model._meta.model_name}/": page
        for model, page in admin.site._registry.items()
    }
    for role in ("", "Writer", "Moderator"):
        somebody = make_colleague(f"somebody-{role.lower()}", *([role] if role else []))
        client, request = Client(raise_request_exception=False), RequestFactory().get("/")
        client.force_login(somebody)
        request.user = somebody
        shut = tuple(
            place
            for place, page in places.items()
            if not (page.has_view_permission(request) or page.has_add_permission(request))
        )
        others = [address for address in addresses if address.startswith(shut)]
        assert len(others) > 60, role
        before = all_rows()
        assert dict(open_to(client, others)) == {}, role
        assert {one for one, _ in changed(before, all_rows())} <= CARRIED, role


def test_no_file_that_somebody_brought_in_has_an_address() -> None:
    """Feeds, reports and tables lie outside of what is served, whatever the address is made of."""
    rows, told = Rows(), []
    fields = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField) and model._meta.label != "reviews.Picture"
    ]
    assert len(fields) >= 3
    for model, field in fields:
        row = rows.one(model._meta.label, 0)
        lies = Path(field.storage.location)
        assert not any(lies.is_relative_to(served) for served in (project.MEDIA_ROOT, project.STATIC_ROOT)), field
        file = getattr(row, field.attname)
        file.save("brought-in.csv", ContentFile(SECRET.encode()), save=True)
        try:
            where = f"{field.storage.location}/{file.name}"
            for name in (file.name, file.url, f"../imports/{file.name}", where, f"../{where}", f"imports/{file.name}"):
                for head in ("/media/", "/static/", "/media/pictures/", "/", "/pictures/"):
                    for written in (name, name.replace("../", "..%2f"), name.replace("..", "%2e%2e")):
                        answer = stranger().get(head + written.lstrip("/"))
                        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                        told += [head + written] if SECRET.encode() in body else []
        finally:
            file.delete(save=False)
    assert not told


def test_what_reads_a_file_that_was_brought_in_would_be_seen() -> None:
    rows = Rows()
    file = FeedImport.objects.get(pk=rows.one("catalog.FeedImport", 0).pk).file
    file.save("brought-in.csv", ContentFile(SECRET.encode()), save=True)
    try:
        with file.open("rb") as kept:
            assert kept.read() == SECRET.encode()
    finally:
        file.delete(save=False)


# --- the adviser -------------------------------------------------------------------------------------------------


def test_rules_that_nobody_published_answer_nobody() -> None:
    """An address of an answer names the rules it was given by; a draft has such a name too, and its editors know it."""
    draft = open_draft(by=make_colleague("editor", "Editor"), now=timezone.now())
    texts = {name: text.replace("  because: ", "  because: Unpublished. ") for name, text in draft.texts.items()}
    RuleSetDraft.objects.update(texts=texts)
    version = ruleset_of(texts).version
    assert version != load().version
    for door in ("result", "why"):
        answer = stranger().get(f"/choose/{door}/", {"do": "music", "v": version})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "We do not have the rules" in page
        assert "Unpublished" not in page


def test_the_log_of_changes_is_nobodys_to_write() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_colleague("chief", "Administrator"))
    line = AuditLine.objects.order_by("pk").first()
    assert line is not None
    for address in ("add/", f"{line.pk}/change/", f"{line.pk}/delete/"):
        answer = client.post(f"/{project.ADMIN_PATH}reviews/auditline/{address}", {"post": "yes", "_save": "1"})
        assert answer.status_code in (302, 403, 404), address
    assert AuditLine.objects.filter(pk=line.pk).exists()
