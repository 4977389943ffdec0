"""Scores get in whole or not at all, never over somebody else's without a word, and are frozen with the page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from catalog.csv_cells import lines
from catalog.models import Product
from reviews.models import MethodVersion, Score
from reviews.score_table import active_method, default_overalls, overalls
from reviews.services.methods import prepare_version
from reviews.services.score_files import COLUMNS, export_rows, try_scores
from reviews.services.scores import ScoreInput, ScoresError, confirm_scores, mark_of, save_scores
from tests.factories import make_author, make_product, make_staff
from tests.reviews.scored import DAY, give, make_method

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Product:
    return make_product("One")


@pytest.fixture
def method(one: Product) -> MethodVersion:
    version = make_method()
    give(version, one, sound="8.0", comfort="6.0")
    return version


def cell(product: Product, criterion: str = "sound", value: str | None = "9.0", **more: Any) -> ScoreInput:
    fields: dict[str, Any] = {"evidence": "Heard again.", "scored_on": DAY}
    given = None if value is None else Decimal(value)
    return ScoreInput(product_id=product.pk, criterion=criterion, value=given, **fields | more)


def stored(product: Product, criterion: str = "sound") -> Score:
    return Score.objects.get(product=product, criterion__key=criterion, criterion__version__state="active")


def test_the_overall_leaves_out_what_is_missing(one: Product, method: MethodVersion) -> None:
    found = active_method()
    assert found is not None
    everyday, desk = found.use_cases
    told = overalls(found, everyday, [one.pk])[one.pk]
    assert (told.value, told.missing) == (Decimal("7.3"), ("carrying",))
    assert overalls(found, desk, [one.pk])[one.pk].value == Decimal("7.2")
    assert default_overalls([one.pk]) == {one.pk: Decimal("7.3")}


def test_too_little_scored_is_no_overall(one: Product, method: MethodVersion) -> None:
    save_scores(version=method, scores=[cell(one, value=None)])
    assert default_overalls([one.pk]) == {}


def test_what_somebody_else_saved_meanwhile_is_told_and_stays(one: Product, method: MethodVersion) -> None:
    seen = mark_of(stored(one))
    save_scores(version=method, scores=[cell(one, value="5.0", evidence="Theirs.")])

    with pytest.raises(ScoresError) as caught:
        save_scores(version=method, scores=[cell(one, seen=seen), cell(one, "comfort", seen=None)])

    problem = caught.value.problems[0]
    assert problem.is_conflict
    assert problem.message == "Somebody saved 5.0, “Theirs.” here meanwhile. Save again to replace it."
    assert stored(one).value == Decimal("5.0")
    assert stored(one, "comfort").value == Decimal("6.0"), "all or none"

    save_scores(version=method, scores=[cell(one, seen=mark_of(stored(one)))])
    assert stored(one).value == Decimal("9.0")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "10.1"}, "Score: Ensure this value is less than or equal to 10."),
        ({"evidence": ""}, "Evidence: This field cannot be blank."),
        ({"evidence_url": "javascript:alert(1)"}, "Address: Enter a valid URL."),
        ({"criterion": "smell"}, "Method 1 has no criterion “smell”; it has sound, comfort, carrying."),
    ],
    ids=["too high", "no evidence", "no address", "no criterion"],
)
def test_what_does_not_fit_is_named(one: Product, method: MethodVersion, change: dict[str, str], words: str) -> None:
    with pytest.raises(ScoresError) as caught:
        save_scores(version=method, scores=[cell(one, **change)])
    assert [problem.message for problem in caught.value.problems] == [words]
    assert stored(one).value == Decimal("8.0")


def test_scores_of_a_retired_version_stay(one: Product, method: MethodVersion) -> None:
    make_method()
    with pytest.raises(ScoresError, match="Method 1 is retired"):
        save_scores(version=method, scores=[cell(one)])


def test_a_new_score_goes_into_the_draft_unless_that_has_another(one: Product, method: MethodVersion) -> None:
    draft = prepare_version()
    save_scores(version=draft, scores=[cell(one, "comfort", "3.0")])
    save_scores(version=method, scores=[cell(one), cell(one, "comfort", "7.0")])
    kept = Score.objects.filter(criterion__version=draft).values_list("criterion__key", "value")
    assert dict(kept) == {"sound": Decimal("9.0"), "comfort": Decimal("3.0")}


def test_who_changed_a_score_stands_in_the_history(one: Product, method: MethodVersion) -> None:
    save_scores(version=method, scores=[cell(one), cell(one, "comfort", None)], by=make_staff())
    told = LogEntry.objects.get(object_id=str(method.pk)).change_message
    assert told == "Scores: acme-one sound 8.0 → 9.0; acme-one comfort 6.0 → –."


def test_confirming_makes_scores_count_again(one: Product, method: MethodVersion) -> None:
    Score.objects.filter(criterion__key="sound").update(is_confirmed=False)
    assert default_overalls([one.pk]) == {}
    assert confirm_scores(version=method, criterion="sound") == 1
    assert default_overalls([one.pk]) == {one.pk: Decimal("7.3")}


def as_file(version: MethodVersion) -> str:
    return "".join(lines(COLUMNS, export_rows(version)))


def test_what_is_exported_is_imported_as_it_was(one: Product, method: MethodVersion) -> None:
    tester = make_author("Ben Low")
    save_scores(version=method, scores=[cell(one, evidence="=danger, “quoted”", tester=tester)])
    trial = try_scores(method, as_file(method), today=date(2026, 11, 25))
    assert (trial.rows, len(trial.changes), trial.problems) == (2, 0, ())


def test_the_trial_says_what_would_change_and_saves_nothing(one: Product, method: MethodVersion) -> None:
    two = make_product("Two")
    text = (
        "product,criterion,score,evidence,scored_on\n"
        "acme-one,sound,9.5,Heard at home,2026-11-01\nacme-one,comfort,,,\nacme-two,sound,7,Heard,\n"
    )
    trial = try_scores(method, text, today=date(2026, 11, 25))
    assert trial.problems == ()
    assert [(one.product, one.before, one.after) for one in trial.changes] == [
        ("acme-one", "8.0, Heard sound.", "9.5, Heard at home"),
        ("acme-one", "6.0, Heard comfort.", ""),
        ("acme-two", "", "7.0, Heard"),
    ]
    assert stored(one).value == Decimal("8.0")
    save_scores(version=method, scores=trial.scores)
    assert stored(two).scored_on == date(2026, 11, 25)


def test_every_wrong_row_is_named_by_its_number(one: Product, method: MethodVersion) -> None:
    text = "\n".join(
        [
            "product,criterion,score,evidence,evidence_url,tester,scored_on",
            "acme-gone,sound,8,x,,,",
            "acme-one,smell,8,x,,,",
            "acme-one,sound,eight,x,,,",
            "acme-one,sound,8.55,x,,,",
            "acme-one,sound,8,,,,",
            "acme-one,sound,8,x,,nobody,",
            "acme-one,sound,8,x,,,tomorrow",
            "acme-one,sound,8,x,,,2999-01-01",
            "acme-one,sound,8,x,,,",
            "acme-one,sound,7,x,,,",
            "acme-one,sound,7,x,,,,more",
        ]
    )
    trial = try_scores(method, text, today=date(2026, 11, 25))
    assert [(problem.row, problem.message.split(":")[0][:30]) for problem in trial.problems] == [
        (2, "product"),
        (3, "criterion"),
        (4, "score"),
        (5, "score"),
        (6, "evidence"),
        (7, "tester"),
        (8, "scored_on"),
        (9, "scored_on"),
        (11, "acme-one, sound stands in the "),
        (12, "has more cells than the file h"),
    ]
    assert len(trial.scores) == 1


def test_a_file_with_other_columns_is_refused_whole(method: MethodVersion) -> None:
    trial = try_scores(method, "produkt,score\nx,1\n", today=DAY)
    assert "has no column product, criterion, evidence" in trial.problems[0].message
    assert "'produkt'" in trial.problems[0].message
