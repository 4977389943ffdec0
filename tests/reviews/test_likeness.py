from __future__ import annotations

import pytest

from reviews.likeness import is_alike, is_same, slug_advice


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Best headsets for calls", "The Best Headset for Calls!"),
        ("Café headphones", "cafe headphones"),
        ("耳机指南", "耳机指南"),
    ],
)
def test_titles_that_say_the_same_words_are_the_same(one: str, other: str) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Best wireless headphones for commuting", "Best wireless headphones for commuters and commuting", True),
        ("Sony WH-1000XM4 review", "Sony WH-1000XM5 review", False),
        ("Best headsets 2025", "Best headsets 2026", False),
        ("Headphones versus headsets", "How to clean ear pads", False),
        ("", "", False),
    ],
)
def test_titles_are_alike_when_most_words_are(one: str, other: str, expected: bool) -> None:
    assert is_alike(one, other) is expected
    assert is_alike(other, one) is expected


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("best-headsets", ""),
        ("Best-Headsets", "small letters"),
        ("best_headsets", "small letters"),
        ("best--headsets", "a hyphen too many"),
        ("best-headsets-2026", "names a year"),
        ("2000", "names a year"),
        ("12345", "says nothing"),
        ("long-" * 18 + "slug", "94 characters"),
    ],
)
def test_a_slug_that_could_be_better_is_told_how(slug: str, said: str) -> None:
    advice = " ".join(slug_advice(slug))
    assert said in advice
    assert bool(advice) == bool(said)
