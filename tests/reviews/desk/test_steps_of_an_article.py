"""An article walks from writing over review and schedule to its readers, and every step is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from reviews.desk import publishing, steps
from reviews.desk.publishing import PublishError, StepError, bring_back, publish_article, retire_article
from reviews.models import Article, DraftVersion, StageChange
from reviews.services.articles import BlockInput, edit_article
from tests.factories import make_article, make_published_article, make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def rewrite(article: Article, title: str, html: str = "<h2>Other</h2><p>Words.</p>") -> None:
    row = Article.objects.get(pk=article.pk)
    row.title = title
    edit_article(article=row, blocks=[BlockInput("prose", {"html": html})])
    article.refresh_from_db()


def scheduled(slug: str = "a-guide", *, at: datetime = LATER) -> Article:
    article = make_article(slug)
    steps.schedule_article(article=article, by=make_staff(f"scheduler-of-{slug}"), at=at, note="New.", now=NOW)
    return article


def told(article: Article) -> list[str]:
    return list(article.stage_changes.order_by("pk").values_list("step", flat=True))


def test_a_review_is_asked_of_somebody_and_keeps_what_was_sent() -> None:
    article, writer, editor = make_article(), make_staff("writer"), make_staff("editor")
    steps.send_to_review(article=article, by=writer, asked_of=editor, note="Please look.", now=NOW)
    assert (article.stage, article.review_asked_of) == ("in_review", editor)
    assert article.draft_versions.get().content["article"]["title"] == "A guide"
    change = article.stage_changes.get()
    assert (change.step, change.changed_by, change.note) == ("send_to_review", writer, "Please look.")


def test_changes_are_asked_for_with_a_note_and_it_is_written_on() -> None:
    article, editor = make_article(), make_staff()
    steps.send_to_review(article=article, by=None, now=NOW)
    with pytest.raises(StepError, match="Say in the note what is to be changed"):
        steps.ask_for_changes(article=article, by=editor, note="  ", now=NOW)
    assert Article.objects.get().stage == "in_review"
    steps.ask_for_changes(article=article, by=editor, note="Shorter.", now=NOW)
    assert (article.stage, article.review_asked_of) == ("writing", None)


def test_a_step_that_is_not_possible_says_where_the_article_stands_and_who_put_it_there() -> None:
    article, editor = make_article(), make_staff("ines")
    publish_article(article=article, by=editor, now=NOW)
    with pytest.raises(StepError) as caught:
        steps.ask_for_changes(article=article, by=editor, note="x", now=NOW)
    assert "published, being written since ines published the article" in str(caught.value)


def test_what_is_scheduled_is_what_was_approved_whatever_is_written_afterwards() -> None:
    article = scheduled()
    rewrite(article, "Written afterwards")
    assert steps.publish_due(now=LATER - timedelta(seconds=1)) == 0
    assert steps.publish_due(now=LATER) == 1
    article.refresh_from_db()
    assert article.live_revision is not None
    assert article.live_revision.content["article"]["title"] == "A guide"
    assert (article.status, article.stage, article.publish_at, article.title) == (
        "published", "writing", None, "Written afterwards",
    )  # fmt: skip
    assert article.published_at == LATER
    assert article.live_revision.note == "New."
    assert told(article) == ["schedule", "publish_due"]
    assert article.stage_changes.get(step="publish_due").changed_by is None


def test_what_was_published_once_is_not_published_again_by_the_next_round() -> None:
    article = scheduled()
    assert [steps.publish_due(now=LATER), steps.publish_due(now=LATER + timedelta(minutes=1))] == [1, 0]
    assert article.revisions.count() == 1


def test_readers_see_the_old_revision_while_the_next_is_written_reviewed_and_scheduled() -> None:
    article = make_published_article(now=NOW)
    first = article.live_revision
    rewrite(article, "The next")
    steps.send_to_review(article=article, by=None, now=NOW)
    steps.schedule_article(article=article, by=None, at=LATER, now=NOW)
    assert (article.status, article.live_revision) == ("published", first)
    steps.publish_due(now=LATER)
    article.refresh_from_db()
    assert article.live_revision is not None
    assert article.live_revision.number == 2
    assert article.revised_at == LATER


def test_what_the_gate_refuses_at_the_hour_goes_back_to_review_with_the_reason() -> None:
    article = scheduled()
    content = article.scheduled_version.content  # type: ignore[union-attr]
    content["blocks"] = []
    DraftVersion.objects.filter(article=article).update(content=content)
    assert steps.publish_due(now=LATER) == 0
    article.refresh_from_db()
    assert (article.status, article.stage, article.publish_at) == ("draft", "in_review", None)
    assert "The article has no blocks yet" in article.stage_changes.get(step="refuse_due").note


def test_a_product_that_was_deleted_before_the_hour_is_a_reason_not_a_crash() -> None:
    article = scheduled()
    content = article.scheduled_version.content  # type: ignore[union-attr]
    content["blocks"][0]["products"] = [987654]
    DraftVersion.objects.filter(article=article).update(content=content)
    steps.publish_due(now=LATER)
    assert "1 product that it shows was deleted since" in article.stage_changes.get(step="refuse_due").note


def test_an_article_that_breaks_the_round_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = scheduled("broken"), scheduled("fine")
    real = publishing.show

    def show(draft: Article, *args: object, **kwargs: object) -> object:
        if draft.pk == broken.pk:
            raise RuntimeError("a plug-in fell over")
        return real(draft, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(steps, "show", show)
    assert steps.publish_due(now=LATER) == 1
    assert Article.objects.published().get() == fine
    assert Article.objects.get(pk=broken.pk).stage == "scheduled"


def test_a_time_that_is_over_or_behind_the_end_of_its_time_is_refused() -> None:
    article = make_article()
    with pytest.raises(StepError, match="is over"):
        steps.schedule_article(article=article, by=None, at=NOW, now=NOW)
    Article.objects.update(expires_at=LATER)
    with pytest.raises(StepError, match="before it would appear"):
        steps.schedule_article(article=article, by=None, at=LATER, now=NOW)
    assert not StageChange.objects.exists()
    assert not DraftVersion.objects.exists()


def test_scheduling_what_the_gate_refuses_today_says_why_and_schedules_nothing() -> None:
    article = make_article(blocks=[])
    with pytest.raises(PublishError, match="no blocks"):
        steps.schedule_article(article=article, by=None, at=LATER, now=NOW)
    assert Article.objects.get().stage == "writing"
    assert not DraftVersion.objects.exists()


def test_a_schedule_can_be_moved_and_then_holds_what_is_written_by_then() -> None:
    article = scheduled()
    rewrite(article, "Better")
    steps.schedule_article(article=article, by=None, at=LATER + timedelta(days=1), now=NOW)
    assert steps.publish_due(now=LATER) == 0
    steps.publish_due(now=LATER + timedelta(days=1))
    article.refresh_from_db()
    assert article.live_revision is not None
    assert article.live_revision.content["article"]["title"] == "Better"


def test_what_was_taken_off_the_schedule_does_not_appear() -> None:
    article = scheduled()
    steps.unschedule(article=article, by=None, now=NOW)
    assert (article.stage, article.publish_at, article.scheduled_version) == ("writing", None, None)
    assert steps.publish_due(now=LATER) == 0


def test_publishing_at_once_takes_it_off_the_schedule() -> None:
    article = scheduled()
    publish_article(article=article, now=NOW)
    assert (article.stage, article.publish_at) == ("writing", None)
    assert steps.publish_due(now=LATER) == 0


def test_retiring_takes_it_off_the_schedule_too() -> None:
    article = make_published_article(now=NOW)
    rewrite(article, "The next")
    steps.schedule_article(article=article, by=None, at=LATER, now=NOW)
    retire_article(article=article, now=NOW)
    assert (article.status, article.stage) == ("retired", "writing")
    assert steps.publish_due(now=LATER) == 0


def test_an_article_whose_time_is_over_is_retired_once() -> None:
    article = make_published_article(now=NOW)
    Article.objects.update(expires_at=LATER)
    assert [steps.expire_due(now=NOW), steps.expire_due(now=LATER), steps.expire_due(now=LATER)] == [0, 1, 0]
    article.refresh_from_db()
    assert article.status == "retired"
    assert told(article) == ["publish", "expire_due"]


def test_it_cannot_come_back_before_its_end_is_changed() -> None:
    article = make_published_article(now=NOW)
    Article.objects.update(expires_at=LATER)
    steps.expire_due(now=LATER)
    with pytest.raises(PublishError, match="Expires at: its time was over on"):
        bring_back(article=article, now=LATER)
    Article.objects.update(expires_at=None)
    bring_back(article=article, now=LATER)
    assert article.status == "published"


def test_bringing_back_shows_what_readers_saw_and_not_the_working_copy() -> None:
    article = make_published_article(now=NOW)
    first = article.live_revision
    retire_article(article=article, now=NOW)
    rewrite(article, "Meanwhile")
    assert bring_back(article=article, now=LATER) == first
    assert (article.status, article.title) == ("published", "Meanwhile")
    with pytest.raises(StepError, match="is not retired"):
        bring_back(article=article, now=LATER)


def test_nobody_publishes_or_schedules_what_was_saved_since_they_looked() -> None:
    article = make_article()
    seen = article.version
    rewrite(article, "Somebody else was here")
    with pytest.raises(StepError, match="was saved by somebody since you looked at it"):
        publish_article(article=article, now=NOW, seen_version=seen)
    with pytest.raises(StepError, match="was saved by somebody since you looked at it"):
        steps.schedule_article(article=article, by=None, at=LATER, now=NOW, seen_version=seen)
    publish_article(article=article, now=NOW, seen_version=article.version)


def test_publishing_the_same_again_is_no_step() -> None:
    article = make_published_article(now=NOW)
    publish_article(article=article, now=LATER)
    assert told(article) == ["publish"]


def test_publishing_the_same_again_ends_a_review_all_the_same() -> None:
    article = make_published_article(now=NOW)
    steps.send_to_review(article=article, by=None, now=NOW)
    publish_article(article=article, now=LATER)
    assert (article.stage, told(article)) == ("writing", ["publish", "send_to_review", "publish"])


def test_the_database_refuses_to_rewrite_or_drop_a_step_of_what_readers_saw() -> None:
    article = make_published_article(now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        article.stage_changes.update(note="It was never so")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        article.stage_changes.all().delete()
    draft = scheduled("a-draft")
    Article.objects.filter(pk=draft.pk).update(stage="writing", publish_at=None, scheduled_version=None)
    Article.objects.get(pk=draft.pk).delete()


def test_what_is_scheduled_cannot_be_deleted_before_it_is_off_the_schedule() -> None:
    article = scheduled()
    with pytest.raises(ProtectedError):
        Article.objects.get(pk=article.pk).delete()
    steps.unschedule(article=article, by=None, now=NOW)
    Article.objects.get(pk=article.pk).delete()
    assert not Article.objects.exists()
