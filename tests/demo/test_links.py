"""The demo has a link with routes and one that two shops share, made once and then left alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from catalog.models import Link
from catalog.services.link_checks import as_route, warnings_about
from demo import links, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offers() -> None:
    stock.fill_catalogue()
    stock.fill_merchants()
    stock.fill_offers()


def test_both_links_are_made_once_and_nothing_of_them_is_out_of_reach() -> None:
    assert links.fill_links() == 2
    made = {link.code: link for link in Link.objects.filter(code__in=[links.ROUTED, links.SHARED])}
    assert {route.position for route in made[links.ROUTED].routes.all()} == {1, 2}
    assert [as_route(row).weight for row in made[links.SHARED].routes.all()] == [50, 50]
    for link in made.values():
        assert warnings_about(link, now=timezone.now()) == []
    assert links.fill_links() == 0


def test_what_an_editor_made_of_them_stays() -> None:
    links.fill_links()
    Link.objects.get(code=links.SHARED).routes.all().delete()
    assert links.fill_links() == 0
    assert not Link.objects.get(code=links.SHARED).routes.exists()
