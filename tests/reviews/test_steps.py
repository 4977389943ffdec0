"""Which steps are possible from where, and for whom?"""

from __future__ import annotations

import itertools

import pytest

from reviews.models import Article
from reviews.steps import NO_ACCOUNT, STEPS, TIMETABLE, steps_from, taken_by

EVERYWHERE = list(itertools.product(Article.Status.values, Article.Stage.values))


def keys(status: str, stage: str, *may: str) -> set[str]:
    return {step.key for step in steps_from(status, stage, may=lambda codename: codename in may)}


def test_a_writer_sends_to_review_and_takes_back_and_no_more() -> None:
    assert keys("draft", "writing", "change_article") == {"send_to_review"}
    assert keys("draft", "in_review", "change_article") == {"take_back"}
    assert keys("draft", "scheduled", "change_article") == set()


def test_a_reviewer_asks_for_changes_only_where_a_review_was_asked() -> None:
    assert keys("draft", "in_review", "review_article") == {"ask_for_changes"}
    assert keys("draft", "writing", "review_article") == set()


def test_the_next_revision_of_a_public_article_goes_the_same_way() -> None:
    assert keys("published", "in_review", "publish_article", "review_article") == {
        "ask_for_changes", "publish", "schedule", "retire",
    }  # fmt: skip


def test_what_is_retired_can_be_brought_back_and_what_is_public_cannot() -> None:
    assert "bring_back" in keys("retired", "writing", "publish_article")
    assert "bring_back" not in keys("published", "writing", "publish_article")
    assert "retire" not in keys("retired", "writing", "publish_article")


@pytest.mark.parametrize(("status", "stage"), EVERYWHERE)
def test_nobody_takes_the_steps_of_the_timetable_by_hand(status: str, stage: str) -> None:
    assert not {key for key in (step.key for step in steps_from(status, stage, may=lambda _: True)) if "due" in key}


@pytest.mark.parametrize(("status", "stage"), EVERYWHERE)
def test_there_is_a_way_on_from_everywhere(status: str, stage: str) -> None:
    assert steps_from(status, stage, may=lambda _: True)


def test_every_permission_of_a_step_is_one_of_the_article() -> None:
    known = {codename for codename, _ in Article._meta.permissions} | {"change_article"}
    assert {step.permission for step in STEPS.values()} - {""} <= known


def test_a_step_key_fits_its_column() -> None:
    assert max(map(len, STEPS)) <= 20


def test_what_nobody_did_is_told_from_what_a_lost_account_did() -> None:
    assert taken_by("publish_due", None) == TIMETABLE
    assert taken_by("publish", None) == NO_ACCOUNT
    assert taken_by("publish", "ada") == "ada"
