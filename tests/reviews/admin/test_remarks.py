"""A remark in the queue, and what an editor makes of it: a dated correction, with a name where that is allowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from readers.models import Consent, News, Reader
from readers.services.addresses import remember_address
from reviews.comment_senders import address_key
from reviews.desk.publishing import publish_article
from reviews.models import Article, Comment, CommentPassage, Correction
from reviews.services.articles import BlockInput
from reviews.services.reader_comments import CommentData
from reviews.services.remark_news import CorrectionNews, follow_remark
from tests.factories import make_colleague, make_published_article, make_remark

pytestmark = pytest.mark.django_db(transaction=True)

HTML = "<p>They weigh 250 grams and fold flat. Nothing creaks yet.</p>"
ADDRESS = "robin@reader.example"


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide", blocks=[BlockInput(kind="prose", data={"html": HTML})])


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(make_colleague("ed", "Editor"))
    return client


def correct(editor: Client, remark: Comment, **sent: str) -> Correction:
    address = f"{reverse('admin:reviews_correction_add')}?remark={remark.pk}"
    form = editor.get(address)
    given = {
        name: form.context["adminform"].form[name].value() or "" for name in ("kind", "passage", "source", "credit")
    }
    answer = editor.post(
        address, {**given, "day": "", "wrong": "It said 250 grams.", "right": "They weigh 254 grams.", **sent}
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Correction.objects.get()


def page(path: str = "/guides/a-guide/") -> str:
    return Client().get(path).content.decode()


def test_the_queue_shows_the_passage_and_where_it_stands_today(article: Article, editor: Client) -> None:
    remark = make_remark(article, "They weigh 250 grams", "254.", state="held")
    article.blocks.filter(kind="prose").update(data={"html": HTML.replace("250 grams", "about 250 grams")})
    publish_article(article=article)
    shown = editor.get(reverse("admin:reviews_comment_queue")).content.decode()
    assert "They weigh 250 grams</q>" in shown
    assert "Reworded since: “They weigh about 250 grams”" in shown
    assert "#:~:text=They%20weigh%20about%20250%20grams" in shown
    assert f"?remark={remark.pk}" in shown


def test_an_orphan_is_kept_and_shown_to_the_editor_with_its_old_words(article: Article, editor: Client) -> None:
    make_remark(article, "Nothing creaks yet", "It does.")
    article.blocks.filter(kind="prose").update(data={"html": "<p>They weigh 250 grams and fold flat.</p>"})
    publish_article(article=article)
    passage = CommentPassage.objects.get()
    shown = editor.get(f"{reverse('admin:reviews_commentpassage_changelist')}?state__exact=gone").content.decode()
    assert "Nothing creaks yet" in shown
    one = editor.get(reverse("admin:reviews_commentpassage_change", args=[passage.pk])).content.decode()
    assert "Not there any more" in one
    assert "Turn into a correction" in one


def test_words_that_come_back_bring_their_remark_back(article: Article) -> None:
    make_remark(article, "Nothing creaks yet", "It does.")
    for html, state in (("<p>They weigh 250 grams and fold flat.</p>", "gone"), (HTML, "exact")):
        article.blocks.filter(kind="prose").update(data={"html": html})
        publish_article(article=article)
        assert CommentPassage.objects.get().state == state
    assert "passage-" in page()


def test_a_correction_has_the_words_and_the_name_only_where_it_may(article: Article, editor: Client) -> None:
    remark = make_remark(article, "250 grams", "254.")
    correction = correct(editor, remark)
    assert (correction.remark, correction.passage, correction.source, correction.credit) == (
        remark, "250 grams", "reader", "",
    )  # fmt: skip
    correction.delete()
    CommentPassage.objects.update(may_credit=True)
    assert correct(editor, remark).credit == "Robin"


def test_the_change_log_shows_the_correction_and_leads_to_the_remark(article: Article, editor: Client) -> None:
    remark = make_remark(article, "250 grams", "254.")
    CommentPassage.objects.update(may_credit=True)
    correct(editor, remark)
    assert "They weigh 254 grams." not in page()
    article.blocks.filter(kind="prose").update(data={"html": HTML.replace("250", "254")})
    publish_article(article=article)
    shown = page()
    assert "They weigh 254 grams." in shown
    assert "Thanks to Robin." in shown
    thread = f"/guides/a-guide/comments/?thread={remark.pk}"
    assert f'<a href="{thread}">The remark it came of</a>' in shown
    assert "Robin on the words “250 grams”" in page(thread)
    assert "It led to a correction on" in shown
    assert 'It says now: <q dir="auto">254 grams</q>' in shown
    Comment.objects.update(state="held")
    assert "The remark it came of" not in page()


def test_a_reader_who_wished_it_is_told_when_readers_see_the_correction(article: Article, editor: Client) -> None:
    remark = make_remark(article, "250 grams", "254.")
    reader = remember_address(ADDRESS)
    Reader.objects.filter(pk=reader.pk).update(confirmed_at=timezone.now() - timedelta(days=3))
    follow_remark(remark=remark, address=ADDRESS, now=timezone.now())
    correction = correct(editor, remark)
    assert not News.objects.exists()
    publish_article(article=article)
    news = News.objects.get()
    assert (news.kind, news.ref, news.reader_id) == ("correction", str(correction.pk), reader.pk)
    item = type("Item", (), {"id": 1, "reader_id": reader.pk, "address": ADDRESS, "topic": "", "ref": news.ref})()
    told = CorrectionNews().tell([item], now=timezone.now())[1]
    assert "They weigh 254 grams." in told.text
    assert told.url.endswith("/guides/a-guide/#what-changed")
    publish_article(article=article)
    assert News.objects.count() == 1


def test_somebody_who_only_remarked_is_told_nothing(article: Article, editor: Client) -> None:
    correct(editor, make_remark(article, "250 grams", "254."))
    publish_article(article=article)
    assert not News.objects.exists()
    assert not Consent.objects.exists()


def test_what_is_known_of_an_address_has_its_remarks_and_goes_with_it(article: Article, editor: Client) -> None:
    remark = make_remark(article, "250 grams", "254.", address_key=address_key(ADDRESS))
    CommentPassage.objects.update(may_credit=True)
    correct(editor, remark)
    publish_article(article=article)
    exported = CommentData().export(ADDRESS)
    assert [(row["passage"], row["may_be_thanked"]) for row in exported] == [("250 grams", True)]
    CommentData().erase(ADDRESS, now=timezone.now())
    assert Correction.objects.get().credit == ""
    assert not CommentPassage.objects.get().may_credit
    assert "Robin" not in page()


def test_a_moderator_sees_passages_and_corrects_nothing(article: Article) -> None:
    remark = make_remark(article, "250 grams", "254.", state="held")
    client = Client()
    client.force_login(make_colleague("mo", "Moderator"))
    assert "Turn into a correction" not in client.get(reverse("admin:reviews_comment_queue")).content.decode()
    one = client.get(reverse("admin:reviews_commentpassage_change", args=[remark.passage.pk])).content.decode()
    assert "250 grams" in one
    assert "Turn into a correction" not in one
    assert client.get(f"{reverse('admin:reviews_correction_add')}?remark={remark.pk}").status_code == 403
