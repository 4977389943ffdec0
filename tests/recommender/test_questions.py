"""Which questions are there, and does every answer of theirs mean something in needs?"""

from __future__ import annotations

import pytest

from recommender import vocabulary
from recommender.details import DETAILS, PLACES
from recommender.questions import BY_KEY, QUESTIONS, Question
from recommender.told import Told, answered, needs_of


def test_every_activity_offered_is_of_the_vocabulary_and_all_but_unknown_are_offered() -> None:
    offered = {option.value for option in BY_KEY["do"].options}
    assert offered == set(vocabulary.ACTIVITIES) - {"unknown"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_every_answer_can_be_read_as_needs(question: Question) -> None:
    for option in question.options:
        assert needs_of(answered(Told(), question.key, [option.value])) != needs_of(Told()) or option.value == "either"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_the_chances_of_answers_name_each_answer_and_come_to_a_hundred(question: Question) -> None:
    if question.chances:
        assert list(question.chances) == [option.value for option in question.options]
        assert sum(question.chances.values()) == 100


def test_no_two_parameters_of_an_address_have_the_same_name() -> None:
    names = [*BY_KEY, *(detail.key for detail in DETAILS), "other", "skip", "without", "ask", "asked", "country"]
    assert len(names) == len(set(names))


def test_every_place_and_every_value_of_a_detail_has_words() -> None:
    assert set(PLACES) == set(vocabulary.ENVIRONMENTS)
    assert all(label and "_" not in label for detail in DETAILS for _, label in detail.options)
