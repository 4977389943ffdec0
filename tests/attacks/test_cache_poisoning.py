"""What one visitor sends never reaches another by the kept page, and nothing of staff's is ever kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.page_store import page_store
from catalog.services.page_changes import carry_page_changes
from config.page_memory import PageMemory
from tests.config.pages_served import Said, Site, ask
from tests.config.test_page_front import wait_for
from tests.factories import make_published_article

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/guides/a-guide/"
EVIL = "evil.example"
# Headers that some server, proxy or framework believes in.
SENT = {
    "X_FORWARDED_HOST": EVIL,
    "X_HOST": EVIL,
    "X_FORWARDED_SERVER": EVIL,
    "FORWARDED": f"host={EVIL};proto=http",
    "X_FORWARDED_PROTO": "http",
    "X_FORWARDED_PORT": "1337",
    "X_FORWARDED_PREFIX": f"//{EVIL}",
    "X_ORIGINAL_URL": f"/{EVIL}",
    "X_REWRITE_URL": f"/{EVIL}",
    "X_HTTP_METHOD_OVERRIDE": "POST",
    "X_FORWARDED_FOR": EVIL,
    "ORIGIN": f"https://{EVIL}",
    "REFERER": f"https://{EVIL}/",
    "COOKIE": f"theme={EVIL}; utm={EVIL}",
    "USER_AGENT": EVIL,
    "ACCEPT_LANGUAGE": EVIL,
    "ACCEPT": EVIL,
}


@pytest.fixture
def front(settings: Any) -> Iterator[Any]:
    """The application with its pages in memory, as a web process has them."""
    settings.PAGE_CACHE_SECONDS = 300
    page_store.cache_clear()
    memory = PageMemory(50_000_000)
    memory.watch()
    wait_for(lambda: memory.mark() > 0)
    make_published_article("a-guide")
    carry_page_changes()
    found = Site(memory)
    yield found
    found.leave()
    memory.close()
    page_store.cache_clear()


def kept(front: Any) -> Said:
    """What an innocent reader gets after whatever was asked before: from memory."""
    said: Said = front.ready(PAGE, USER_AGENT="Mozilla/5.0")
    return said


@pytest.mark.parametrize("name", sorted(SENT))
def test_no_header_of_the_first_reader_is_in_the_page_of_the_next(front: Any, name: str) -> None:
    ask(front, PAGE, **{name: SENT[name]})
    said = kept(front)
    assert said.status == 200
    assert EVIL.encode() not in said.body
    assert not any(EVIL in value for value in said.headers.values())
    assert b"http://localhost" not in said.body.replace(b"http://localhost:8000", b"").replace(
        b"http://localhost/", b""
    )


def test_a_host_that_is_not_ours_gets_no_page_and_leaves_none(front: Any) -> None:
    assert ask(front, PAGE, HOST=EVIL).status == 400
    said = kept(front)
    assert said.status == 200
    assert EVIL.encode() not in said.body


@pytest.mark.parametrize(
    "query",
    ["utm_source=evil.example", "x=%22%3E%3Cscript%3E", "callback=evil.example", "_method=POST", "country=evil"],
)
def test_what_the_address_says_beside_is_kept_under_its_own_name_or_not_at_all(front: Any, query: str) -> None:
    ask(front, f"{PAGE}?{query}")
    assert EVIL.encode() not in kept(front).body
    assert b'"><script>' not in kept(front).body


@pytest.mark.parametrize("tail", ["x.css", "x.js", "%2fx.css", ";x.css", "..%2fadmin%2f", "%00.css", "x.svg"])
def test_no_page_answers_under_the_name_of_a_file(front: Any, tail: str) -> None:
    """Else a cache that keeps files by their ending could be made to keep what staff see."""
    said = ask(front, f"{PAGE}{tail}")
    assert said.status in {400, 404}


@pytest.mark.parametrize("path", ["/admin/", "/admin/reviews/article/", "/admin/x.css", "/admin/;x.js"])
def test_what_staff_see_says_that_nobody_may_keep_it(path: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    answer = client.get(path)
    assert answer.status_code in {200, 302, 404}
    assert "public" not in answer.get("Cache-Control", "")
    if answer.status_code == 200:
        assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]


def test_a_reader_with_the_cookie_of_staff_gets_no_page_that_others_share(front: Any) -> None:
    said = ask(front, PAGE, COOKIE="sessionid=anything")
    assert not said.is_from_memory


def test_a_head_and_a_range_leave_a_whole_page_behind(front: Any) -> None:
    ask(front, PAGE, method="HEAD")
    ask(front, PAGE, RANGE="bytes=0-9")
    assert kept(front).body.rstrip().endswith(b"</html>")
