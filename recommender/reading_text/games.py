"""Does the text speak of games, and are they played alone, with a voice, or do we not know?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from recommender.reading_text.clauses import Clause, Hit, Reading

# Titles that are everyday words: a game only where somebody plays or another game is named.
EVERYDAY = {
    "the forest", "forest", "rust", "hunt", "ark", "doom", "portal", "grounded", "prey", "anno", "persona", "siege",
    "fallout", "hades", "new world", "lan", "quest", "celeste", "gris", "stalker", "sim", "oblivion", "divinity",
    "kingdom come", "the final", "dungeon", "loot", "quake", "journey and", "heroes of", "throne and", "ori and",
    "albion", "mario", "madden", "halo", "simulator",
}  # fmt: skip
PLAYED = {"play", "playing", "played", "player", "game", "gaming", "gamer"}
# `Halo with my dad`: behind a title, with whom or on what it is played.
ALONGSIDE = {"with", "against", "ranked", "online", "campaign", "lobby"}
ON_THE_WAY = {"commuting", "travel_passenger", "sleep"}


def games_in(said: Reading, weights: dict[str, Decimal], weight_of: Callable[[Clause, Hit], Decimal]) -> None:
    """Adds the games to the `weights`, as one of three activities."""
    playing = [
        (clause, hit)
        for clause in said.clauses
        for hit in clause.found("games", "names")
        if not clause.denies(hit) and not (weights and (_of_somebody_else(clause, hit) or _is_made_for_it(clause, hit)))
    ]
    if weights and said.mentions("games", "unplayed"):
        # "a gaming headset to watch anime? I never play anything"
        return
    if not playing or _everyday_words(playing, said):
        return
    weight = max(weight_of(clause, hit) for clause, hit in playing)
    alone = any(_is_alone(clause, said) and not clause.mentions("speech", "hollow") for clause in said.clauses)
    at_times = any(
        clause.mentions("speech", "seldom") and clause.mentions("games", "alone") and clause.mentions("games", "talk")
        for clause in said.clauses
    )
    # alone at times, and with others at times: the times with others need a voice
    alone = alone and not (at_times and said.says("games", "talk"))
    if alone or (said.says("mic", "mute") and not said.says("mic", "needed")):
        weights["gaming_solo"] = weight
    elif said.says("games", "talk"):
        weights["gaming_voice"] = weight
    elif weights.keys() & ON_THE_WAY:
        # who plays on a train, without a word on company, plays alone
        weights["gaming_solo"] = weight
    else:
        weights["gaming_unknown"] = weight


def _of_somebody_else(clause: Clause, hit: Hit) -> bool:
    """`My flatmate is a gamer and he is loud`: no player is meant who asks for something else."""
    return any(
        person.begin <= 1 and {"is", "are"}.intersection(clause.words[person.end : hit.begin])
        for person in clause.found("people")
    ) and not {"i", "me", "we", "us"}.intersection(clause.words)


def _is_made_for_it(clause: Clause, hit: Hit) -> bool:
    """`I build soundscapes for games`: what is made for games is not played."""
    made = any(work.end <= hit.begin for work in clause.found("activities", "audio_editing_mixing", "video_creation"))
    return made and clause.words[max(hit.begin - 1, 0) : hit.begin] == ("for",)


def _everyday_words(playing: list[tuple[Clause, Hit]], said: Reading) -> bool:
    titles = {" ".join(clause.words[hit.begin : hit.end]) for clause, hit in playing}
    return (
        len(titles) == 1
        and titles <= EVERYDAY
        and not any(PLAYED.intersection(clause.words) for clause in said.clauses)
        and not any(_without_company(clause) for clause in said.clauses)
        and not any(
            hit.begin == 0 and ALONGSIDE.intersection(clause.words[hit.end : hit.end + 1]) for clause, hit in playing
        )
    )


def _without_company(clause: Clause) -> bool:
    """Told in other words than by the title itself."""
    titles = {(game.begin, game.end) for game in clause.found("games", "names")}
    return any((hit.begin, hit.end) not in titles for hit in clause.found("games", "alone"))


def _is_alone(clause: Clause, said: Reading) -> bool:
    """A game known for its story is played alone, unless voices are spoken of: "Elden Ring on Discord"."""
    hits = list(clause.found("games", "alone"))
    if not said.says("games", "spoken"):
        return bool(hits)
    titles = [(game.begin, game.end) for game in clause.found("games", "names")]
    return any((hit.begin, hit.end) not in titles for hit in hits)
