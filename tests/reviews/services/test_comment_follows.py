"""Readers hear of comments they asked about: of those that are shown, from everybody but themselves, unless banned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from readers.consent import MAILS_PER_NETWORK
from readers.digest import GATHER
from readers.models import Consent, News, Reader
from readers.services import news_sending
from reviews.comment_senders import address_key
from reviews.models import Article, Comment, CommentBan, ShownComment
from reviews.own_forms import doorway
from reviews.services.comment_decisions import answer_comment, decide_comment, undo_decision
from reviews.services.comment_follows import FRESH, tell_of_comments
from tests.factories import make_comment, make_published_article, make_staff
from tests.readers.subscribers import Post, post_office

pytestmark = pytest.mark.django_db
ADA = "ada@mail.example"


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide")


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as office:
        yield office


def ada() -> Reader:
    return Reader.objects.get_or_create(address=ADA, defaults={"confirmed_at": timezone.now()})[0]


def write(article: Article, **typed: str) -> tuple[int, str]:
    given = {"name": "Ada", "email": ADA, "text": "Mine creak.", **typed}
    answer = Client().post(f"/comments/write/{article.pk}/", given)
    return answer.status_code, answer.content.decode()


def follow(article: Article, address: str = ADA) -> int:
    return Client().post(f"/comments/follow/{article.pk}/", {"email": address}).status_code


def news() -> list[tuple[str, str]]:
    tell_of_comments(now=timezone.now())
    return list(News.objects.values_list("reader__address", "consent__topic"))


def test_the_form_of_a_comment_asks_for_answers_or_for_all(article: Article) -> None:
    ada()
    write(article, tell="answers")
    comment = Comment.objects.get()
    write(article, tell="all", text="And one more thing.")
    assert set(Consent.objects.values_list("topic", flat=True)) == {
        f"answers:{comment.pk}",
        f"comments:{article.pk}",
    }
    write(article, tell="everything!", text="A third.")
    assert Consent.objects.count() == 2


def test_who_wants_to_be_told_has_to_say_where(article: Article) -> None:
    status, page = write(article, tell="all", email="")
    assert status == 400
    assert "To be told by mail, fill in your address" in page
    assert '<option value="all" selected>' in page, "what was chosen comes back"
    assert not Comment.objects.exists()


def test_a_refused_comment_follows_nothing(article: Article) -> None:
    ada()
    CommentBan.objects.create(
        kind="address", key=address_key(ADA), name="Ada", reason="Insults.", made_at=timezone.now()
    )
    status, _ = write(article, tell="all")
    assert status == 403
    assert not Consent.objects.exists()


def test_an_answer_reaches_whom_it_answers_and_who_opened_the_thread(article: Article) -> None:
    reader = ada()
    mine = make_comment(article, reader=reader)
    Consent.objects.create(
        reader=reader,
        topic=f"answers:{mine.pk}",
        wording="x",
        wording_version=1,
        asked_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    tell_of_comments(now=timezone.now())
    make_comment(article, text="Not an answer.")
    assert news() == []
    answer_comment(comment=mine, text="Thank you.", by=make_staff("boss"), now=timezone.now())
    assert news() == [(ADA, f"answers:{mine.pk}")]


def test_only_what_is_shown_is_told_whichever_door_shows_it_and_once(article: Article) -> None:
    ada()
    assert follow(article) == 200
    editor = make_staff("boss")
    held = make_comment(article, state="held")
    assert news() == []
    decide_comment(comment_id=held.pk, state="shown", by=editor, now=timezone.now())
    assert len(news()) == 1
    undo_decision(comment_id=held.pk, by=editor, now=timezone.now())
    decide_comment(comment_id=held.pk, state="shown", by=editor, now=timezone.now())
    assert len(news()) == 1
    assert not ShownComment.objects.exists()


def test_nobody_hears_of_their_own_comment_or_of_an_old_one(article: Article) -> None:
    reader = ada()
    follow(article)
    make_comment(article, reader=reader)
    make_comment(article, written_at=timezone.now() - FRESH - timedelta(days=1))
    assert news() == []


def sent(post: Post) -> str:
    news_sending.send_due_news(now=timezone.now() + GATHER + timedelta(hours=1), per_day=6)
    if not post.letters:
        return ""
    body = post.read().get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_letter_says_who_said_what_where(article: Article, post: Post) -> None:
    ada()
    follow(article)
    comment = make_comment(article, name="Bo <b>", text="Soft pads.\n\nVery soft.")
    assert len(news()) == 1
    said = sent(post)
    assert "Bo <b> on “A guide”" in said
    assert "Very soft." in said
    assert f"/guides/a-guide/comments/?thread={comment.pk}#comment-{comment.pk}" in said
    html = post.read().get_body(("html",))
    assert html is not None
    assert "Bo &lt;b&gt;" in html.get_content()
    assert Client().get(f"/guides/a-guide/comments/?thread={comment.pk}").status_code == 200


@pytest.mark.parametrize("why", ["deleted", "banned", "article gone"])
def test_what_may_not_be_told_any_more_is_not(article: Article, post: Post, why: str) -> None:
    ada()
    follow(article)
    comment = make_comment(article)
    assert len(news()) == 1
    if why == "deleted":
        decide_comment(comment_id=comment.pk, state="deleted", by=make_staff("boss"), now=timezone.now())
    elif why == "banned":
        CommentBan.objects.create(
            kind="address", key=address_key(ADA), name="Ada", reason="No.", made_at=timezone.now()
        )
    else:
        Article.objects.filter(pk=article.pk).update(status="draft")
    assert sent(post) == ""


def test_the_form_under_an_article_works_on_kept_pages_and_tells_strangers_nothing(article: Article) -> None:
    page = Client().get("/guides/a-guide/").content.decode()
    assert f'action="/comments/follow/{article.pk}/"' in page
    assert "csrf" not in page.split('action="/comments/follow/')[1].split("</form>")[0]
    ada()
    client = Client(enforce_csrf_checks=True)
    path = f"/comments/follow/{article.pk}/"
    answers = {client.post(path, {"email": address}).content for address in (ADA, "new@mail.example", ADA)}
    assert len(answers) == 1
    assert client.post(path, {"email": ADA}, headers={"Origin": "https://evil.example"}).status_code == 403
    wrong = client.post(path, {"email": "no address"})
    assert (wrong.status_code, b'value="no address"' in wrong.content) == (400, True)
    assert client.get(path).status_code == 200
    assert client.post("/comments/follow/999999/", {"email": ADA}).status_code == 404


def test_a_network_that_asks_for_too_many_is_told(article: Article) -> None:
    statuses = [follow(article, f"r{number}@mail.example") for number in range(21)]
    assert statuses == [200] * 20 + [429]
    again = Client().post(f"/comments/follow/{article.pk}/", {"email": "r21@mail.example"})
    assert (again.status_code, b'value="r21@mail.example"' in again.content) == (429, True)
    status, page = write(article, tell="all")
    assert (status, "no more mail is sent for it" in page) == (429, True)
    assert write(article)[0] == 302, "the comment itself is taken"


def test_what_is_refused_takes_nothing_of_the_networks_share(article: Article) -> None:
    ada()
    for _ in range(MAILS_PER_NETWORK + 1):
        assert write(article, tell="all", text="")[0] == 400
        doorway.rest()
    assert write(article, tell="all")[0] == 302
    assert Consent.objects.get().topic == f"comments:{article.pk}"


def test_a_comment_whose_wish_is_refused_is_not_kept_either(article: Article) -> None:
    for number in range(MAILS_PER_NETWORK):
        follow(article, f"r{number}@mail.example")
    assert write(article, tell="all", text="Kept back, to be sent once more.")[0] == 429
    assert not Comment.objects.exists()
    assert write(article, text="Kept back, to be sent once more.")[0] == 302, "it is no repetition"


def test_whoever_asks_to_be_told_reads_that_a_mail_may_be_on_its_way(article: Article) -> None:
    """In the same words for an address that is known and one that is not."""
    ada()
    said = []
    for email, text in ((ADA, "One."), ("new@mail.example", "Two.")):
        typed = {"name": "Ada", "email": email, "text": text, "tell": "answers"}
        page = Client().post(f"/comments/write/{article.pk}/", typed, follow=True).content.decode()
        said.append(page.split("To be told by mail</h2>")[1].split("</p>")[0])
    assert said[0] == said[1]
    assert "a mail with a link is on its way" in said[0]


def test_the_api_takes_the_wish_too(article: Article) -> None:
    ada()
    path = "/api/v1/articles/a-guide/comments/"
    given = {"name": "Ada", "text": "Mine creak.", "email": ADA, "tell": "all"}
    assert Client().post(path, given, "application/json").status_code == 201
    assert Consent.objects.get().topic == f"comments:{article.pk}"
    without = Client().post(path, {**given, "email": "", "text": "More."}, "application/json")
    assert without.status_code == 400
    assert "To be told by mail, fill in your address" in without.content.decode()
