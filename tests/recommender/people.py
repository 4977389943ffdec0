"""Needs of made-up people, for tests that must hold for everybody."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from recommender import vocabulary

NAMES = st.sampled_from(vocabulary.ACTIVITIES)
WEIGHTS = st.sampled_from([0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1])


def activities(names: st.SearchStrategy[str] = NAMES) -> st.SearchStrategy[dict[str, float]]:
    return st.dictionaries(names, WEIGHTS, min_size=1, max_size=4)


def mappings(names: st.SearchStrategy[str] = NAMES) -> st.SearchStrategy[dict[str, Any]]:
    """Needs in the vocabulary's words; any field may be missing."""
    flags = st.booleans() | st.none()
    return st.fixed_dictionaries(
        {"activities": activities(names)},
        optional={
            "environment": st.lists(st.sampled_from(vocabulary.ENVIRONMENTS), max_size=3, unique=True),
            "platforms": st.lists(st.sampled_from(vocabulary.PLATFORMS), max_size=2, unique=True),
            "connectors": st.lists(st.sampled_from(vocabulary.CONNECTORS), max_size=2, unique=True),
            "budget": st.fixed_dictionaries(
                {"max": st.integers(1, 900), "currency": st.sampled_from(["USD", "EUR", "GBP", "XXX"])}
            ),
            "mic_need": st.sampled_from(vocabulary.MIC_NEEDS),
            "has_separate_mic": flags,
            "will_use_separate_mic": flags,
            "isolation": st.sampled_from(vocabulary.ISOLATION),
            "awareness": st.sampled_from(vocabulary.AWARENESS),
            "wear_hours_per_day": st.integers(0, 12),
            "portability": st.sampled_from(vocabulary.PORTABILITY),
            "connection": st.sampled_from(vocabulary.CONNECTION),
            "sound_priority": st.sampled_from(vocabulary.SOUND_PRIORITY),
            "user": st.fixed_dictionaries(
                {}, optional={"age": st.integers(4, 80), "glasses": st.booleans(), "hearing_aids": st.booleans()}
            ),
            "hearing": st.fixed_dictionaries({}, optional={"limit": st.sampled_from(vocabulary.HEARING_LIMITS)}),
        },
    )
