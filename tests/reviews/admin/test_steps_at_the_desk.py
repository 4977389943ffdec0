"""Buttons in the article's form and a page for each step: who sees which, and what they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reviews.admin.site_time import SiteTimeField
from reviews.models import Article
from reviews.services.articles import BlockInput, edit_article
from tests.factories import make_article, make_author, make_colleague, make_published_article
from tests.reviews.admin.test_article_form import FormReader

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def signed_in(client: Client, username: str, *roles: str) -> Any:
    user = make_colleague(username, *roles)
    client.force_login(user)
    return user


def change_url(article: Article) -> str:
    return reverse("admin:reviews_article_change", args=[article.pk])


def step_url(article: Article, step: str) -> str:
    return reverse("admin:reviews_article_step", args=[article.pk, step])


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def test_a_press_in_the_form_saves_what_was_typed_and_then_takes_the_step(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article()
    reviewer = make_colleague("ben", "Editor")
    html = client.get(change_url(article)).content.decode()
    sent = FormReader(html).data(
        _step="send_to_review",
        title="As typed",
        **{"step_send_to_review-asked_of": str(reviewer.pk), "step_send_to_review-note": "Quickly, please."},
    )
    answer = client.post(change_url(article), sent, follow=True).content.decode()
    assert "Ben was asked to look at it." in answer
    article.refresh_from_db()
    assert (article.title, article.stage, article.review_asked_of) == ("As typed", "in_review", reviewer)
    assert article.draft_versions.get().content["article"]["title"] == "As typed"


def test_a_step_that_cannot_be_taken_yet_says_why_and_keeps_what_was_typed(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article()
    html = client.get(change_url(article)).content.decode()
    sent = FormReader(html).data(
        _step="schedule",
        title="As typed",
        **{"step_schedule-when": "2020-01-01T08:00", "step_schedule-change_note": "Renewed"},
    )
    answer = client.post(change_url(article), sent, follow=True).content.decode()
    assert "What you wrote is saved. The step was not taken yet." in answer
    assert "is over. Choose a time to come" in answer
    assert 'value="2020-01-01T08:00"' in answer
    assert 'value="Renewed"' in answer
    article.refresh_from_db()
    assert (article.title, article.stage) == ("As typed", "writing")


def test_the_page_of_a_step_says_beforehand_what_would_be_refused(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article(blocks=[])
    html = client.get(step_url(article, "publish")).content.decode()
    assert "What keeps it from readers" in html
    assert "The article has no blocks yet" in html


def test_scheduling_from_the_page_stores_the_moment_in_utc(client: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    signed_in(client, "ines", "Editor")
    article = make_article()
    client.post(
        step_url(article, "schedule"),
        {"step_schedule-when": "2099-07-01T08:00", "step_schedule-version": str(article.version)},
    )
    article.refresh_from_db()
    assert article.publish_at == datetime(2099, 7, 1, 6, 0, tzinfo=UTC)
    html = client.get(change_url(article)).content.decode()
    assert "1 July 2099, 08:00" in html
    assert "Europe/Berlin" in html


def test_what_was_saved_since_the_page_was_opened_is_not_published_unseen(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article()
    seen = article.version
    article.title = "Somebody else was here"
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>x</p>"})])
    answer = client.post(step_url(article, "publish"), {"step_publish-version": str(seen)})
    assert "was saved by somebody since you looked at it" in answer.content.decode()
    assert not Article.objects.published().exists()


def test_the_form_says_that_what_was_scheduled_and_what_is_written_differ(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article()
    when = {"step_schedule-when": local(timezone.now() + HOUR), "step_schedule-version": str(article.version)}
    client.post(step_url(article, "schedule"), when)
    assert "Changes you save from now on wait" in client.get(change_url(article)).content.decode()
    article.refresh_from_db()
    article.title = "Another"
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>x</p>"})])
    assert "The working copy below has changed since" in client.get(change_url(article)).content.decode()


def test_a_writer_is_offered_no_more_than_review_and_refused_the_rest(client: Client) -> None:
    writer = signed_in(client, "theo", "Writer")
    article = make_article(author=make_author("Theo Brandt", user=writer))
    html = client.get(change_url(article)).content.decode()
    assert 'value="send_to_review"' in html
    for step in ("publish", "schedule", "retire"):
        assert f'value="{step}"' not in html
        assert client.post(step_url(article, step)).status_code == 403
    sent = FormReader(html).data(_step="publish")
    assert "You may not: Publish now." in client.post(change_url(article), sent, follow=True).content.decode()
    article.refresh_from_db()
    assert (article.status, article.stage) == ("draft", "writing")


def test_a_writer_sees_and_edits_own_articles_only(client: Client) -> None:
    writer = signed_in(client, "theo", "Writer")
    mine = make_article("mine", author=make_author("Theo Brandt", user=writer))
    others = make_published_article("others", author=make_author("Somebody Else"))
    html = client.get(reverse("admin:reviews_article_changelist")).content.decode()
    assert "Mine" in html
    assert "Others" not in html
    assert client.get(change_url(mine)).status_code == 200
    # Django leads from a row that one may not see to the index.
    assert client.get(change_url(others)).status_code == 302
    for page in ("step", "comments", "preview"):
        args: list[Any] = [others.pk, "send_to_review"] if page == "step" else [others.pk]
        assert client.get(reverse(f"admin:reviews_article_{page}", args=args)).status_code in (403, 404), page
    assert client.post(change_url(others), {"title": "Taken over"}).status_code == 302
    others.refresh_from_db()
    assert others.title == "Others"


def test_a_writer_writes_under_the_own_name_and_sets_no_end(client: Client) -> None:
    writer = signed_in(client, "theo", "Writer")
    mine = make_author("Theo Brandt", user=writer)
    make_author("Somebody Else")
    html = client.get(reverse("admin:reviews_article_add")).content.decode()
    select = html.partition('id="id_author"')[2].partition("</select>")[0]
    assert mine.name in select
    assert "Somebody Else" not in select
    assert 'name="expires_at"' not in html


def test_what_is_scheduled_is_not_deleted_by_a_press(client: Client) -> None:
    signed_in(client, "boss", "Administrator")
    article = make_article()
    assert 'class="deletelink"' in client.get(change_url(article)).content.decode()
    when = {"step_schedule-when": local(timezone.now() + HOUR), "step_schedule-version": str(article.version)}
    client.post(step_url(article, "schedule"), when)
    assert 'class="deletelink"' not in client.get(change_url(article)).content.decode()


def test_looking_at_a_step_takes_none(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_published_article()
    assert client.get(step_url(article, "retire")).status_code == 200
    assert Article.objects.published().exists()


def test_an_unknown_step_and_one_of_the_timetable_are_refused(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article()
    assert [client.post(step_url(article, step)).status_code for step in ("no-such", "publish_due")] == [403, 403]


def test_a_note_is_printed_as_it_was_typed_and_never_as_markup(client: Client) -> None:
    signed_in(client, "ines", "Editor")
    article = make_article()
    client.post(step_url(article, "send_to_review"), {"step_send_to_review-note": "<script>alert(1)</script>"})
    html = client.get(change_url(article)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-29T02:30", "There is no 29 March 2026, 02:30 in Europe/Berlin: the clocks go forward over it"),
        ("2026-10-25T02:30", "25 October 2026, 02:30 comes twice in Europe/Berlin: the clocks go back over it"),
        ("tomorrow", "“tomorrow” is not a time"),
        ("2026-13-40T99:99", "is not a time"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused_in_words(typed: str, said: str) -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")), pytest.raises(forms.ValidationError, match=said):
        SiteTimeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("2026-03-29T01:59", 0), ("2026-03-29T03:00", 1), ("2026-10-25T03:00", 2), ("2026-07-01 08:00", 6)],
)
def test_times_around_the_change_of_clocks_are_the_moments_they_say(typed: str, hour: int) -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        moment = SiteTimeField().clean(typed)
    assert moment.astimezone(UTC).hour == hour
