"""A version is copied, changed, activated and then left as it is, by the services and by the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, transaction

from reviews.models import Criterion, MethodVersion, Score, Weight
from reviews.score_table import active_method
from reviews.services.methods import (
    MethodError,
    UseCaseInput,
    activate_version,
    discard_version,
    prepare_version,
    save_version,
)
from tests.factories import make_product, make_staff
from tests.reviews.scored import CRITERIA, NOW, USE_CASES, give, make_draft, make_method

pytestmark = pytest.mark.django_db


def save(draft: MethodVersion, criteria: object = CRITERIA, use_cases: object = USE_CASES) -> bool:
    return save_version(
        version=draft,
        summary="How.",
        change_note="Why.",
        criteria=criteria,  # type: ignore[arg-type]
        use_cases=use_cases,  # type: ignore[arg-type]
    )


def test_the_next_version_is_a_copy_with_weights_and_scores() -> None:
    one = make_product("One")
    first = make_method()
    give(first, one, sound="8.5", comfort="7.0")

    draft = prepare_version()

    assert (draft.number, draft.state) == (2, MethodVersion.State.DRAFT)
    assert list(draft.criteria.values_list("key", "how")) == [(row.key, row.how) for row in CRITERIA]
    assert Weight.objects.filter(use_case__version=draft).count() == 5
    kept = Score.objects.filter(criterion__version=draft).order_by("criterion__key")
    assert [(str(row.value), row.is_confirmed) for row in kept] == [("7.0", True), ("8.5", True)]
    assert Score.objects.filter(criterion__version=first).count() == 2, "the copy takes nothing away"


def test_there_is_one_draft_at_a_time() -> None:
    make_draft()
    with pytest.raises(MethodError, match="Method 1 is being prepared already"):
        prepare_version()


def test_the_same_again_changes_nothing() -> None:
    draft = make_draft()
    assert not save(draft)
    assert save(draft, use_cases=(replace(USE_CASES[0], weights={"sound": 1}), USE_CASES[1]))


def test_scores_of_a_criterion_judged_otherwise_have_to_be_confirmed() -> None:
    one = make_product("One")
    give(make_method(), one, sound="8.5", comfort="7.0")
    draft = prepare_version()

    save(draft, criteria=(replace(CRITERIA[0], how="With a measuring ear."), *CRITERIA[1:]))
    state = dict(Score.objects.filter(criterion__version=draft).values_list("criterion__key", "is_confirmed"))
    assert state == {"sound": False, "comfort": True}

    save(draft)
    assert not Score.objects.filter(is_confirmed=False).exists(), "the words are the old ones again"


def test_a_criterion_that_goes_takes_its_draft_scores_and_leaves_those_of_the_active_version() -> None:
    one = make_product("One")
    active = make_method()
    give(active, one, sound="8.5", comfort="7.0")
    draft = prepare_version()

    save(
        draft, criteria=CRITERIA[:1], use_cases=(UseCaseInput(key="everyday", label="Every day", weights={"sound": 1}),)
    )

    assert [row.criterion.key for row in Score.objects.filter(criterion__version=draft)] == ["sound"]
    assert Score.objects.filter(criterion__version=active).count() == 2
    assert draft.use_cases.count() == 1


def test_what_does_not_fit_is_told_at_once_and_nothing_is_saved() -> None:
    draft = make_draft()
    with pytest.raises(MethodError) as caught:
        save_version(
            version=draft,
            summary=" ",
            change_note="",
            criteria=(CRITERIA[0], replace(CRITERIA[1], label="Sound"), replace(CRITERIA[2], how="")),
            use_cases=(
                replace(USE_CASES[0], weights={"sound": 101}),
                UseCaseInput(key="b", label="B", weights={"gone": 5}),
            ),
        )
    assert caught.value.problems == [
        "Summary: say how you test and score; it stands on the public page.",
        "Criterion 2 (“Sound”) is there twice.",
        "Criterion “Carrying”: say how it is judged.",
        "Use case “Every day”: a weight is a whole number from 0 to 100, not 101.",
        "Use case “B”: give at least one criterion a weight.",
    ]
    assert draft.criteria.count() == 3


def test_activating_retires_the_version_before_and_is_written_down() -> None:
    first = make_method()
    editor = make_staff()
    second = make_draft()
    activate_version(version=second, now=NOW, by=editor)
    first.refresh_from_db()
    assert (first.state, second.state) == (MethodVersion.State.RETIRED, MethodVersion.State.ACTIVE)
    assert (second.activated_at, second.activated_by) == (NOW, editor)
    assert LogEntry.objects.get(object_id=str(second.pk)).change_message == "Activated."
    method = active_method()
    assert method is not None
    assert method.number == 2
    assert method.default is not None
    assert method.default.shares == {"sound": 50, "comfort": 30, "carrying": 20}


def test_a_later_version_says_what_is_different() -> None:
    make_method()
    draft = prepare_version()
    with pytest.raises(MethodError, match="Change note: say what is different"):
        activate_version(version=draft, now=NOW)


def test_a_version_without_criteria_is_not_activated() -> None:
    with pytest.raises(MethodError, match="no criteria or no use cases"):
        activate_version(version=prepare_version(), now=NOW)


def test_a_draft_can_be_discarded_and_an_active_version_cannot() -> None:
    active = make_method()
    give(active, make_product("One"), sound="8.0")
    draft = prepare_version()
    discard_version(version=draft)
    assert MethodVersion.objects.count() == 1
    with pytest.raises(MethodError, match="stays as it is"):
        discard_version(version=active)
    with pytest.raises(MethodError, match="stays as it is"):
        save(active)


def test_the_database_itself_refuses_to_rewrite_what_was_active() -> None:
    active = make_method()
    tries: list[Callable[[], object]] = [
        lambda: Criterion.objects.filter(version=active).update(how="Other."),
        lambda: Weight.objects.filter(use_case__version=active).update(weight=1),
        lambda: Weight.objects.filter(use_case__version=active).delete(),
        lambda: Criterion.objects.create(version=active, key="new", label="New", how="How."),
        lambda: MethodVersion.objects.filter(pk=active.pk).update(summary="Other."),
        lambda: MethodVersion.objects.filter(pk=active.pk).update(state="draft"),
    ]
    for attempt in tries:
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            attempt()
