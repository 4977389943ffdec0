"""A moderator sees how often what was learned would have been right, and chooses from when on comments wait."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews.comments.spam_words import sums_of
from reviews.models import SpamExample, SpamLesson, SpamThreshold
from reviews.services.spam_lessons import learn_spam
from reviews.spam_filter import words_key
from tests.factories import make_colleague, make_comment, make_published_article
from tests.reviews.spam.corpus import corpus

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, CHOOSE = "/admin/reviews/comment/spam/", "/admin/reviews/comment/spam/choose/"


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_colleague("mod", "Moderator"))
    return client


def learned(most: int) -> None:
    """As if the comments themselves were long gone."""
    SpamExample.objects.bulk_create(
        SpamExample(is_spam=is_spam, words=sorted(sums_of(text, words_key())), decided_at=timezone.now())
        for is_spam, _, text in corpus()[:most]
    )
    learn_spam(now=timezone.now())


def test_with_too_few_decisions_it_says_so(desk: Client) -> None:
    learned(30)
    html = desk.get(PAGE).content.decode()
    assert "too little to say anything" in html
    assert "from 20 of either kind on" in " ".join(html.split())
    assert "<svg viewBox" not in html


def test_precision_recall_and_counts_stand_beside_each_threshold(desk: Client) -> None:
    learned(317)
    html = " ".join(desk.get(PAGE).content.decode().split())
    assert 'role="img" aria-label="From 80 % on 100.0 % of what would have waited was spam' in html
    cells = html.split('value="80"')[1].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in cells.split("<td>")[1:]] == ["100.0 %", "73.5 %", "83", "30", "0", "141"]


def test_a_threshold_is_chosen_and_switched_off_and_the_page_says_by_whom(desk: Client) -> None:
    learned(317)
    html = desk.post(CHOOSE, {"percent": "85"}, follow=True).content.decode()
    assert "From now on comments wait from 85 % on." in html
    assert "chosen by mod" in html
    assert 'value="85" checked' in html
    desk.post(CHOOSE, {"percent": "off"})
    assert [row.percent for row in SpamThreshold.objects.order_by("pk")] == [85, None]


@pytest.mark.parametrize("percent", ["", "0", "50", "101", "8½", "９０", "-80", "9" * 30])
def test_nonsense_changes_nothing_and_is_said(percent: str, desk: Client) -> None:
    html = desk.post(CHOOSE, {"percent": percent}, follow=True).content.decode()
    assert "between 51 and 100" in html
    assert not SpamThreshold.objects.exists()


def test_who_may_not_decide_may_not_choose() -> None:
    client = Client()
    client.force_login(make_colleague("writer", "Writer"))
    assert client.get(PAGE).status_code == 403
    assert client.post(CHOOSE, {"percent": "80"}).status_code == 403
    assert client.get(CHOOSE).status_code in (403, 405)


def test_the_queue_says_how_like_spam_a_comment_is_and_by_which_words(desk: Client) -> None:
    learned(317)
    article = make_published_article("a-guide")
    make_comment(article, "Best online casino, bonus without deposit, click here", state="held")
    make_comment(article, "The hinge creaks.", state="held")
    html = desk.get("/admin/reviews/comment/queue/").content.decode()
    assert html.count("% like what you called spam") == 1
    assert "“online”" in html


def test_the_page_asks_as_often_for_one_version_as_for_ten(desk: Client) -> None:
    learned(200)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(PAGE)
        return len(found)

    asked()
    few = asked()
    row = SpamLesson.objects.get()
    for _ in range(9):
        row.pk = None
        row.save()
    assert asked() == few
