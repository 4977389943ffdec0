"""Every field of the desk that finds a row by typing says so where what comes back is no id."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.factories import make_staff

# The model whose page it stands on, whose field it is (an inline's or the page's own), and its name.
PLACES = [
    (model, type(desk), field)
    for model, owner in site._registry.items()
    for desk in (owner, *(inline(model, site) for inline in owner.inlines))
    for field in desk.autocomplete_fields
]
NO_IDS = ["abc", "٣", "9" * 19, "0" * 19 + "9" * 19]


@pytest.fixture
def editor(client: Client) -> Client:
    ada = make_staff("ada")
    ada.user_permissions.set(Permission.objects.all())
    client.force_login(ada)
    return client


def test_there_are_such_fields() -> None:
    assert len(PLACES) >= 6


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "desk", "field"), PLACES)
def test_what_is_no_id_is_said_at_its_field(editor: Client, model: Any, desk: type[Any], field: str) -> None:
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    sent: dict[str, Any] = {}
    name = field
    for inline in editor.get(page).context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        sent |= {f"{prefix}-{key}": value for key, value in inline.formset.management_form.initial.items()}
        if type(inline.opts) is desk:
            sent[f"{prefix}-TOTAL_FORMS"], name = 1, f"{prefix}-0-{field}"
    for no_id in NO_IDS:
        answer = editor.post(page, {**sent, name: no_id})
        assert answer.status_code == 200
        assert "Select a valid choice" in answer.content.decode(), no_id
