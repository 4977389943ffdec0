"""Whose doing is it? What others do, what goes on where one works, and what comes out of a telephone is not done by the
one who asks."""

from __future__ import annotations

from recommender.reading_text.clauses import Clause, Hit

# Whoever is spoken to in these trades is not the one who asks.
AT_THE_OTHER_END = {"driver", "trucker", "pilot", "courier", "rider", "picker", "welder", "miner", "roofer"}
TOWARDS = {"to", "with", "from", "between", "by", "call", "phone", "ring"}
ON_THE_PHONE = (("on", "the", "phone"), ("on", "my", "phone"), ("phone",))
HEARD = {"music", "podcasts_audiobooks", "movies_tv", "radio_listening"}

# Places that are named for what others do in them.
PLACES = frozenset(
    ("recording", "studio", "gym", "cinema", "radio", "station", "concert", "hall", "theatre", "opera", "airport")
)
AT = frozenset(("at", "for", "of", "near", "behind", "opposite", "outside", "above", "by"))
THE = frozenset(("a", "an", "the", "our", "my"))


def is_a_place(clause: Clause, hit: Hit) -> bool:
    """`Receptionist at a recording studio`: where it is done, behind what is done."""
    before = clause.words[max(hit.begin - 2, 0) : hit.begin]
    return (
        PLACES.issuperset(clause.words[hit.begin : hit.end])
        and AT.issuperset(before[:1])
        and THE.issuperset(before[1:])
        and len(before) == 2
        and any(other.end < hit.begin for other in clause.found("activities") if other.name != hit.name)
    )


def is_the_source(clause: Clause, hit: Hit) -> bool:
    """`Series on the phone`: what is watched or heard comes out of it."""
    return clause.words[hit.begin : hit.end] in ON_THE_PHONE and any(
        other.name in HEARD and hit.begin - 1 <= other.end <= hit.begin for other in clause.found("activities")
    )


def is_done(clause: Clause, hit: Hit) -> bool:
    return not (clause.denies(hit) or is_a_place(clause, hit) or is_the_source(clause, hit))


def is_theirs(clause: Clause, hit: Hit) -> bool:
    """My wife is on calls: hers. My wife calls me, my wife and I call: ours as well. I phone to truckers: theirs."""
    if hit.end - hit.begin == 1 and clause.words[hit.begin] in AT_THE_OTHER_END:
        before = clause.words[max(hit.begin - 2, 0) : hit.begin]
        if TOWARDS.intersection(before) and not {"i", "as"}.intersection(before):
            return True
        if before[-1:] == ("the",) and not {"i", "am", "as", "be"}.intersection(clause.words[: hit.begin]):
            # "the pilot's announcements are all I want to hear"
            return True
    to_us = {"me", "us"}.intersection(clause.words[hit.begin : hit.end + 1])
    return not to_us and any(
        person.begin <= 2
        and person.end <= hit.begin
        and not {"i", "we"}.intersection(clause.words[person.end : hit.begin])
        for person in clause.found("people")
    )
