"""What is learned from three hundred comments finds most spam, spares criticism, and says by which words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.comments.spam_trial import Trial, tried
from reviews.comments.spam_words import Example, learned, likeness, percent_of, sum_of, sums_of, words_of
from tests.reviews.spam.corpus import corpus

KEY = b"of these tests"
SAID = corpus()
EXAMPLES = [Example(is_spam, sums_of(text, KEY)) for is_spam, _, text in SAID]
WEIGHTS = learned(EXAMPLES)
# Nobody has to like what we like: each of these came from a reader, none of them is in the corpus.
CRITICISM = (
    "This is the most useless comparison on the internet and you should be ashamed of it.",
    "Utter garbage. The headset broke on day two and the shop laughed at me.",
    "You are paid by them, aren't you? Nobody sane gives this thing an eight.",
    "One star. Hurts, hisses, and the app spies on you.",
    "Der Test ist eine Frechheit, das Ding ist Schrott und ihr wisst es.",
    "C'est de la publicité déguisée, ce casque est une catastrophe.",
    "Menuda basura, no se los compréis a nadie.",
)


def test_the_corpus_is_big_enough_and_has_many_tongues() -> None:
    assert len(SAID) >= 300
    assert len({language for _, language, _ in SAID}) >= 12
    assert len({text for _, _, text in SAID}) == len(SAID)


@pytest.mark.parametrize(("percent", "precision", "recall"), [(60, 0.88, 0.88), (80, 0.95, 0.72), (90, 0.98, 0.50)])
def test_it_finds_what_it_has_not_seen(percent: int, precision: float, recall: float) -> None:
    outcome = tried(EXAMPLES).at(percent)
    assert outcome.precision is not None
    assert outcome.recall is not None
    assert outcome.precision >= precision
    assert outcome.recall >= recall


def test_each_comment_after_the_first_fifth_is_tried_once() -> None:
    outcome = tried(EXAMPLES).at(70)
    judged = outcome.spam_held + outcome.spam_passed + outcome.kept_held + outcome.kept_passed
    assert judged == len(EXAMPLES) - len(EXAMPLES) // 5
    assert Trial.read(tried(EXAMPLES).row()) == tried(EXAMPLES)


@pytest.mark.parametrize("text", CRITICISM)
def test_criticism_is_not_like_spam(text: str) -> None:
    assert likeness(text, WEIGHTS, KEY).percent < 80


def test_it_says_which_words() -> None:
    found = likeness("Best online casino with a bonus, click here, they creak", WEIGHTS, KEY)
    assert found.percent > 80
    assert "casino" in found.words
    assert not {"they", "creak"} & set(found.words)


def test_nothing_is_said_of_words_nobody_has_seen() -> None:
    assert likeness("Zxqv wrrb", WEIGHTS, KEY).percent == 50
    assert likeness("", WEIGHTS, KEY).words == ()
    assert learned([Example(is_spam=True, words=sums_of("casino", KEY))]) == {}


def test_the_order_of_what_was_decided_teaches_the_same() -> None:
    mixed = list(EXAMPLES)
    random.Random(3).shuffle(mixed)
    assert list(learned(mixed).items()) == list(WEIGHTS.items())


def test_nobody_reads_the_words_out_of_what_was_learned() -> None:
    assert sum_of("casino", KEY) != sum_of("casino", b"another")
    assert all(isinstance(word, int) and 0 <= word < 2**48 for word in WEIGHTS)


def test_words_are_cut_as_they_are_written() -> None:
    assert words_of("Win WIN ｗｉｎ 500 or 250 at https://x.example/?q=1") == ("an address", "win", "000", "or", "at")
    assert words_of("Now!!") == ("!!", "now")
    assert words_of("無料登録") == ("無料", "料登", "登録")


@given(st.text(max_size=400))
def test_whatever_is_typed_has_a_likeness(text: str) -> None:
    assert 0 <= likeness(text, WEIGHTS, KEY).percent <= 100
    assert percent_of(sums_of(text, KEY), WEIGHTS) == likeness(text, WEIGHTS, KEY).percent
