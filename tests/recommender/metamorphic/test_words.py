"""However a thing is called or written, it is the same thing: MC-17."""

from __future__ import annotations

import pytest

from recommender.answers import needs_from_mapping
from recommender.reading_text import needs_from_text
from recommender.synonyms import SYNONYMS
from tests.recommender.lives import LIVES

TEXTS = [life["text"] for life in LIVES]


@pytest.mark.parametrize(("other", "ours"), sorted(SYNONYMS.items()))
def test_mc_17_a_synonym_is_the_activity_it_stands_for(other: str, ours: str) -> None:
    for spelt in (other, other.upper(), other.replace("_", " "), other.replace("_", "-").title(), f"  {other} "):
        assert needs_from_mapping({"activities": [spelt]}) == needs_from_mapping({"activities": [ours]})


def test_mc_17_podcasting_alone_leads_to_a_question() -> None:
    assert needs_from_mapping({"activities": ["podcasting"]}).unknown_activities == ("podcasting",)


@pytest.mark.parametrize("text", TEXTS, ids=[life["id"] for life in LIVES])
def test_mc_17_spaces_and_small_letters_do_not_change_what_is_read(text: str) -> None:
    read = needs_from_text(text)
    assert needs_from_text(text.replace(" ", "  ")) == read
    assert needs_from_text(f"  {text}\n") == read


@pytest.mark.parametrize("amount", ["$120", "120$", "120 $", "120 dollars", "120 USD", "USD 120", "us$120"])
def test_mc_17_wherever_the_sign_of_the_currency_stands(amount: str) -> None:
    budget = needs_from_text(f"Music at home, {amount} at most.").budget
    assert budget is not None
    assert (budget.maximum, budget.currency) == (120, "USD")
