"""Twenty edits in a row: at least 95 of 100 passages are found again, and not one in a wrong place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviews.blocks import BLOCKS
from reviews.passages import sentences
from reviews.passages.anchoring import Place, Quote, is_same, is_still, place_of
from reviews.passages.marked_words import IndexedText, block_texts, indexed, words_of
from tests.reviews.anchored.edits import EDITS, PHRASES, Block

ARTICLE = Path(__file__).parents[3] / "demo" / "articles" / "headphones-versus-headsets.yaml"


@dataclass(frozen=True)
class Kept:
    """A passage: as it was marked, where it stood last, and the words it has to be found with ("": it is gone)."""

    first: str
    last: Quote
    expected: str


def _blocks() -> list[Block]:
    told = yaml.safe_load(ARTICLE.read_text())
    return [
        {"key": f"b{number}", "kind": block["kind"], "data": block["data"]}
        for number, block in enumerate(told["blocks"])
    ]


def _text(blocks: list[Block]) -> IndexedText:
    return indexed(block_texts((one["key"], BLOCKS[one["kind"]].fields, one["data"]) for one in blocks))


def _marked(blocks: list[Block], text: IndexedText) -> Iterator[Kept]:
    said = [sentence for one in blocks for sentence in sentences(BLOCKS[one["kind"]].fields, one["data"])]
    for words in (*said, *PHRASES):
        runs = text.runs(words_of(words))
        if len(runs) == 1:
            place = place_of(Quote(exact=words, block=text.words[runs[0]].block, start=text.words[runs[0]].start), text)
            # A passage of few words is marked with its neighbours, as a selection is.
            found = place or _at(text, runs[0], len(words_of(words)))
            yield Kept(words, _quote(found), words)


def _at(text: IndexedText, first: int, length: int) -> Place:
    begin, end = text.words[first], text.words[first + length - 1]
    whole = text.texts[begin.block]
    return Place(
        block=begin.block, start=begin.start, end=end.end, exact=whole[begin.start : end.end],
        prefix=whole[max(0, begin.start - 64) : begin.start], suffix=whole[end.end : end.end + 64], confidence=1.0,
    )  # fmt: skip


def _quote(place: Place) -> Quote:
    return Quote(exact=place.exact, prefix=place.prefix, suffix=place.suffix, block=place.block, start=place.start)


def _outcome(one: Kept, place: Place | None) -> str:
    """right, missed (it is there and was not found) or wrong (found where it is not)."""
    if place is None:
        return "right" if not one.expected else "missed"
    if not one.expected:
        return "wrong"
    if is_same(place.exact, one.expected):
        return "right"
    # Of a reworded one the bounds may differ by a word or two; it has to be that sentence and the most of it.
    wanted, found = words_of(one.expected), words_of(place.exact)
    inside = sum(word in wanted for word in found)
    return "right" if inside >= 0.8 * len(found) and inside >= 0.7 * len(set(wanted)) else "wrong"


def _run() -> Iterator[tuple[str, str, Kept, Place | None]]:
    """Each passage after each edit: (edit, outcome, passage, place)."""
    blocks = _blocks()
    text = _text(blocks)
    kept = list(_marked(blocks, text))
    for edit in EDITS:
        before, blocks = text, copy.deepcopy(blocks)
        edit.change(blocks)
        text = _text(blocks)
        following = []
        for one in kept:
            wanted = replace(one, expected=edit.became.get(one.expected, one.expected))
            place = place_of(one.last, text, before=before)
            yield edit.name, _outcome(wanted, place), wanted, place
            following.append(replace(wanted, last=_quote(place)) if place else wanted)
        kept = following


@pytest.fixture(scope="module")
def outcomes() -> list[tuple[str, str, Kept, Place | None]]:
    return list(_run())


def test_there_are_twenty_edits_and_many_passages(outcomes: list[Any]) -> None:
    assert len(EDITS) >= 20
    assert len(outcomes) / len(EDITS) >= 200


def test_no_passage_is_ever_found_in_a_wrong_place(outcomes: list[tuple[str, str, Kept, Place | None]]) -> None:
    wrong = [(edit, one.expected or one.first, place) for edit, outcome, one, place in outcomes if outcome == "wrong"]
    assert wrong == []


def test_ninety_five_of_a_hundred_are_found_again(outcomes: list[tuple[str, str, Kept, Place | None]]) -> None:
    touched = {edit.name: set(edit.became) for edit in EDITS}
    by_edit = {edit.name: [outcome for name, outcome, _, _ in outcomes if name == edit.name] for edit in EDITS}
    for name, found in by_edit.items():
        share = found.count("right") / len(found)
        print(
            f"{share:7.1%} of {len(found)} right, {found.count('wrong')} wrong: {name} ({len(touched[name])} changed)"
        )
        assert share >= 0.95, name


def test_what_an_edit_reworded_is_found_too(outcomes: list[tuple[str, str, Kept, Place | None]]) -> None:
    """Most passages are not touched by an edit, so those that are get counted for themselves."""
    reworded = {(edit.name, new) for edit in EDITS for new in edit.became.values() if new}
    found = [outcome for edit, outcome, one, _ in outcomes if (edit, one.expected) in reworded]
    assert len(found) >= 7
    assert found.count("right") / len(found) >= 0.85


def test_what_was_marked_and_stands_still_is_known_for_itself() -> None:
    assert is_still("The cups are small and warm.", "The cups are rather small, and warm.")
    assert not is_still("The cups are small and warm.", "Batteries last two days.")
