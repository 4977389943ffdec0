"""Each thing that was understood names the words it comes from; words that told nothing are named too."""

from __future__ import annotations

import time

import pytest

from recommender.words_behind import MOST_PARTS, facts_of, understood

SAID = (
    "I do video calls all day in an open-plan office, I wear glasses, and my cousin likes purple curtains."
    " Under 120 euros."
)


def test_each_fact_comes_from_its_words() -> None:
    found = understood(SAID)
    words = {fact: " ".join(parts) for fact, parts in found.words.items()}
    assert "glasses" in words["glasses", "yes"]
    assert "120 euros" in words["budget", "120EUR"]
    assert "video calls" in words["do", "video_meetings"]
    assert set(words) == set(facts_of(found.told))


def test_what_told_nothing_is_named() -> None:
    found = understood(SAID)
    assert any("purple curtains" in part for part in found.unread)
    assert not any("glasses" in part for part in found.unread)


def test_greetings_and_thanks_are_not_blamed() -> None:
    assert understood("Hi, I need something for music, please. Thanks!").unread == ()


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "<script>alert(1)</script>", "שלום עולם", "a" * 5000, ". , ; :"])
def test_a_text_that_says_nothing_tells_nothing(text: str) -> None:
    assert understood(text).words == {}


def test_a_long_text_is_read_in_few_parts() -> None:
    text = "Video calls all day, music on the train, and glasses too. " * 35
    began = time.perf_counter()
    found = understood(text[:2000])
    assert time.perf_counter() - began < 3
    assert max(len(parts) for parts in found.words.values()) <= MOST_PARTS
    assert ("do", "video_meetings") in found.words


def test_the_state_holds_no_word_of_the_text() -> None:
    found = understood("I am Ann from Springfield and I listen to podcasts.")
    assert "springfield" not in str(found.told.params()).lower()
