"""What every answer tells the browser it may not do: at every public address, at the desk, and for what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.xss.public_doors import doors
from tests.xss.public_site import address_of, public_site, stranger

pytestmark = pytest.mark.django_db
DESK = ("admin:index", "admin:login", "admin:reviews_article_changelist", "admin:reviews_article_add", "api-docs")
# The first tells other sites our host; the others, on pages whose address says something of the reader, even less.
REFERRERS = {"strict-origin-when-cross-origin", "strict-origin", "no-referrer"}
REFUSED = ("/no-such-page/", "/products/no-such-product/", "/api/v1/no-such-thing/", "/guides/%00/", "/admin/no/")


def policy(response: HttpResponse) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


def faults(response: HttpResponse) -> list[str]:
    """What is missing of what holds for whatever is answered."""
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found = [f"{name}: {response.get(name)}" for name, value in wanted.items() if response.get(name) != value]
    if response.get("Referrer-Policy") not in REFERRERS:
        found.append(f"Referrer-Policy: {response.get('Referrer-Policy')}")
    found += sorted({"Server", "X-Powered-By"} & set(response.headers))
    if "Content-Security-Policy" not in response.headers:
        return [*found, "no policy"]
    told, whole = policy(response), response["Content-Security-Policy"]
    found += [f"{name}: {told.get(name)}" for name in ("default-src", "base-uri") if told.get(name) != "'none'"]
    found += [word for word in ("unsafe", "*", "http:") if word in whole]
    for name in ("script-src", "style-src"):
        if not re.fullmatch(r"'self'( 'nonce-[\w+/=]+')?", told.get(name, "")):
            found.append(f"{name}: {told.get(name)}")
    return found


def test_every_public_address_tells_the_browser_what_it_may_not_do(client: Client) -> None:
    site = public_site()
    wrong: dict[str, Any] = {}
    pages = 0
    for door in doors():
        address = address_of(door, site)
        response = stranger().get(address)
        is_ours = not address.startswith("/go/")  # answered in front of Django: see test_go.py
        found = faults(response) if is_ours else []
        if response.get("Content-Type", "").startswith("text/html") and is_ours:
            pages += 1
            told = policy(response)
            if address != reverse("api-docs") and told.get("require-trusted-types-for") != "'script'":
                found.append("strings may become HTML")
            if "camera=()" not in response.get("Permissions-Policy", ""):
                found.append("powers are not renounced")
        if found:
            wrong[address] = found
    assert not wrong
    assert pages > 40


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_refused_is_no_exception(address: str) -> None:
    assert not faults(stranger().get(address))


@pytest.mark.parametrize("name", DESK)
def test_the_desk_has_the_same_policy_but_for_scripts_that_are_not_ours(client: Client, name: str) -> None:
    client.force_login(User.objects.create_superuser("root"))
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert not faults(response)
    assert "require-trusted-types-for" not in policy(response)


def test_browsers_are_held_to_https_where_the_site_is_served_so(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.ALLOWED_HOSTS = ["testserver"]
    response = Client().get("/how-we-work/", secure=True)
    assert response["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
