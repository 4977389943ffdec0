"""The recommender counts and shows the scores of the reviews; what is not scored is not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from recommender.advice import advise
from recommender.answers import needs_from_mapping
from recommender.rules import shipped
from recommender.selectors import candidates
from tests.factories import make_product, make_review
from tests.recommender.made import product
from tests.reviews.scored import give, make_method

MUSIC = needs_from_mapping({"activities": ["music"]})


@pytest.mark.django_db
def test_the_score_of_the_card_and_of_each_use_case_arrive_as_facts() -> None:
    method, scored = make_method(), make_product("Scored", kind="headphones")
    make_product("Plain", kind="headphones")
    give(method, scored, sound="8.0", comfort="9.0", carrying="5.0")
    make_review(scored, score="7.5")
    facts = {one.name.split()[-1]: dict(one.scores) for one in candidates(now=timezone.now()).facts}
    assert facts["Scored"][""] == Decimal("7.5")
    assert set(facts["Scored"]) - {""} == {case.key for case in method.use_cases.all()}
    assert facts["Plain"] == {}


@pytest.mark.django_db
def test_the_result_shows_the_score_with_a_link_to_the_method(client: Client) -> None:
    make_method()
    make_review(make_product("Scored", kind="headphones", type="over-ear"), score="7.5")
    html = client.get("/choose/result/", {"do": "music"}).content.decode()
    assert "Our score for this use: <strong>7.5</strong> of 10" in html
    assert 'href="/method/"' in html


def test_a_better_score_comes_first_and_an_unknown_one_is_no_bad_one() -> None:
    good, fair, none = (
        product(number, scores=scores)
        for number, scores in ((1, (("", Decimal(9)),)), (2, (("", Decimal(6)),)), (3, ()))
    )
    (found,) = advise(MUSIC, [none, fair, good], shipped(), now=timezone.now()).shortlists
    picks = {pick.product.id: pick for pick in found.confirmed}
    assert found.confirmed[0].product == good
    assert (picks[1].score, picks[2].score, picks[3].score) == (Decimal(9), Decimal(6), None)
    # what is not known may be as good as the best
    assert picks[3].utility.high >= picks[1].utility.high
    assert picks[3].utility.coverage < picks[1].utility.coverage


def test_calls_are_judged_by_the_score_for_calls() -> None:
    needs = needs_from_mapping({"activities": ["video_meetings"]})
    set_ = product(1, kind="headset", types=("business",), mic_grade="communication")
    one = replace(set_, scores=(("", Decimal(9)), ("calls", Decimal(5))))
    (found,) = advise(needs, [one], shipped(), now=timezone.now()).shortlists
    assert (*found.confirmed, *found.unconfirmed)[0].score == Decimal(5)


def test_whose_own_microphone_takes_the_calls_sees_no_score_for_calls() -> None:
    """It is one of the microphone: a pair without any would come last for a fault that is none."""
    needs = needs_from_mapping({"activities": ["video_meetings"], "will_use_separate_mic": True})
    good, fair = (
        product(number, scores=(("", overall), ("calls", calls)))
        for number, overall, calls in ((1, Decimal(9), Decimal(2)), (2, Decimal(6), Decimal(8)))
    )
    (found,) = advise(needs, [fair, good], shipped(), now=timezone.now()).shortlists
    assert [(pick.product, pick.score) for pick in found.confirmed] == [(good, Decimal(9)), (fair, Decimal(6))]
