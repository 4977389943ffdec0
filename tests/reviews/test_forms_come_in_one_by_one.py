"""More forms than a process can look at wait in their senders' hands, whole; nobody's reading waits for them."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from reviews import own_forms
from reviews.models import Article, Comment
from reviews.own_forms import Doorway
from tests.factories import make_published_article
from tests.reviews.admin.test_article_form import FormReader

pytestmark = pytest.mark.django_db

TEXT = "Mine creak.\n<b>Really</b> & “so”, שלום."
SENT = {"name": 'Robin "R"', "email": "robin@reader.example", "text": TEXT, "tell": "answers", "website": ""}


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide")


def doorway(monkeypatch: pytest.MonkeyPatch, *, room_for: int) -> None:
    """As in a flood: room for so many, and no more however long it takes."""
    monkeypatch.setattr(own_forms, "doorway", Doorway(per_second=0, at_once=room_for))


def test_lets_in_what_it_may_in_the_long_run_and_no_more() -> None:
    door = Doorway(per_second=2, at_once=3)
    assert [door.lets_in(now=100.0) for _ in range(5)] == [True, True, True, False, False]
    assert [door.lets_in(now=at) for at in (100.4, 100.5, 100.6, 101.0, 101.1)] == [False, True, False, True, False]
    assert [door.lets_in(now=200.0) for _ in range(4)] == [True, True, True, False], "a quiet time gives no more"
    assert sum(door.lets_in(now=300 + one / 64) for one in range(64 * 10)) == 3 + 2 * 10 - 1


def test_what_was_sent_comes_back_whole_and_goes_through_when_it_is_sent_again(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    doorway(monkeypatch, room_for=0)
    client, address = Client(), f"/comments/write/{article.pk}/"
    with assertNumQueries(0):
        answer = client.post(address, SENT)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    body = answer.content.decode()
    assert "yours was not looked at" in body
    fields = FormReader(body).data()
    again = {name: fields[name][0] for name in SENT}
    assert again == SENT
    assert not Comment.objects.exists()
    doorway(monkeypatch, room_for=1)
    assert client.post(address, again).status_code == 302
    assert Comment.objects.get().text == TEXT


def test_each_form_of_a_kept_page_waits_and_to_look_at_one_does_not(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    doorway(monkeypatch, room_for=0)
    key = article.blocks.get().key
    sent = Client().post("/guides/a-guide/remarks/new/", {"block": key, "exact": "Words", "text": "Which?"})
    assert sent.status_code == 503
    assert 'name="exact" value="Words"' in sent.content.decode()
    for path in ("/guides/a-guide/", f"/guides/a-guide/remarks/new/?block={key}", f"/comments/write/{article.pk}/"):
        assert Client().get(path).status_code == 200


def test_forms_of_other_sites_do_not_take_the_room_of_ours(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    doorway(monkeypatch, room_for=1)
    address = f"/comments/write/{article.pk}/"
    for _ in range(3):
        assert Client().post(address, SENT, headers={"origin": "https://evil.example"}).status_code == 403
    assert Client().post(address, SENT).status_code == 302
    assert Client().post(address, SENT).status_code == 503
