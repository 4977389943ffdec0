"""Which use case of the scoring method speaks for what a shopper does? The empty word is the overall of a review.

Use cases are named by editors; these are the names under which we look for them. A use case the method does not have
leaves its score unknown, which is never worse or better than anything.
"""

from __future__ import annotations

from types import MappingProxyType

from recommender.answers import Needs
from recommender.vocabulary import ACTIVITY_GROUPS

OVERALL = ""

_GAMES = ("gaming_voice", "gaming_solo", "gaming_unknown")
_ROAD = ("commuting", "travel_passenger")
USE_CASES: MappingProxyType[str, str] = MappingProxyType(
    {
        **dict.fromkeys(ACTIVITY_GROUPS["speaking"], "calls"),
        **dict.fromkeys(_GAMES, "gaming"),
        **dict.fromkeys(_ROAD, "commuting"),
    }
)


def use_case_of(needs: Needs) -> str | None:
    """That of the largest activity; None while no use was named."""
    if not needs.activities:
        return None
    main = min(needs.activities, key=lambda activity: (-activity.weight, activity.name))
    return USE_CASES.get(main.name, OVERALL)
