"""An operator gets a key on standard output, once, and is told what will not do."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.models import ApiKey
from partners.services.api_keys import key_of

pytestmark = pytest.mark.django_db


def issue(*arguments: str) -> tuple[str, str]:
    said, beside = StringIO(), StringIO()
    call_command("issue_api_key", *arguments, stdout=said, stderr=beside)
    return said.getvalue().strip(), beside.getvalue()


def test_it_prints_a_key_that_opens_what_was_asked_for() -> None:
    secret, beside = issue(
        "Acme's shop", "jobs:read", "links:read", "jobs:read", "--days", "30", "--contact", "Web team"
    )
    key = key_of(secret, now=timezone.now() + timedelta(days=29))
    assert (key.name, key.contact, key.scopes) == ("Acme's shop", "Web team", ["jobs:read", "links:read"])
    assert "printed once" in beside
    assert secret not in beside


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Acme", "links:everything"), "invalid choice: 'links:everything'"),
        (("Acme",), "the following arguments are required: scope"),
        (("Acme", "links:read", "--days", "0"), "--days is 0; it makes sense from 1 to 731."),
        (("Acme", "links:read", "--days", "900"), "--days is 900"),
        (("A" * 81, "links:read"), "80 characters at most"),
    ],
)
def test_what_will_not_do_is_said(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said.replace("(", r"\(")):
        issue(*arguments)
    assert not ApiKey.objects.exists()


def test_a_name_is_given_once() -> None:
    issue("Acme", "links:read")
    with pytest.raises(CommandError, match="already"):
        issue("Acme", "links:read")
