"""Which features does the text ask for by name, and which does it refuse by name?"""

from __future__ import annotations

from typing import Any

from recommender import vocabulary
from recommender.reading_text.clauses import Clause, Hit, Reading

SECTION = "asked"
# "They hear my keyboard" and "they must not hear my keyboard" ask for the same.
EITHER_WAY = frozenset(("mic_noise_cancelling",))
# Who bans the radio bans each of its kinds.
RADIO = ("wireless", "bluetooth", "dect")


# What says enough in a list of such words.
BARE = {"light": "lightweight", "closed": "closed_back", "open": "open_back", "sturdy": "durable", "tough": "durable"}
LISTED = {
    *BARE, "and", "small", "neutral", "soft", "comfy", "comfortable", "wireless", "cheap", "please", "foldable", "over",
    "ear", "simple", "wired",
}  # fmt: skip
SHORT_LIST = 4
# Said of a radio link, these are no praise.
BROKEN = frozenset(
    ("drop", "dropping", "dropped", "lag", "lagged", "lagging", "stutter", "stuttering", "fail", "failing", "failed",
     "flaky", "unreliable", "disabled", "blocked", "banned", "forbidden", "jam", "jammed",
     "interference", "dead", "useless")
)  # fmt: skip


def named_features(said: Reading) -> dict[str, Any]:
    """`features` and `avoid_features` in the vocabulary's order; what is both asked for and refused is neither."""
    wanted: set[str] = set()
    refused: set[str] = set()
    if said.mentions("wishes", "no_radio"):
        refused.update(RADIO)
        wanted.add("wired")
    for clause in said.clauses:
        for hit in clause.found(SECTION):
            if hit.name in RADIO and not BROKEN.isdisjoint(clause.words):
                # "the old Bluetooth ones keep dropping" asks for nothing
                continue
            (refused if _refuses(clause, hit) else wanted).add(hit.name)
    wanted.update(_said_bare(said) - refused)
    if said.mentions("wishes", "no_radio"):
        # "bans Bluetooth and Wi-Fi" names what is banned
        wanted.difference_update(RADIO)
    return {
        "features": [name for name in vocabulary.ASKED_FEATURES if name in wanted - refused],
        "avoid_features": [name for name in vocabulary.REFUSED_FEATURES if name in refused - wanted],
    }


def _said_bare(said: Reading) -> set[str]:
    """`Neutral and closed. 160 euros`: one word of a short list names the feature."""
    return {
        BARE[word]
        for clause in said.clauses
        if len(clause.words) <= SHORT_LIST and not clause.mentions("speech", "denial", "dislike")
        for word in clause.words
        if word in BARE and LISTED.issuperset(clause.words)
    }


def _refuses(clause: Clause, hit: Hit) -> bool:
    return hit.name not in EITHER_WAY and clause.denies(hit)
