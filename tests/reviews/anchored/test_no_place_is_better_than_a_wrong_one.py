"""What could be meant twice, stood elsewhere before, or is only a little alike is not taken for the passage."""

from __future__ import annotations

import pytest

from reviews.passages.anchoring import Quote, place_of
from reviews.passages.marked_words import indexed

PADS = "The pads are soft. The band is thin and does not press."


def test_the_same_words_twice_in_like_company_are_nobodys() -> None:
    text = indexed({"a": "It is warm.", "b": "It is warm."})
    assert place_of(Quote(exact="It is warm"), text) is None


def test_the_block_decides_between_equals() -> None:
    text = indexed({"a": "It is warm.", "b": "It is warm."})
    place = place_of(Quote(exact="It is warm", block="b"), text)
    assert place is not None
    assert place.block == "b"


@pytest.mark.parametrize("words", ["pads", "The band", "soft"])
def test_a_few_words_that_were_deleted_are_not_found_in_another_sentence(words: str) -> None:
    before = indexed({"a": f"{PADS} Elsewhere the pads of the band are soft."})
    own = place_of(Quote(exact=words, block="a", start=PADS.index(words), prefix="", suffix=""), before)
    start = PADS.index(words)
    quote = Quote(exact=words, block="a", start=start, prefix=PADS[:start], suffix=PADS[start + len(words) :][:60])
    after = indexed({"a": "Elsewhere the pads of the band are soft."})
    assert place_of(quote, after, before=before) is None
    assert own is None or own.start == start


def test_a_sentence_like_it_that_was_there_before_is_another_one() -> None:
    one = "The Acme One weighs 250 grams and folds flat into its case."
    two = "The Acme Two weighs 254 grams and folds flat into its case."
    before = indexed({"a": one, "b": two})
    quote = Quote(exact=one[:-1], block="a", start=0)
    assert place_of(quote, indexed({"b": two}), before=before) is None
    new = indexed({"a": one.replace("250", "252"), "b": two})
    place = place_of(quote, new, before=before)
    assert place is not None
    assert place.block == "a"


def test_what_has_no_word_is_found_nowhere() -> None:
    assert place_of(Quote(exact="… – !"), indexed({"a": PADS})) is None
    assert place_of(Quote(exact="pads"), indexed({})) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("האוזניות נוחות מאוד גם אחרי שעתיים", "האוזניות נוחות מאד גם אחרי שעתיים של נסיעה"),
        ("佩戴两小时以后左耳垫会发热", "佩戴三小时以后左耳垫会发热"),
        ("Die Polster werden nach zwei Stunden warm", "Die Polster werden schon nach zwei Stunden recht warm"),
    ],
)
def test_other_scripts_and_languages_follow_their_edits(old: str, new: str) -> None:
    before = indexed({"a": f"{old}.", "b": PADS})
    place = place_of(Quote(exact=old, block="a", start=0), indexed({"b": PADS, "a": f"{new}."}), before=before)
    assert place is not None
    assert place.block == "a"


def test_a_word_in_a_new_sentence_is_not_the_one_that_was_deleted() -> None:
    before = indexed({"a": PADS, "b": "It folds."})
    quote = Quote(exact="pads", block="a", start=4, prefix="The ", suffix=" are soft. The band is thin")
    after = indexed({"b": "It folds. Spare pads cost 20 dollars and take a minute to change."})
    assert place_of(quote, after, before=before) is None
