"""Which questions are asked, and what do the answers mean in needs?"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import vocabulary
from recommender.forms import read_form
from recommender.questions import BY_KEY, MOST_ASKED, QUESTIONS, Told, needs_of, seen, upcoming, with_answer

told = st.builds(
    Told,
    do=st.lists(st.sampled_from([o.value for o in BY_KEY["do"].options]), max_size=3, unique=True).map(tuple),
    budget=st.none() | st.decimals(1, 900, places=2),
    currency=st.sampled_from(["USD", "EUR"]),
    skipped=st.lists(st.sampled_from(list(BY_KEY)), max_size=3, unique=True).map(tuple),
    **{
        key: st.sampled_from(["", *(o.value for o in BY_KEY[key].options)])
        for key in ("mic", "where", "quiet", "hours", "connection", "glasses")
    },
)


def test_every_activity_offered_is_of_the_vocabulary_and_all_but_unknown_are_offered() -> None:
    offered = {option.value for option in BY_KEY["do"].options}
    assert offered == set(vocabulary.ACTIVITIES) - {"unknown"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_every_answer_can_be_read_as_needs(question: object) -> None:
    for option in question.options:  # type: ignore[attr-defined]
        assert needs_of(with_answer(Told(), question.key, option.value)) != needs_of(Told()) or option.value == "either"  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=150)
@given(told)
def test_a_state_written_as_an_address_reads_back_the_same(state: Told) -> None:
    params = QueryDict(mutable=True)
    for key, value in state.params():
        params.appendlist(key, value)
    form = read_form(params)
    assert form.remarks == ()
    assert form.told.params() == state.params()
    assert needs_of(form.told) == needs_of(state)


def test_noise_for_the_other_side_is_not_noise_for_me() -> None:
    me, them = needs_of(Told(quiet="me")), needs_of(Told(quiet="them"))
    assert (me.isolation, me.environment) == ("high", ())
    assert (them.isolation, them.environment) == ("none", ("noisy",))


def test_a_microphone_of_one_s_own_is_one_that_stays_in_use() -> None:
    needs = needs_of(Told(mic="own"))
    assert (needs.has_separate_mic, needs.will_use_separate_mic) == (True, True)


def _only(*keys: str) -> object:
    """A summary of the advice that moves with these answers alone."""

    def signature(state: Told) -> Hashable:
        return tuple(getattr(state, key) for key in keys)

    return signature


def test_only_questions_whose_answer_can_matter_are_asked() -> None:
    asked = [question.key for question in upcoming(Told(do=("music",)), _only("where"))]  # type: ignore[arg-type]
    assert asked == ["where", "budget"]


def test_never_more_than_six_are_asked() -> None:
    everything = _only(*(key for key in BY_KEY if key != "budget"))
    state, count = Told(), 0
    while waiting := upcoming(state, everything):  # type: ignore[arg-type]
        key = waiting[0].key
        state = Told(**{**_fields(state), "skipped": (*state.skipped, key)})
        count += 1
    assert count == MOST_ASKED == len(seen(state))


def _fields(state: Told) -> dict[str, object]:
    return {name: getattr(state, name) for name in Told.__dataclass_fields__}


def test_hours_between_the_offered_ones_are_understood() -> None:
    form = read_form(QueryDict("hours=4.5"))
    assert needs_of(form.told).wear_hours_per_day == Decimal("4.5")


def test_values_may_be_parted_by_commas_and_written_in_capitals() -> None:
    assert read_form(QueryDict("do=Music,Gaming Voice")).told.do == ("music", "gaming_voice")
