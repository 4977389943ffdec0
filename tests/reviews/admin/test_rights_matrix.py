"""Every page of the admin × every role, as the admin itself answers, kept in a file: who changes a right sees it there.

`UPDATE_RIGHTS=1 python -m pytest tests/reviews/admin/test_rights_matrix.py` writes it anew; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from reviews.roles import ROLES
from tests.factories import make_colleague

pytestmark = pytest.mark.django_db
FILE = Path(__file__).with_name("rights_matrix.txt")
ACTS = ("view", "add", "change", "delete")


def may(page: ModelAdmin, request: HttpRequest) -> str:
    """What a role may do on a page and with chosen rows of its list; a dash: nothing."""
    acts = [act for act in ACTS if getattr(page, f"has_{act}_permission")(request)]
    # The list's actions are asked for only by whoever may open it.
    actions = sorted(page.get_actions(request)) if page.has_view_permission(request) else []
    return " ".join([*acts, *(f"[{action}]" for action in actions)]) or "-"


def matrix() -> str:
    lines = []
    requests = {}
    for role in ROLES:
        request = RequestFactory().get("/")
        request.user = make_colleague(role.lower().replace(" ", "-"), role)
        requests[role] = request
    for model, page in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label):
        lines.append(model._meta.label)
        lines += [f"    {role}: {may(page, request)}" for role, request in requests.items()]
    return "\n".join(lines) + "\n"


def test_the_rights_are_those_that_were_reviewed() -> None:
    now = matrix()
    if os.environ.get("UPDATE_RIGHTS"):
        FILE.write_text(now)
    assert now == FILE.read_text(), "A role's rights changed. See this file's first lines, then read the difference."


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_answer_as_the_matrix_says(role: str, client: Client) -> None:
    """Every list and every form for a new row: 403 exactly where the matrix has no such act."""
    user = make_colleague("somebody", role)
    request = RequestFactory().get("/")
    request.user = user
    client.force_login(user)
    wrong = []
    for model, page in admin.site._registry.items():
        for act, view in (("view", "changelist"), ("add", "add")):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}")
            refused = client.get(address, follow=True).status_code == 403  # a list may open filtered
            if refused == getattr(page, f"has_{act}_permission")(request):
                wrong.append(f"{address}: {'refused' if refused else 'open'}")
    assert not wrong
