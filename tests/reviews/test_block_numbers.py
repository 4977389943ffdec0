from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.block_numbers import numbers_of, with_numbers


def text(words: str) -> dict[str, Any]:
    return {"kind": "prose", "data": {"html": words}, "products": []}


def card(product: int, badge: str = "") -> dict[str, Any]:
    return {"kind": "product_card", "data": {"badge": badge}, "products": [product]}


def table(*products: int, title: str = "Side by side") -> dict[str, Any]:
    return {"kind": "comparison", "data": {"title": title}, "products": list(products)}


def published(*revisions: list[dict[str, Any]]) -> dict[str, Any]:
    """The last of these contents, each published after the one before it."""
    content: dict[str, Any] | None = None
    for blocks in revisions:
        content = with_numbers({"article": {}, "blocks": blocks}, before=content)
    assert content is not None
    return content


def numbers(*revisions: list[dict[str, Any]]) -> list[int]:
    return numbers_of(published(*revisions)["blocks"])


def test_blocks_are_counted_at_first_and_nothing_more_is_stored() -> None:
    content = published([text("a"), card(1)])
    assert content == {"article": {}, "blocks": [text("a"), card(1)]}
    assert numbers_of(content["blocks"]) == [1, 2]


def test_an_unchanged_article_is_the_same_content_again() -> None:
    first = [text("a"), card(1), card(2)]
    moved = [card(2), text("a")]
    assert published(first, first) == published(first)
    assert published(first, moved, moved) == published(first, moved)


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ([card(2), card(1), text("a")], [3, 2, 1]),
        ([text("new"), text("a"), card(1), card(2)], [4, 1, 2, 3]),
        ([text("a"), card(2)], [1, 3]),
        ([text("a"), card(1, "Best"), card(2)], [1, 2, 3]),
        ([text("rewritten"), card(1), card(2)], [1, 2, 3]),
        ([text("a"), card(9), card(2)], [1, 4, 3]),
        ([text("a"), table(1, 2), card(2)], [1, 4, 3]),
    ],
    ids=["moved", "one before", "one less", "edited", "rewritten", "another product", "another kind"],
)
def test_a_block_keeps_its_number(then: list[dict[str, Any]], expected: list[int]) -> None:
    assert numbers([text("a"), card(1), card(2)], then) == expected


def test_a_table_that_gains_a_product_is_the_same_table() -> None:
    assert numbers([table(1, 2), table(3, 4, title="Cheap")], [table(3, 4, title="Cheap"), table(1, 2, 5)]) == [2, 1]


def test_a_number_is_never_given_to_another_block() -> None:
    # the second is taken out, then a stranger comes: it must not inherit its clicks
    assert numbers([card(1), card(2)], [card(1)], [card(1), card(3)]) == [1, 3]
    assert numbers([card(1), card(2)], [], [card(3)], [card(3), card(4)]) == [3, 4]


@given(
    st.lists(st.lists(st.sampled_from([text("a"), text("b"), card(1), card(2), table(1, 2)]), max_size=6), min_size=1)
)
def test_numbers_never_repeat_and_equal_blocks_never_change_theirs(revisions: list[list[dict[str, Any]]]) -> None:
    content: dict[str, Any] | None = None
    for blocks in revisions:
        before, content = content, with_numbers({"article": {}, "blocks": blocks}, before=content)
        found = numbers_of(content["blocks"])
        assert len(set(found)) == len(found)
        assert [
            {key: value for key, value in block.items() if key != "number"} for block in content["blocks"]
        ] == blocks
        if before is not None:
            highest = max(len(before["blocks"]), before.get("numbers_given", 0))
            old = set(numbers_of(before["blocks"]))
            assert all(number in old or number > highest for number in found)
