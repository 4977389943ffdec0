"""What the form's page says of unsaved work and of colleagues, what a conflict saves, and what any text does to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import Article, EditingSession
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_author, make_staff
from tests.reviews.admin.test_article_form import EDITOR, FormReader, change_url, page

pytestmark = pytest.mark.django_db

# One of each way that text has become script: tags, attributes, breaking out, addresses, entities, styles, templates.
CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</template><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<p style="background:url(javascript:alert(1))" onclick=alert(1)>x</p>',
    "{{ request.user }}{% load static %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


def colleague(name: str) -> tuple[Client, User]:
    client, user = Client(), make_staff(name, *EDITOR)
    client.force_login(user)
    return client, user


def keep_url(article: Article) -> str:
    return reverse("admin:reviews_article_keep", args=[article.pk])


def test_work_that_fits_nothing_is_kept_and_taken_up() -> None:
    client, user = colleague("ada")
    article = make_article()
    sent = FormReader(page(client, change_url(article))).data(title="", kind="nothing", standfirst="Typed")
    assert client.post(keep_url(article), sent).json()["version"] == 1
    session = EditingSession.objects.get(article=article, user=user)
    assert session.form_data["standfirst"] == ["Typed"]  # type: ignore[index]
    assert "csrfmiddlewaretoken" not in session.form_data  # type: ignore[operator]
    assert "that was not saved" in page(client, change_url(article))
    again = FormReader(page(client, f"{change_url(article)}?kept=1")).data()
    assert (again["title"], again["standfirst"]) == ([""], ["Typed"])
    article.refresh_from_db()
    assert article.standfirst == "In short."


def test_saving_forgets_what_was_kept() -> None:
    client, _ = colleague("ada")
    article = make_article()
    sent = FormReader(page(client, change_url(article))).data(standfirst="Typed")
    client.post(keep_url(article), sent)
    assert client.post(change_url(article), sent).status_code == 302
    assert EditingSession.objects.get().form_data is None


def test_a_colleague_is_named_until_the_page_is_left() -> None:
    (ada, _), (ines, _) = colleague("ada"), colleague("ines")
    article = make_article()
    page(ada, change_url(article))
    assert "ada has this article open since" in page(ines, change_url(article))
    ada.post(keep_url(article), {"_left": "1"})
    assert ines.post(keep_url(article), {"_seen": "1"}).json()["others"] == []


def test_only_who_may_change_the_article_keeps_anything() -> None:
    article = make_article()
    client = Client()
    assert client.post(keep_url(article), {"title": "x"}).status_code == 302
    client.force_login(make_staff("looker", "reviews.view_article"))
    assert client.post(keep_url(article), {"title": "x"}).status_code == 403
    assert not EditingSession.objects.exists()


def test_two_saves_from_one_version_end_in_a_choice_and_lose_nothing() -> None:
    (ada, _), (ines, _) = colleague("ada"), colleague("ines")
    article = make_article(blocks=[BlockInput("prose", {"html": f"<p>{word}</p>"}) for word in ("one", "two")])
    first = FormReader(page(ada, change_url(article))).data(title="Theirs", **{"blocks-1-data_html": "<p>theirs</p>"})
    second = FormReader(page(ines, change_url(article))).data(
        standfirst="Mine.", **{"blocks-1-data_html": "<p>mine</p>", "blocks-2-position": "0"}
    )
    assert ada.post(change_url(article), first).status_code == 302
    answer = ines.post(change_url(article), second)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "<p>theirs</p>" in html
    assert "<p>mine</p>" in html
    choice = FormReader(html).data(_resolve="chosen")
    choice |= {name: values[-1:] for name, values in chosen_radios(html).items()}
    assert ines.post(change_url(article), choice).status_code == 302
    article.refresh_from_db()
    texts = [block.data["html"] for block in article.blocks.all()]
    assert (article.title, article.standfirst, texts) == ("Theirs", "Mine.", ["<p>two</p>", "<p>mine</p>"])


def chosen_radios(html: str) -> dict[str, list[str]]:
    import re

    found = re.findall(r'type="radio" name="([^"]+)" value="(\w+)" checked', html)
    return {name: [value] for name, value in found}


def test_taking_all_of_theirs_or_of_ones_own_does_that() -> None:
    for press, title in (("theirs", "Changed by them"), ("mine", "Mine")):
        client, _ = colleague(f"{press}-writer")
        article = make_article(slug=press, author=make_author(f"Author of {press}"))
        sent = FormReader(page(client, change_url(article))).data(title="Mine")
        make_article(slug=press, author=article.author, title="Changed by them")
        html = client.post(change_url(article), sent).content.decode()
        assert client.post(change_url(article), FormReader(html).data(_resolve=press)).status_code == 302
        article.refresh_from_db()
        assert article.title == title


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_no_text_becomes_script_in_the_form_or_in_the_conflict(number: int) -> None:
    client, _ = colleague("ada")
    evil = CORPUS[number]
    article = make_article(
        blocks=[
            BlockInput("prose", {"html": f"<p>x</p>{evil}"}),
            BlockInput("faq", {"title": evil, "items": [{"question": evil, "answer": evil}]}),
        ],
        title=evil,
        standfirst=evil,
    )
    url = change_url(article)
    sent = FormReader(page(client, url)).data(title=f"{evil} ", seo_title=evil[:70])
    assert_harmless(page(client, url))
    client.post(keep_url(article), {**sent, "blocks-1-data_html": evil, "author": evil})
    assert_harmless(page(client, f"{url}?kept=1"))
    make_article(title="Theirs", standfirst=evil)
    assert_harmless(client.post(url, sent).content.decode())


def assert_harmless(html: str) -> None:
    """Nothing of the corpus stands in the page as markup: parsed, no element or attribute of it is there."""
    from lxml import html as parser

    tree = parser.fromstring(html)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag != "iframe"
        assert not [name for name in element.attrib if str(name).startswith("on")], parser.tostring(element)[:200]
        assert not str(element.get("href", "")).lower().startswith("javascript:")
        assert "alert(1)" not in (element.text or "") or element.tag != "script"


def queries_of_list(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        page(client, reverse("admin:reviews_article_changelist"))
    return len(asked)


def test_the_list_asks_as_often_for_two_hundred_articles_as_for_twenty() -> None:
    client, _ = colleague("ada")
    author = make_author()
    rows: Any = (Article(slug=f"a{n}", kind="guide", title=f"A {n}", standfirst="s", author=author) for n in range(200))
    articles = list(rows)
    Article.objects.bulk_create(articles[:20])
    page(client, reverse("admin:reviews_article_changelist"))
    few = queries_of_list(client)
    Article.objects.bulk_create(articles[20:])
    assert queries_of_list(client) == few
    assert few <= 16


def test_a_form_beyond_the_limits_is_refused_in_words(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    client, _ = colleague("ada")
    article = make_article()
    answer = client.post(change_url(article), {f"blocks-{n}-kind": "prose" for n in range(20)})
    assert answer.status_code == 413
    assert "This form is too large to be sent at once: 10 fields" in answer.content.decode()
    assert "Split the article into two" in answer.content.decode()
    readers = client.post("/newsletter/", {f"field-{n}": "x" for n in range(20)})
    assert readers.status_code == 413
    assert "Make it shorter, then send it again." in readers.content.decode()
    assert "article" not in readers.content.decode()
