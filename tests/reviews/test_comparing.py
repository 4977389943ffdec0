from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviews.comparing import Comparison, Names, compare
from reviews.word_changes import ADDED, REMOVED, SAME, reading_text, word_changes

NAMES = Names(products={1: "Acme One", 2: "Acme Two"}, people={"ada": "Ada Field"}, labels={"title": "Title"})


def prose(key: str, words: str) -> dict[str, Any]:
    return {"key": key, "kind": "prose", "data": {"html": f"<p>{words}</p>"}, "products": []}


def content(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"article": {"title": "A guide", **fields}, "blocks": list(blocks)}


def compared(one: dict[str, Any], other: dict[str, Any]) -> Comparison:
    return compare(one, other, NAMES)


def told(found: Comparison) -> list[tuple[str, tuple[str, ...]]]:
    return [(block.title, block.states) for block in found.changed_blocks]


def test_what_is_the_same_says_so() -> None:
    assert compared(content(prose("a", "x")), content(prose("a", "x"))).is_same


def test_a_field_is_told_word_by_word() -> None:
    found = compared(content(title="A quiet guide"), content(title="A loud guide"))
    (change,) = found.fields
    assert change.label == "Title"
    assert [(piece.kind, piece.text) for piece in change.pieces] == [
        (SAME, "A"), (REMOVED, " quiet"), (ADDED, " loud"), (SAME, " guide"),
    ]  # fmt: skip


def test_people_and_products_are_named_and_what_was_deleted_says_so() -> None:
    found = compared(content(author="gone", subject=1), content(author="ada", subject=7))
    assert [[piece.text for piece in change.pieces] for change in found.fields] == [
        ["gone", "Ada Field"],
        ["Acme One", "product 7, which was deleted"],
    ]


def test_blocks_are_added_removed_and_changed_by_their_keys() -> None:
    found = compared(
        content(prose("a", "one"), prose("b", "two"), prose("c", "three")),
        content(prose("a", "one"), prose("c", "three and more"), prose("d", "four")),
    )
    assert told(found) == [
        ("Block 2 (Text)", ("removed",)),
        ("Block 3 → 2 (Text)", ("changed",)),
        ("Block 3 (Text)", ("added",)),
    ]


def test_only_the_block_that_was_moved_is_said_to_have_moved() -> None:
    one, two, three, four = (prose(key, key * 3) for key in "abcd")
    assert told(compared(content(one, two, three, four), content(four, one, two, three))) == [
        ("Block 4 → 1 (Text)", ("moved",))
    ]


def test_a_block_may_be_moved_and_changed_at_once() -> None:
    found = compared(content(prose("a", "one"), prose("b", "two")), content(prose("b", "twos"), prose("a", "one")))
    assert ("Block 2 → 1 (Text)", ("moved", "changed")) in told(found) or ("Block 1 → 2 (Text)", ("moved",)) in told(
        found
    )


def test_contents_from_before_blocks_had_keys_are_matched_by_likeness() -> None:
    old = {name: value for name, value in prose("", "words").items() if name != "key"}
    assert compared(content(old), content(prose("a", "words"))).is_same


def test_another_key_is_another_block_unless_it_says_the_same() -> None:
    assert [states for _, states in told(compared(content(prose("a", "x")), content(prose("b", "y"))))] == [
        ("removed",),
        ("added",),
    ]
    assert compared(content(prose("a", "x")), content(prose("b", "x"))).is_same


def test_rows_are_told_with_their_columns() -> None:
    def scores(score: str) -> dict[str, Any]:
        rows = [{"criterion": "Sound", "score": score, "weight": "60", "note": ""}]
        return {"key": "a", "kind": "scores", "data": {"rows": rows}, "products": [1]}

    found = compared(content(scores("8.0")), content(scores("3.0")))
    (change,) = found.changed_blocks[0].fields
    text = "".join(piece.text for piece in change.pieces if piece.kind != REMOVED)
    assert text.startswith("1. ")
    assert "3.0" in text
    assert "Sound" in text


def test_a_change_of_form_alone_is_said_in_words() -> None:
    bold = {**prose("a", ""), "data": {"html": "<p><strong>x</strong></p>"}}
    (block,) = compared(content(prose("a", "x")), content(bold)).changed_blocks
    assert block.fields[0].note == "The words are the same; their form changed."


def test_the_target_of_a_link_is_part_of_what_is_read() -> None:
    assert (
        reading_text('<h2>A &amp; b</h2><p>See <a href="product:x">this</a>.</p>') == "## A & b\nSee this (product:x)."
    )


def test_a_kind_that_is_not_installed_and_spoilt_data_are_compared_too() -> None:
    odd = {"key": "a", "kind": "carousel", "data": {"x": [1]}, "products": [9]}
    assert told(compared(content(odd), content({**odd, "data": "spoilt"}))) == [("Block 1 (carousel)", ("changed",))]


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_out_of_their_changes(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after
