"""What changes nothing about what was said: letter case, spaces, where the currency stands, a slip of one letter."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from recommender.answers import Needs
from recommender.engine import decide
from recommender.reading_text import needs_from_text
from recommender.reading_text.clauses import reading_of
from recommender.reading_text.lexicon import lexicon
from recommender.reading_text.tokens import words_of
from recommender.rules import load
from tests.recommender.lives import LIVES, MORE_LIVES, SIBLINGS

TEXTS = {life["id"]: life["text"] for life in [*LIVES, *MORE_LIVES, *SIBLINGS]}
AMOUNT = re.compile(r"(?<![\d.,])(\d+) (dollars|euros|pounds)\b(?! ?(?:canadian|each))")
SIGNS = {"dollars": "$", "euros": "€", "pounds": "£"}
CODES = {"dollars": "USD", "euros": "EUR", "pounds": "GBP"}
FIGURES: dict[str, Any] = {"budget": None, "wear_hours_per_day": None, "age": None}
# Names are spelt as people like; a slip in them is told by nobody.
WORD = re.compile(r"\b[a-z]{7,}\b")
NAMES = {"chanel"}


def advice(needs: Needs) -> tuple[object, ...]:
    """What a reader would notice of a decision."""
    found = decide(needs, load())
    return (found.kind, found.types, found.facets, found.must_have, found.excluded, found.outcome)


def changed(change: Callable[[str], str]) -> list[str]:
    """Whose text is read as something else when it is typed in another way."""
    typed = {name: (text, change(text)) for name, text in TEXTS.items()}
    return [
        name
        for name, (text, other) in typed.items()
        if other != text and needs_from_text(other) != needs_from_text(text)
    ]


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda text: f"  {text.replace(' ', '   ')}\t",
        lambda text: text.replace("'", "’"),
        lambda text: AMOUNT.sub(lambda hit: f"{SIGNS[hit[2]]}{hit[1]}", text),
        lambda text: AMOUNT.sub(lambda hit: f"{hit[1]} {SIGNS[hit[2]]}", text),
        lambda text: AMOUNT.sub(lambda hit: f"{CODES[hit[2]]} {hit[1]}", text),
    ],
    ids=["capitals", "small letters", "wide spaces", "curly quotes", "sign before", "sign behind", "code before"],
)
def test_mc17_how_it_is_typed_changes_nothing(change: Callable[[str], str]) -> None:
    assert changed(change) == []


def slips(text: str, chance: random.Random) -> list[str]:
    """The text with one letter of one long word doubled, left out or swapped with its neighbour, a word at a time."""
    found = []
    for hit in WORD.finditer(text):
        word, place = hit.group(), chance.randrange(1, len(hit.group()) - 2)
        left, letter, right = word[:place], word[place], word[place + 1 :]
        typed = chance.choice([left + letter + letter + right, left + right, left + right[:1] + letter + right[1:]])
        if typed != word:
            found.append(text[: hit.start()] + typed + text[hit.end() :])
    return found


def makes_another_word(text: str, typed: str) -> bool:
    """Baking for backing, Chanel for channel: nobody can see that such a word is a slip."""
    pairs = zip(words_of(text.lower()), words_of(typed.lower()), strict=False)
    changed_word = next((other for word, other in pairs if word != other), "")
    return changed_word in lexicon().words or changed_word in NAMES


def test_mc17_a_slip_of_one_letter_changes_no_decision_where_the_word_can_still_be_recognised() -> None:
    chance = random.Random(17)
    recognised = told = 0
    for text in TEXTS.values():
        needs, words = needs_from_text(text), [clause.words for clause in reading_of(text).clauses]
        for typed in slips(text, chance):
            if makes_another_word(text, typed):
                continue
            told += 1
            other = needs_from_text(typed)
            assert other == needs or advice(other) == advice(needs), typed
            if [clause.words for clause in reading_of(typed).clauses] == words:
                recognised += 1
                # amounts, ages and times are read letter by letter
                assert replace(other, **FIGURES) == replace(needs, **FIGURES), typed
    assert told > 1000
    assert recognised > told / 3


@pytest.mark.parametrize(
    ("say", "gone"),
    [
        ("I {} take calls. I hear jazz on the sofa.", "phone_calls"),
        ("I {} have Teams meetings. I hear jazz on the sofa.", "video_meetings"),
        ("I {} dictate. I hear jazz on the sofa.", "dictation"),
        ("I {} answer customers by phone and I hear jazz on the sofa.", "customer_support"),
        ("I {} work in a call centre. I hear jazz on the sofa.", "call_centre"),
        ("I {} stream on Twitch. I hear jazz on the sofa.", "streaming_live"),
    ],
)
@pytest.mark.parametrize("never", ["never", "do not", "don't", "dont", "no longer", "used to"])
def test_mc18_the_insertion_of_never_takes_an_activity_away_and_moves_only_towards_headphones(
    say: str, gone: str, never: str
) -> None:
    towards = ["headset", "either", "headphones"]
    before, after = needs_from_text(say.format("").replace("  ", " ")), needs_from_text(say.format(never))
    assert gone in {activity.name for activity in before.activities}
    assert gone not in {activity.name for activity in after.activities}
    first, then = decide(before, load()), decide(after, load())
    assert towards.index(then.kind) >= towards.index(first.kind)
    assert not {"FAQ-1", "UHS-2", "UHS-3", "UHS-5"} & {rule.rule_id for rule in then.fired}
