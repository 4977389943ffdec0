"""Each rule applies where it should and nowhere else, and says in words what would do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reviews.comments import rules as comment_rules
from reviews.comments.rules import HELD, REFUSED, Remark, judged

# Of each rule the remark that it is about; everything else about it is beyond doubt.
CASES = {
    "trap": {"fills_the_trap": True},
    "ban": {"is_banned": True},
    "refused words": {"refused_words": ("casino",)},
    "repeated here": {"is_repeated_here": True},
    "rate": {"lately": comment_rules.MOST_IN_WINDOW},
    "full": {"waiting": comment_rules.MOST_WAITING},
    "first time": {"is_known": False},
    "no address": {"has_address": False, "is_known": False},
    "links": {"links": 2},
    "words": {"held_words": ("cheap",)},
    "name": {"bears_our_name": True},
    "too fast": {"since_last": timedelta(seconds=14)},
    "repeated elsewhere": {"is_repeated_elsewhere": True},
    "learned": {"is_like_spam": True, "spam_words": ("casino",)},
}


def remark(**about: object) -> Remark:
    return Remark(**{"is_known": True, **about})  # type: ignore[arg-type]


def test_a_known_reader_with_a_plain_remark_is_shown_at_once() -> None:
    verdict = judged(remark(links=1, lately=comment_rules.MOST_IN_WINDOW - 1, since_last=timedelta(seconds=15)))
    assert (verdict.refused, verdict.held) == (None, ())


def test_every_rule_has_its_case() -> None:
    assert set(CASES) == {rule.key for rule in (*REFUSED, *HELD)}


@pytest.mark.parametrize("key", CASES)
def test_each_rule_alone_decides_and_says_why(key: str) -> None:
    verdict = judged(remark(**CASES[key]))
    found = [verdict.refused] if verdict.refused else list(verdict.held)
    assert [reason.key for reason in found] == [key]
    assert found[0].words.endswith(".")
    assert len(found[0].words) > 30


def test_what_is_refused_is_refused_whatever_else_would_have_it_wait() -> None:
    verdict = judged(remark(**CASES["ban"], **CASES["links"]))
    assert verdict.refused is not None
    assert verdict.refused.key == "ban"


def test_all_reasons_to_wait_are_told() -> None:
    assert [reason.key for reason in judged(remark(links=5, held_words=("x",), is_known=False)).held] == [
        "first time",
        "links",
        "words",
    ]


def test_a_full_queue_of_one_article_is_told_as_that() -> None:
    verdict = judged(remark(waiting_here=comment_rules.MOST_WAITING_HERE))
    assert verdict.refused is not None
    assert "this article" in verdict.refused.words
