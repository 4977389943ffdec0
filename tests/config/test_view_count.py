"""What counts as a view of a page, and as a person's?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from redis import Redis

from catalog.page_views import WAITING, field, view_counter
from tests.factories import make_published_article, make_staff

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def counted() -> Iterator[Any]:
    """What was counted since the test began: a function that tells the path's views and people's views."""
    redis = Redis.from_url(site.REDIS_URL)
    view_counter().flush()
    redis.delete(WAITING)

    def of(path: str) -> tuple[int, int]:
        view_counter().flush()
        day = timezone.localdate().isoformat()
        net, rest = (int(redis.hget(WAITING, field((day, path, is_net))) or 0) for is_net in (True, False))
        return net + rest, net

    yield of
    redis.delete(WAITING)


def test_a_page_is_counted_whether_it_was_made_or_kept(client: Client, counted: Any, settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    make_published_article("one")
    for _ in range(2):
        answer = client.get("/guides/one/", headers={"User-Agent": BROWSER})
    assert "hit" in answer["Cache-Status"]
    assert counted("/guides/one/") == (2, 2)


def test_the_word_that_a_page_is_unchanged_is_a_view(client: Client, counted: Any) -> None:
    asked = {"User-Agent": BROWSER, "Accept": "text/html"}
    etag = client.get("/", headers=asked)["ETag"]
    assert client.get("/", headers={**asked, "If-None-Match": etag}).status_code == 304
    assert counted("/") == (2, 2)


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": ""},
        {"User-Agent": BROWSER, "Sec-Purpose": "prefetch"},
        {"User-Agent": BROWSER, "X-Moz": "prefetch"},
    ],
    ids=["a machine", "nobody", "fetched ahead", "fetched ahead by an old browser"],
)
def test_machines_views_are_kept_apart(client: Client, counted: Any, headers: dict[str, str]) -> None:
    client.get("/", headers=headers)
    assert counted("/") == (1, 0)


def test_staffs_views_are_kept_apart(client: Client, counted: Any) -> None:
    client.force_login(make_staff())
    client.get("/", headers={"User-Agent": BROWSER})
    assert counted("/") == (1, 0)


@pytest.mark.parametrize("path", ["/no-such-page/", "/admin/login/", "/sitemap.xml", "/livez", "/go/nowhere/"])
def test_what_is_no_page_of_ours_is_not_counted(client: Client, counted: Any, path: str) -> None:
    client.get(path, headers={"User-Agent": BROWSER})
    assert counted(path) == (0, 0)


def test_only_looking_is_not_counted(client: Client, counted: Any) -> None:
    client.head("/", headers={"User-Agent": BROWSER})
    assert counted("/") == (0, 0)


def test_what_was_asked_for_on_a_page_is_not_kept(client: Client, counted: Any) -> None:
    client.get("/products/?q=private+words", headers={"User-Agent": BROWSER})
    assert counted("/products/") == (1, 1)
