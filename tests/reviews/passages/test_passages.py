"""Sentences of a block, as an editor chooses from them, and whether they still stand."""

from __future__ import annotations

from reviews.blocks import BLOCKS
from reviews.passages import LONGEST, sentences, stands


def of(kind: str, **data: object) -> tuple[str, ...]:
    return sentences(BLOCKS[kind].fields, data)


def test_formatted_text_is_cut_into_sentences_without_its_tags() -> None:
    html = "<h2>Price</h2><p>It is <b>cheap</b>. Under $50.00, e.g. at North! Really?</p><ul><li>Light</li></ul>"
    assert of("prose", html=html) == ("Price", "It is cheap.", "Under $50.00, e.g. at North!", "Really?", "Light")


def test_rows_and_lines_are_read_too() -> None:
    assert of("pros_cons", pros=["Light"], cons=["Dear", "Warm"]) == ("Light", "Dear", "Warm")
    rows = [{"question": "Is it cheap?", "answer": "Yes. Under 50."}]
    assert of("faq", title="", items=rows)[0] == "Is it cheap?"


def test_what_is_longer_than_a_watch_holds_is_cut_at_a_word() -> None:
    (found,) = of("prose", html=f"<p>{'word ' * 100}</p>")
    assert len(found) <= LONGEST
    assert found.endswith("word")


def test_a_passage_stands_over_sentences_whatever_its_spaces_and_case() -> None:
    written = ("It is cheap.", "Under 50.")
    assert stands("is  CHEAP. under", written)
    assert not stands("dear", written)
