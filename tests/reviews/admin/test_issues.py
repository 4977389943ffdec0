"""An editor makes an issue from published articles, tries it on himself, sends it, stops it; nobody else may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from readers.models import Issue
from readers.services import sending
from reviews.models import Article, LetterArticle
from tests.factories import make_article, make_colleague, make_published_article
from tests.readers.subscribers import subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(make_colleague("ines", "Editor"))
    return client


def made(*articles: Article, intro: str = "Good morning.", note: str = "My own favourite.") -> Issue:
    issue = Issue.objects.create(topic="newsletter", subject="What we heard in May", intro=intro)
    for position, article in enumerate(articles, 1):
        LetterArticle.objects.create(issue=issue, article=article, position=position, note=note)
    return issue


def act(client: Client, issue: Issue, step: str, **data: str) -> str:
    answer = client.post(f"/admin/readers/issue/{issue.pk}/act/", {"act": step, **data}, follow=True)
    return answer.content.decode()


def test_an_issue_is_written_with_its_articles_and_leads_on_to_its_desk(editor: Client) -> None:
    article = make_published_article("a-guide")
    form = {
        "topic": "newsletter",
        "subject": "May",
        "intro": "Good morning.",
        "articles-TOTAL_FORMS": "1",
        "articles-INITIAL_FORMS": "0",
        "articles-0-position": "1",
        "articles-0-article": str(article.pk),
        "articles-0-note": "Mine.",
    }
    answer = editor.post("/admin/readers/issue/add/", form, follow=True)
    issue = Issue.objects.get()
    assert answer.redirect_chain[-1][0] == f"/admin/readers/issue/{issue.pk}/desk/"
    page = answer.content.decode()
    assert article.shown["title"] in page
    assert "Mine." in page
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]


def test_it_says_what_readers_see_and_not_the_working_copy(editor: Client) -> None:
    article = make_published_article("a-guide")
    Article.objects.filter(pk=article.pk).update(title="Not for readers yet")
    issue = made(article)
    for look, rule in (("light", "@media not all"), ("dark", "@media all")):
        answer = editor.get(f"/admin/readers/issue/{issue.pk}/frame/?look={look}")
        html = answer.content.decode()
        assert rule in html
        assert article.shown["title"] in html
        assert "Not for readers yet" not in html
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_trial_goes_to_oneself_only_and_changes_nothing(editor: Client) -> None:
    subscribe(3)
    issue = made(make_published_article("a-guide"))
    act(editor, issue, "test")
    (letter,) = mail.outbox
    assert letter.to == ["ines@newsroom.example"]
    assert letter.subject == "[Trial] What we heard in May"
    issue.refresh_from_db()
    assert (issue.state, issue.deliveries.count()) == ("draft", 0)


def test_scheduled_it_is_frozen_goes_out_at_its_time_and_shows_how_far_it_is(editor: Client) -> None:
    subscribe(3)
    article = make_published_article("a-guide")
    issue = made(article)
    act(editor, issue, "schedule", due_at=f"{timezone.now() + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    issue.refresh_from_db()
    assert issue.state == "scheduled"
    assert issue.parts[0]["title"] == article.shown["title"]
    sending.send_due(now=timezone.now(), per_minute=0)
    assert mail.outbox == []
    sending.send_due(now=timezone.now() + timedelta(hours=2), per_minute=0)
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"reader{number}@mail.example" for number in range(3)]
    page = editor.get(f"/admin/readers/issue/{issue.pk}/desk/").content.decode()
    assert "3 of 3" in page
    assert "@mail.example" not in page, "who reads is not the editor's to see"
    assert "3 of 3" in editor.get("/admin/readers/issue/").content.decode()
    assert editor.post(f"/admin/readers/issue/{issue.pk}/change/", {"subject": "Other"}).status_code == 403


def test_a_time_that_is_over_sends_nothing_and_says_so(editor: Client) -> None:
    subscribe(2)
    issue = made(make_published_article("a-guide"))
    typed = f"{timezone.now() - timedelta(days=365):%Y-%m-%dT%H:%M}"
    page = act(editor, issue, "schedule", due_at=typed)
    assert "is over. Write a later time, or none to send it at once." in page
    assert f'value="{typed}"' in page
    issue.refresh_from_db()
    assert issue.state == "draft"
    act(editor, issue, "schedule", due_at=f"{timezone.now():%Y-%m-%dT%H:%M}")
    issue.refresh_from_db()
    assert issue.state == "scheduled", "the minute that has begun is now"


def test_its_desk_says_whose_time_it_is_and_that_nobody_would_get_it(editor: Client, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Kathmandu"
    issue = made(make_published_article("a-guide"))
    page = editor.get(f"/admin/readers/issue/{issue.pk}/desk/").content.decode()
    assert "Goes out at (time of Asia/Kathmandu)" in page
    assert "nobody would get it now" in page
    subscribe(1)
    assert "1 reader would get it now" in editor.get(f"/admin/readers/issue/{issue.pk}/desk/").content.decode()


@pytest.mark.parametrize(
    ("intro", "note", "said"),
    [
        ("Now $199!", "", "is a price"),
        ("", "Buy at https://amazon.com/dp/B0", "leads away from our site"),
    ],
)
def test_what_merchants_forbid_in_mail_is_refused_with_its_place(
    editor: Client, intro: str, note: str, said: str
) -> None:
    issue = made(make_published_article("a-guide"), intro=intro, note=note)
    typed = f"{timezone.now() + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    page = act(editor, issue, "schedule", due_at=typed)
    assert said in page
    assert f'value="{typed}"' in page, "the time does not have to be typed twice"
    issue.refresh_from_db()
    assert issue.state == "draft"


def test_an_article_that_readers_cannot_open_is_refused(editor: Client) -> None:
    issue = made(make_published_article("a-guide"), make_article("a-draft", title="A draft of ours"))
    page = act(editor, issue, "schedule")
    assert "“A draft of ours” is not published" in page


def test_it_can_be_stopped_and_taken_up_again(editor: Client) -> None:
    subscribe(4)
    issue = made(make_published_article("a-guide"))
    act(editor, issue, "schedule")
    act(editor, issue, "take-back")
    issue.refresh_from_db()
    assert issue.state == "draft"
    act(editor, issue, "schedule")
    sending.send_due(now=timezone.now(), per_minute=2)
    act(editor, issue, "pause")
    sending.send_due(now=timezone.now(), per_minute=0)
    assert len(mail.outbox) == 2
    act(editor, issue, "go-on")
    sending.send_due(now=timezone.now(), per_minute=3)
    assert len(mail.outbox) == 3
    assert "1 reader does not get it" in act(editor, issue, "cancel")
    assert "nothing was changed" in act(editor, issue, "pause")


def test_who_may_not_send_can_do_nothing_here() -> None:
    issue = made(make_published_article("a-guide"))
    for role in ("Writer", "Link manager", "Moderator"):
        client = Client()
        client.force_login(make_colleague(role.lower().replace(" ", "-"), role))
        assert client.get(f"/admin/readers/issue/{issue.pk}/desk/").status_code == 403
        assert client.get(f"/admin/readers/issue/{issue.pk}/frame/").status_code == 403
        assert client.post(f"/admin/readers/issue/{issue.pk}/act/", {"act": "schedule"}).status_code == 403
    issue.refresh_from_db()
    assert issue.state == "draft"
