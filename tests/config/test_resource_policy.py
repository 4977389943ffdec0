from __future__ import annotations

import pytest
from django.test import Client

from config.resource_policy import HEADER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/products/", "/choose/", "/no-such-page/", "/admin/login/"])
def test_no_other_site_may_load_a_page_as_part_of_its_own(client: Client, address: str) -> None:
    for _ in ("made", "kept"):
        assert client.get(address)[HEADER] == "same-origin"


@pytest.mark.parametrize("address", ["/feed/", "/pictures/shapes.svg"])
def test_what_others_may_show_is_not_kept_from_them(client: Client, address: str) -> None:
    assert client.get(address).get(HEADER, "") in {"", "cross-origin"}
