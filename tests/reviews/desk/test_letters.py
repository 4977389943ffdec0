"""Who is told of a step or a comment, what the letter says, and who is left in peace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from reviews import tasks
from reviews.desk import steps
from reviews.desk.draft_comments import answer_comment, write_comment
from reviews.desk.letters import tell_of_comment, tell_of_step
from reviews.desk.publishing import publish_article
from reviews.desk.step_history import people_told
from reviews.models import Article, DeskPreferences, StageChange
from reviews.services.desk_preferences import save_preferences
from tests.factories import make_article, make_author, make_colleague

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def sent_on_commit(django_capture_on_commit_callbacks: Any, act: Any) -> list[tuple[str, Any]]:
    """The tasks that are queued once the act holds, as (name, arguments)."""
    queued: list[tuple[str, Any]] = []
    with django_capture_on_commit_callbacks() as callbacks:
        act()
    for callback in callbacks:
        given = getattr(callback, "args", ())
        if given:
            queued.append((given[0], given[1]))
    return queued


@pytest.fixture
def cast() -> dict[str, Any]:
    people = {
        "writer": make_colleague("theo", "Writer"),
        "editor": make_colleague("ines", "Editor"),
        "other": make_colleague("ben", "Editor"),
    }
    return {**people, "article": make_article(author=make_author("Theo Brandt", user=people["writer"]))}


def names(article: Article, step: str, by: Any) -> set[str]:
    from django.contrib.auth.models import User

    ids = people_told(Article.objects.get(pk=article.pk), step=step, by=by)
    return set(User.objects.filter(pk__in=ids).values_list("username", flat=True))


def test_the_reviewer_who_was_asked_is_told_and_not_who_asked(cast: dict[str, Any]) -> None:
    steps.send_to_review(article=cast["article"], by=cast["writer"], asked_of=cast["editor"], now=NOW)
    assert names(cast["article"], "send_to_review", cast["writer"]) == {"ines"}


def test_a_review_asked_of_nobody_in_particular_is_asked_of_all_who_may(cast: dict[str, Any]) -> None:
    steps.send_to_review(article=cast["article"], by=cast["writer"], now=NOW)
    assert names(cast["article"], "send_to_review", cast["writer"]) == {"ines", "ben"}


def test_the_author_and_who_asked_hear_of_changes_that_are_wanted(cast: dict[str, Any]) -> None:
    steps.send_to_review(article=cast["article"], by=cast["other"], asked_of=cast["editor"], now=NOW)
    assert names(cast["article"], "ask_for_changes", cast["editor"]) == {"theo", "ben"}


def test_what_the_timetable_did_is_told_to_who_scheduled_it(cast: dict[str, Any]) -> None:
    steps.schedule_article(article=cast["article"], by=cast["other"], at=NOW + timedelta(hours=1), now=NOW)
    assert names(cast["article"], "publish_due", None) == {"theo", "ben"}


def test_a_letter_says_who_did_what_with_the_note_and_the_way_there(cast: dict[str, Any], settings: Any) -> None:
    steps.send_to_review(article=cast["article"], by=cast["writer"], asked_of=cast["editor"], note="Mind B&W.", now=NOW)
    assert tell_of_step(change_id=StageChange.objects.get().pk, user_id=cast["editor"].pk)
    letter = mail.outbox[0]
    assert letter.to == ["ines@newsroom.example"]
    assert letter.subject == "A guide: theo sent the article to review"
    assert "Mind B&W." in letter.body
    assert f"{settings.SITE_URL}/admin/reviews/article/{cast['article'].pk}/change/" in letter.body
    assert "You get this because you were asked to review the article." in letter.body
    assert f"No more of these letters: {settings.SITE_URL}/admin/reviews/deskpreferences/" in letter.body
    assert letter.content_subtype == "plain"


def test_a_schedule_is_told_with_its_hour_and_time_zone(cast: dict[str, Any]) -> None:
    steps.schedule_article(article=cast["article"], by=cast["editor"], at=NOW + timedelta(hours=1), now=NOW)
    tell_of_step(change_id=StageChange.objects.get().pk, user_id=cast["writer"].pk)
    assert "It appears on 25 November 2026, 13:00 (UTC)." in mail.outbox[0].body


def test_what_appeared_is_told_with_the_readers_address(cast: dict[str, Any]) -> None:
    publish_article(article=cast["article"], by=cast["editor"], now=NOW)
    tell_of_step(change_id=StageChange.objects.get().pk, user_id=cast["writer"].pk)
    assert "Readers see it: http" in mail.outbox[0].body
    assert "/guides/a-guide/" in mail.outbox[0].body


def test_a_title_cannot_add_lines_to_the_head_of_a_letter(cast: dict[str, Any]) -> None:
    Article.objects.update(title="One\nBcc: all@example.org")
    publish_article(article=cast["article"], by=cast["editor"], now=NOW)
    tell_of_step(change_id=StageChange.objects.get().pk, user_id=cast["writer"].pk)
    assert mail.outbox[0].recipients() == ["theo@newsroom.example"]
    assert "\n" not in mail.outbox[0].subject


def test_who_switched_letters_off_left_or_has_no_address_gets_none(cast: dict[str, Any]) -> None:
    publish_article(article=cast["article"], by=cast["editor"], now=NOW)
    change, writer = StageChange.objects.get(), cast["writer"]
    save_preferences(user_id=writer.pk, wants_mail=False)
    assert not tell_of_step(change_id=change.pk, user_id=writer.pk)
    save_preferences(user_id=writer.pk, wants_mail=True)
    for field, value in (("is_active", False), ("email", ""), ("is_staff", False)):
        before = getattr(writer, field)
        setattr(writer, field, value)
        writer.save()
        assert not tell_of_step(change_id=change.pk, user_id=writer.pk), field
        setattr(writer, field, before)
        writer.save()
    assert not tell_of_step(change_id=0, user_id=writer.pk)
    assert mail.outbox == []
    assert tell_of_step(change_id=change.pk, user_id=writer.pk)


def test_letters_are_queued_one_for_each_when_the_step_holds(
    cast: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    queued = sent_on_commit(
        django_capture_on_commit_callbacks,
        lambda: steps.send_to_review(article=cast["article"], by=cast["writer"], now=NOW),
    )
    change = StageChange.objects.get()
    assert queued == [
        ("reviews.tasks.tell_of_step", (change.pk, pk)) for pk in sorted((cast["editor"].pk, cast["other"].pk))
    ]


def test_a_mail_server_that_is_away_is_tried_again() -> None:
    for task in (tasks.tell_of_step, tasks.tell_of_comment):
        assert OSError in task.autoretry_for
        assert task.max_retries >= 5


def test_a_comment_is_told_to_the_author_and_an_answer_to_the_thread(
    cast: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    article = cast["article"]
    said: list[Any] = []
    first = sent_on_commit(
        django_capture_on_commit_callbacks,
        lambda: said.append(
            write_comment(article=article, by=cast["editor"], text="Is that so?", quote="Words.", now=NOW)
        ),
    )
    assert [user for _, (_, user) in first] == [cast["writer"].pk]
    answers = sent_on_commit(
        django_capture_on_commit_callbacks,
        lambda: said.append(answer_comment(comment=said[0], by=cast["writer"], text="It is.", now=NOW)),
    )
    assert [user for _, (_, user) in answers] == [cast["editor"].pk]
    assert tell_of_comment(comment_id=said[1].pk, user_id=cast["editor"].pk)
    letter = mail.outbox[0]
    assert letter.subject == "A guide: theo answered a comment on"[: len(letter.subject)]
    assert "It is." in letter.body
    assert "About: “Words.”" in letter.body
    assert f"#comment-{said[0].pk}" in letter.body


def test_everybody_chooses_for_themselves_and_for_nobody_else(client: Client, cast: dict[str, Any]) -> None:
    client.force_login(cast["writer"])
    url = reverse("admin:reviews_deskpreferences_changelist")
    assert "theo@newsroom.example" in client.get(url).content.decode()
    client.post(url, {})
    assert not DeskPreferences.objects.get(user=cast["writer"]).wants_mail
    assert DeskPreferences.objects.count() == 1
    client.post(url, {"wants_mail": "on"})
    assert DeskPreferences.objects.get().wants_mail
