"""Articles, corrections and comments are written down for webhooks in the transaction in which readers see them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partners.models import Webhook, WebhookEvent
from reviews.desk.publishing import bring_back, publish_article, retire_article
from reviews.models import Article
from reviews.services import webhook_kinds
from reviews.services.articles import BlockInput, edit_article
from reviews.services.comment_decisions import decide_comment
from tests.factories import make_comment, make_correction, make_published_article, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody_asks() -> None:
    kinds = [kind.name for kind in webhook_kinds.KINDS]
    Webhook.objects.create(name="Partner", address="https://partner.example/", kinds=kinds)


def written() -> list[tuple[str, str]]:
    return list(WebhookEvent.objects.order_by("pk").values_list("kind", "subject"))


def edited(article: Article, words: str) -> Article:
    edit_article(article=article, blocks=[BlockInput("prose", {"html": f"<h2>First</h2><p>{words}</p>"})])
    return article


def test_an_article_is_published_revised_taken_back_and_brought_back() -> None:
    article = make_published_article("plain")
    key = str(article.pk)
    assert written() == [("article.published", key)]
    told = webhook_kinds.articles_shown([key])[key]
    assert told["url"] == "http://127.0.0.1:8000/api/v1/articles/plain/"
    assert (told["article"], told["revision"]) == ("plain", 1)
    publish_article(article=article)
    assert len(written()) == 1, "nothing changed"
    publish_article(article=edited(article, "Other words."))
    retire_article(article=article)
    assert webhook_kinds.articles_shown([key]) == {}, "nobody can read it"
    assert webhook_kinds.articles_withdrawn([key])[key]["article"] == "plain"
    retire_article(article=article)
    bring_back(article=article, now=timezone.now())
    assert webhook_kinds.articles_withdrawn([key]) == {}
    assert [kind for kind, _ in written()] == [
        "article.published",
        "article.updated",
        "article.withdrawn",
        "article.published",
    ]


def test_a_comment_is_told_of_when_it_can_be_read_without_its_words() -> None:
    article = make_published_article("plain")
    comment = make_comment(article, text="Mine broke after a week.", state="held")
    WebhookEvent.objects.all().delete()
    decide_comment(comment_id=comment.pk, state="shown", by=make_staff("moderator"), now=timezone.now())
    key = str(comment.pk)
    assert written() == [("comment.published", key)]
    told = webhook_kinds.comments_published([key])[key]
    assert told["comment"] == comment.pk
    assert "broke" not in str(told)
    assert comment.name not in str(told)
    decide_comment(comment_id=comment.pk, state="spam", by=make_staff("another"), now=timezone.now())
    assert webhook_kinds.comments_published([key]) == {}
    assert len(written()) == 1


def test_a_correction_is_told_of_with_the_publication_that_shows_it() -> None:
    article = make_published_article("plain")
    WebhookEvent.objects.all().delete()
    correction = make_correction(article)
    assert written() == []
    publish_article(article=edited(article, "Right words."))
    assert ("correction.published", str(correction.pk)) in written()
    assert webhook_kinds.corrections_published([str(correction.pk)])[str(correction.pk)]["article"] == "plain"
