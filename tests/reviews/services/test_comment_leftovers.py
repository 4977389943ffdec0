"""What told senders apart is gone tomorrow, what was not shown after a month, and what an address has when it asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from readers.models import Reader
from readers.personal_data import sources
from readers.services.erasure import erase_everything, everything_about
from reviews.comment_senders import address_key, network_of
from reviews.models import Article, Comment, CommentBan, CommentVote
from reviews.services.comment_leftovers import NOT_SHOWN_LIFE, forget_comment_leftovers
from tests.factories import make_comment, make_published_article

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide")


def test_sums_of_networks_and_votes_go_with_their_day(article: Article) -> None:
    old = make_comment(article, "Old", network="abc", written_at=NOW - timedelta(days=1))
    new = make_comment(article, "New", network="abc", written_at=NOW)
    for days in (0, 1):
        CommentVote.objects.create(comment=new, day=(NOW - timedelta(days=days)).date(), voter="v")
    assert forget_comment_leftovers(now=NOW) == 2
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.network, new.network) == ("", "abc")
    assert CommentVote.objects.count() == 1


def test_what_was_not_shown_goes_after_a_month_and_what_is_shown_stays(article: Article) -> None:
    long_ago = NOW - NOT_SHOWN_LIFE - timedelta(minutes=1)
    for state in ("spam", "refused", "deleted", "shown"):
        make_comment(article, state, state=state, decided_at=long_ago)
    make_comment(article, "younger", state="spam", decided_at=NOW - timedelta(days=29))
    forget_comment_leftovers(now=NOW)
    assert sorted(Comment.objects.values_list("text", flat=True)) == ["shown", "younger"]


def test_a_ban_that_ran_out_goes(article: Article) -> None:
    for key, until in (("a", NOW - timedelta(seconds=1)), ("b", NOW + timedelta(hours=1)), ("c", None)):
        CommentBan.objects.create(kind="network", key=key, name="N", reason="R", until=until, made_at=NOW)
    forget_comment_leftovers(now=NOW)
    assert set(CommentBan.objects.values_list("key", flat=True)) == {"b", "c"}


def test_a_network_is_one_address_or_one_household_and_another_every_day() -> None:
    def of(address: str, now: object = NOW) -> str:
        request = RequestFactory().post("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="203.0.113.5")
        return network_of(request, now=now)  # type: ignore[arg-type]

    assert of("192.0.2.1") == of("192.0.2.1") == of("::ffff:192.0.2.1")
    assert of("192.0.2.1") != of("192.0.2.2")
    assert of("2001:db8::1") == of("2001:db8::ffff:1")
    assert of("2001:db8::1") != of("2001:db8:0:1::1")
    assert of("192.0.2.1") != of("192.0.2.1", NOW + timedelta(days=1))
    assert of("")


def test_everything_about_an_address_is_handed_out_and_erased(article: Article) -> None:
    reader = Reader.objects.create(address="robin@reader.example", confirmed_at=NOW)
    shown = make_comment(article, "Shown.", reader=reader)
    make_comment(article, "Spam.", reader=reader, state="spam")
    other = make_comment(article, "Of another.", name="Kim", address_key=address_key("kim@reader.example"))
    assert "comments" in {source.key for source in sources()}
    told = everything_about(reader=reader, now=NOW)["comments"]
    assert {row["text"] for row in told} == {"Shown.", "Spam."}
    erase_everything(reader=reader, now=NOW)
    shown.refresh_from_db()
    other.refresh_from_db()
    assert (shown.text, shown.name, shown.address_key, shown.reader) == ("Shown.", "A reader", "", None)
    assert other.name == "Kim"
    assert not Comment.objects.filter(text="Spam.").exists()
