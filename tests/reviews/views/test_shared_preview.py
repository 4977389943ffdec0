"""A signed link shows a draft to somebody without an account, until it ends or is withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.desk.preview_links import PreviewError, open_preview, share_preview, withdraw_previews
from reviews.models import Article, DraftVersion
from reviews.services.articles import BlockInput, edit_article
from tests.factories import make_article, make_merchant, make_product, make_published_article, make_seen_offer
from tests.reviews.html import Reader

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def link(article: Article, *, lasts: str = "1d", is_frozen: bool = False, now: datetime | None = None) -> str:
    token = share_preview(article=article, by=None, lasts=lasts, is_frozen=is_frozen, now=now or timezone.now())
    return f"/preview/{token}/"


def rewritten(article: Article, words: str) -> None:
    edit_article(article=article, blocks=[BlockInput("prose", {"html": f"<p>{words}</p>"})])


def test_it_shows_the_draft_and_says_what_it_is(client: Client) -> None:
    article = make_article(title="Not yet true")
    answer = client.get(link(article))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Not yet true" in html
    assert "A preview, not what readers see." in html
    assert not answer.cookies


def test_nobody_is_asked_to_keep_it_list_it_or_say_where_it_was(client: Client) -> None:
    path = link(make_article())
    for answer in (client.get(path), client.get("/preview/wrong/")):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "Cache-Status" not in answer
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    page = Reader(client.get(path).content.decode())
    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert not [tag for tag in page.all("link") if tag.get("rel") == "canonical"]
    assert page.json_ld == []


def test_the_newest_state_follows_the_draft_and_the_frozen_one_does_not(client: Client) -> None:
    article = make_article()
    newest, frozen = link(article), link(article, is_frozen=True)
    rewritten(article, "Written later.")
    assert "Written later." in client.get(newest).content.decode()
    assert "Written later." not in client.get(frozen).content.decode()


def test_the_same_state_is_frozen_once() -> None:
    article = make_article()
    link(article, is_frozen=True)
    link(article, is_frozen=True)
    assert DraftVersion.objects.count() == 1
    rewritten(article, "Other words.")
    link(article, is_frozen=True)
    assert DraftVersion.objects.filter(why="shared").count() == 2


@pytest.mark.parametrize(("lasts", "hours"), [("1h", 1), ("1d", 24), ("7d", 168)])
def test_it_ends_when_it_was_said_to(lasts: str, hours: int) -> None:
    article = make_article()
    token = share_preview(article=article, by=None, lasts=lasts, is_frozen=False, now=NOW)
    end = NOW + timedelta(hours=hours)
    assert open_preview(token, now=end - timedelta(seconds=1)).article == article
    with pytest.raises(PreviewError, match=r"This link ended on \d+ May 2026 at 1[23]:00 UTC"):
        open_preview(token, now=end)


def test_one_that_is_over_says_why(client: Client) -> None:
    answer = client.get(link(make_article(), now=timezone.now() - timedelta(days=2)))
    assert answer.status_code == 410
    assert "This link ended on" in answer.content.decode()


def test_all_of_an_article_are_withdrawn_at_once_and_only_those(client: Client) -> None:
    article, other = make_article("one"), make_article("two")
    withdrawn, left = [link(article), link(article, is_frozen=True)], link(other)
    withdraw_previews(article=article)
    for path in withdrawn:
        answer = client.get(path)
        assert answer.status_code == 410
        assert "withdrawn by the editors" in answer.content.decode()
    assert client.get(left).status_code == client.get(link(article)).status_code == 200


def test_one_whose_article_was_deleted_says_so(client: Client) -> None:
    article = make_article()
    path = link(article)
    article.delete()
    assert "was deleted" in client.get(path).content.decode()


def test_a_token_of_ours_for_something_else_opens_nothing(client: Client) -> None:
    token = signing.Signer(salt="something.else").sign_object([make_article().pk, 0, 0, 2**40])
    assert client.get(f"/preview/{token}/").status_code == 404


def test_no_letter_of_it_can_be_changed() -> None:
    article = make_article()
    token = share_preview(article=article, by=None, lasts="1d", is_frozen=False, now=NOW)
    for place in range(len(token)):
        for letter in "A_:":
            forged = token[:place] + letter + token[place + 1 :]
            if forged != token:
                with pytest.raises(PreviewError, match="not a link to a preview"):
                    open_preview(forged, now=NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(max_size=500))
def test_anything_else_is_no_link(token: str) -> None:
    with pytest.raises(PreviewError, match="not a link to a preview"):
        open_preview(token, now=NOW)


@pytest.mark.parametrize("path", ["%00", "%ff%fe", "a" * 3000, "%F0%9F%8E%A7:x", "..", ":::"])
def test_a_broken_address_is_answered_with_a_page(client: Client, path: str) -> None:
    assert client.get(f"/preview/{path}/").status_code == 404


def test_its_links_to_shops_are_trials(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant())
    article = make_article(blocks=[BlockInput("product_card", {"text": "Quiet."}, [product])])
    html = client.get(link(article)).content.decode()
    assert 'href="/go/acme-one-shop/?test=1"' in html
    assert "?p=" not in html
    assert "ping=" not in html


def test_it_is_only_read(client: Client) -> None:
    path = link(make_article())
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_a_published_article_is_left_alone_by_it(client: Client) -> None:
    article = make_published_article(title="As published")
    article.title = "Next revision"
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>Words.</p>"})])
    assert "Next revision" in client.get(link(article)).content.decode()
    assert "Next revision" not in client.get(article.get_absolute_url()).content.decode()
