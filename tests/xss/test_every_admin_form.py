"""Payloads through every field of every form of the admin: nothing of them is ever more than words.

Forms come from the admin's registry: one that is registered tomorrow is filled in tomorrow.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.made_rows import Rows
from tests.xss.corpus import FAMILIES, PAYLOADS
from tests.xss.forms import NotTakenError, each_alone, fill
from tests.xss.reading import ARTICLE, read_back, seen_by_readers
from tests.xss.world import world
from tests.xss.wounds import wounds, wounds_of_answer

pytestmark = pytest.mark.django_db

REGISTERED = sorted(model._meta.label for model in admin.site._registry)


def _admin_of(label: str) -> type[models.Model]:
    return next(one for one in admin.site._registry if one._meta.label == label)


def _address(model: type[models.Model], what: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_the_corpus_is_large_and_each_of_its_words_stands_once() -> None:
    assert len(PAYLOADS) >= 100
    assert len(set(PAYLOADS)) == len(PAYLOADS)
    assert all(len(family) >= 5 for family in FAMILIES.values())


def has_form(client: Client, address: str) -> bool:
    answer = client.get(address)
    page = answer.content.decode() if answer.status_code == 200 else ""
    return 'name="_save"' in page or 'enctype="multipart/form-data"' in page


# What is no HTML and runs only where an address, a template or a stylesheet is made of it.
NOT_SEEN_AS_HTML = ("templates", "unicode", "markdown", "addresses", "styles")


@pytest.mark.parametrize(
    "payload", [one for key, family in FAMILIES.items() if key not in NOT_SEEN_AS_HTML for one in family]
)
def test_a_page_that_prints_it_as_it_is_would_be_found_out(payload: str) -> None:
    places = ("<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<input value={}>", "<html>{}</html>")
    data = '<script type="application/ld+json">{{"a": "{}"}}</script>'
    assert any(wounds(place.format(payload)) for place in (*places, data))


@pytest.mark.parametrize("payload", [one for one in FAMILIES["addresses"] if ":" in one])
def test_a_link_that_leads_to_it_would_be_found_out(payload: str) -> None:
    assert wounds(f"<a href='{payload}'>x</a>") or wounds(payload)


# Taken only with a secret in the environment, or a report's own file: `test_every_import_door.py` sends those.
NEVER_TAKEN = ("/admin/catalog/networkaccount/", "/admin/catalog/reportfile/add/")
LEAST_TAKEN = {"articles": 20, "catalogue": 35, "people and the rest": 35}
GROUPS = {
    "articles": [label for label in REGISTERED if label == "reviews.Article"],
    "catalogue": [label for label in REGISTERED if label.startswith("catalog.")],
    "people and the rest": [
        label for label in REGISTERED if not label.startswith("catalog.") and label != "reviews.Article"
    ],
}


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_typed_into_any_form_stays_words(group: str, admin_client: Client) -> None:
    rows = world(every_model=True)
    found: list[str] = []
    pages = ["/admin/", reverse("admin:reviews_auditline_changelist"), "/admin/today/", "/admin/calendar/"]
    untaken: list[str] = []
    taken = 0
    for label in GROUPS[group]:
        model = _admin_of(label)
        change = _address(model, "change", _row(label, rows, model).pk)
        for address in (_address(model, "add"), change):
            if not has_form(admin_client, address):
                continue
            try:
                done = fill(admin_client, address, start=len(pages) * 3)  # each form begins elsewhere in the corpus
            except NotTakenError as error:
                found += [f"{address}: {one}" for answer in error.shown for one in wounds_of_answer(answer)]
                untaken += [str(error)] if not address.startswith(NEVER_TAKEN) else []
                continue
            found += [f"{address}: {one}" for answer in done.shown for one in wounds_of_answer(answer)]
            taken += done.payloads
            if address == change and group != "articles":  # whose form took payloads in all of its fields at once
                alone = each_alone(admin_client, address, start=len(pages) * 7)
                found += [f"{address}: {one}" for answer in alone.shown for one in wounds_of_answer(answer)]
                taken += alone.payloads
            pages += [done.answer.url] if done.answer.status_code == 302 else []
        pages += [_address(model, "changelist"), change]
        pages += [_address(model, what, _row(label, rows, model).pk) for what in ("history", "delete")]
    pages += [reverse(f"admin:reviews_article_{page}", args=[rows.one("reviews.Article", 0).pk]) for page in ARTICLE]
    assert not found, "\n".join(found)
    assert not untaken, "\n".join(untaken)
    assert taken >= LEAST_TAKEN[group], f"the forms took {taken} payloads"
    found = [*read_back(admin_client, pages), *seen_by_readers()]
    assert not found, "\n".join(found)


def _row(label: str, rows: Rows, model: type[models.Model]) -> models.Model:
    is_log = label == "reviews.AuditLine"  # made of Django's own log, and has keys of its own
    row = model._default_manager.first() if is_log else rows.one(label, 0)
    assert row is not None
    return row
