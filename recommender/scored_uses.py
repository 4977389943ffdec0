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


# Who speaks into something else, or not at all, asks of a product what a listener asks of it.
_JUDGES_THE_MICROPHONE = "calls"
_LISTENING_ONLY = ("met", "none", "forbidden")


def use_case_of(needs: Needs, speech_need: str) -> str | None:
    """That of the largest activity; None while no use was named. `speech_need` is the fact of this name: the score for
    calls is mostly one of the microphone, so it says nothing to those who need none in the product."""
    if not needs.activities:
        return None
    main = min(needs.activities, key=lambda activity: (-activity.weight, activity.name))
    found = USE_CASES.get(main.name, OVERALL)
    return OVERALL if found == _JUDGES_THE_MICROPHONE and speech_need in _LISTENING_ONLY else found
