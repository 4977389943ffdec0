"""Which words is a text made of? Thoughts and words in one plain spelling, whatever the keyboard did."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

STOPS = re.compile(
    r"[;:!?()\n]+|\.{2,}|[.,](?!\d)|\s-\s|"
    # "anything but Sony" is one thought
    r"(?<!anything )(?<!nothing )\bbut\b|\b(?:though|although|however|whereas|yet)\b"
)
FULL_STOPS = frozenset(";!?.\n")
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[%&]")
# w/o wires, w/ a mic
SLASHED = re.compile(r"\b[wW]/([oO]\b)?")
# What stands before teams of people; else Teams is the programme one meets in.
_OF_PEOPLE = (
    r"the|my|our|your|his|her|their|two|three|four|five|six|seven|eight|both|all|other|sports?|football|sales|dev|remote|of|home|away|"
    r"different|several|many|some|these|those|national|local|opposing|between|software|support|management|youth|school|rescue|with|"
    r"distributed|scattered|international|global|virtual|small|big|large|new|old|field|nursing|medical|care|ms|microsoft|rival|winning|"
    r"losing|lead|leading|manage|managing|run|running|coach|coaching|pub|quiz"
)
TEAMS = re.compile(rf"((?:^|[.,;:!?(]\s*|\b(?!(?:{_OF_PEOPLE})\b)[\w']+ )\(?)teams\b(?! (?:of|in five|across))")
IS_AFTER = frozenset(("it", "he", "she", "that", "what", "there", "who", "here", "where", "this"))
ENDINGS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will"}
WHOLE = frozenset(
    ("news", "always", "this", "his", "was", "has", "does", "plus", "less", "yes", "its", "us", "as", "is")
)
WHOLE |= {"glasses", "lens", "gas", "bass", "perhaps", "besides", "whereas", "series", "dies", "lies", "ties", "specs"}


@dataclass(frozen=True, slots=True)
class Thought:
    """The words of one clause; `opens` is true when a sentence starts with it."""

    words: tuple[str, ...]
    opens: bool


def plain(text: str) -> str:
    """Lower case, straight quotes, single spaces."""
    straight = text.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", ", ")
    straight = SLASHED.sub(lambda hit: "without" if hit[1] else "with ", straight)
    return " ".join(straight.lower().split())


def meeting_programme(text: str) -> str:
    """The text with its maker's name before Teams, which tells it from teams of people: `half the day teams`."""
    return TEAMS.sub(r"\1ms teams", text)


def thoughts(text: str) -> list[Thought]:
    """The clauses of a plain text: split at stops, commas and turning words, not inside numbers such as 1,200."""
    found, begin, opens = [], 0, True
    for stop in [*STOPS.finditer(text), None]:
        part = text[begin : stop.start() if stop else len(text)]
        words = tuple(words_of(part))
        if words:
            found.append(Thought(words, opens))
            opens = False
        if stop is not None:
            begin = stop.end()
            opens = opens or any(mark in FULL_STOPS for mark in stop.group())
    return found


def unaccented(text: str) -> str:
    """Dvořák and Dvorak, café and cafe: one spelling."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def words_of(text: str) -> Iterator[str]:
    """Words in plain form: "don't" is "do not", "she's" is "she is", plurals and doubled spellings are one word."""
    for hit in WORD.finditer(unaccented(text)):
        yield from _taken_apart(hit.group())


def _taken_apart(word: str) -> Iterator[str]:
    if "'" not in word:
        yield singular(word)
    elif word.endswith("n't"):
        stem = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}.get(word[:-3], word[:-3])
        yield from (singular(stem), "not")
    else:
        stem, mark, ending = word.partition("'")
        yield singular(stem)
        if mark + ending in ENDINGS:
            yield ENDINGS[mark + ending]
        elif ending == "s" and stem in IS_AFTER:
            yield "is"


def singular(word: str) -> str:
    """Calls and call, movies and movie, classes and class: one form. It need not be a word, only the same one."""
    if len(word) <= 3 or word in WHOLE or not word.isalpha():
        return word
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("ie"):
        return word[:-2] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(word: str) -> str:
    """One way to write several of it; `singular` leads back to the word."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"
