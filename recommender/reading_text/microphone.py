"""What does the text say of microphones: one of their own that stays or goes, a voice to be heard, or none at all?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recommender.reading_text.clauses import Clause, Hit, Reading

# These are done with a voice: where no microphone is at hand, one is missing, not refused.
VOICED = (
    "video_meetings", "call_centre", "customer_support", "phone_calls", "dictation", "voice_recording", "broadcasting",
    "streaming_live", "podcast_hosting", "video_creation", "live_performance",
)  # fmt: skip
HAVING = frozenset(("have", "has", "got", "own", "my", "our", "bought", "already", "owning", "using", "use", "had"))
WANTING = frozenset(("need", "want", "wanted", "looking", "get", "buy", "must", "should", "require", "wish"))
WORN = frozenset(("headset", "headphone", "earbud", "bud", "pair", "leaking", "leak"))
NEAR = 4
UNHEARD = frozenset((("nobody", "hear"), ("nobody", "can"), ("no", "one", "can", "hear"), ("no", "one", "hear", "me")))
# What forbids, where a microphone is only said to be missing.
RULES = frozenset(("rule", "policy", "regulation", "vault", "clearance", "classified"))
RECORDED = ("studio_tracking", "voice_recording")
WEARY = frozenset(("sick", "tired", "fed", "hate", "hating", "hated"))
# What stands for the microphone that was spoken of.
POINTING = frozenset(("it", "that", "this", "them", "both", "using", "how"))
NAMED = ("own", "maybe_own", "mention", "built_in")
TALKS = ("phone_calls", "video_meetings", "customer_support")


def microphone_in(said: Reading) -> dict[str, Any]:
    """The fields on microphones, as far as the text tells them."""
    found: dict[str, Any] = {"mic_need": _need(said)}
    if _owns(said):
        found |= {"has_separate_mic": True, "will_use_separate_mic": _last_word(said) != "dropped"}
    elif said.says("mic", "built_in"):
        # the microphone of a laptop is rarely meant to stay, unless it is praised
        found |= {"has_separate_mic": True, "will_use_separate_mic": _last_word(said) == "kept"}
    elif _lacks(said):
        found["has_separate_mic"] = False
    return found


def _owns(said: Reading) -> bool:
    if said.says("mic", "own") or _had(said):
        return True
    # "I have a good mic" owns it, "I need a good mic" and "small, good mic" want it
    for clause in said.clauses:
        for hit in clause.found("mic", "maybe_own"):
            before = clause.words[: hit.begin]
            if not clause.denies(hit) and HAVING.intersection(before) and not WANTING.intersection(before[-NEAR:]):
                return True
    return False


def _had(said: Reading) -> bool:
    """A microphone that was theirs: `I used to have a desk mic` is not `I have no desk mic`."""
    return any(
        clause.denied_by(hit, "over", "planned") for clause in said.clauses for hit in clause.found("mic", "own")
    )


def _lacks(said: Reading) -> bool:
    if said.mentions("mic", "lacking"):
        return True
    return _denies_a_mic(said) and any(said.says("activities", name) for name in VOICED)


def _denies_a_mic(said: Reading) -> bool:
    return any(clause.denied_by(hit, "denial") for clause in said.clauses for hit in clause.found("mic", "mention"))


def _last_word(said: Reading) -> str | None:
    """Kept or dropped? People change their minds while they write; the later word counts."""
    word = "dropped" if _had(said) and not said.says("mic", "own") else None
    for clause in said.clauses:
        if WORN.intersection(clause.words) and not _names_one(clause):
            # "my headset broke" and "she hates the leaking" are not said of the microphone on the desk
            continue
        # "the weekly calls remain" is not said of a microphone
        told = ("dropped",) if clause.mentions("activities", *TALKS) and not _names_one(clause) else ("kept", "dropped")
        marks = [
            (hit.begin, _mark(clause, hit.name, clause.denies(hit)))
            for hit in clause.found("mic", *told)
            if not _of_something_else(clause, hit)
        ]
        worn = [(hit.begin, "dropped") for hit in _worn(clause) if word]
        for _, mark in sorted([*marks, *worn]):
            word = mark
    if word is None and said.says("mic", "own") and any(True for clause in said.clauses for _ in _worn(clause)):
        # who owns one and asks for another at the head will not use the first
        return "dropped"
    return word


def _worn(clause: Clause) -> Iterator[Hit]:
    return (hit for hit in clause.found("mic", "worn") if not clause.denies(hit) and not _is_in_an_own(clause, hit))


def _of_something_else(clause: Clause, hit: Hit) -> bool:
    """`Sick of wedge monitors` is not said of a microphone; who sings in a cupboard has not put it away there."""
    if clause.words[hit.begin] == "in":
        return clause.says("activities", *RECORDED)
    behind = clause.words[hit.end : hit.end + 1]
    return clause.words[hit.begin] in WEARY and not _names_one(clause) and bool(behind) and behind[0] not in POINTING


def _names_one(clause: Clause) -> bool:
    return clause.mentions("mic", *NAMED)


def _mark(clause: Clause, name: str, denied: bool) -> str:
    if name == "kept":
        return "dropped" if denied else "kept"
    return "dropped"


def _need(said: Reading) -> str | None:
    if said.mentions("mic", "forbidden"):
        return "forbidden"
    voiced = any(said.says("activities", name) for name in VOICED)
    talks = [c for c in said.clauses if any(not c.denies(hit) for hit in c.found("activities", *TALKS))]
    others = set(said.names("activities")) - {*TALKS, "online_class"}
    # seldom, but nothing else: then that is what it is bought for
    if others and talks and all(clause.mentions("speech", "seldom") for clause in talks):
        return "occasional"
    if said.mentions("mic", "mute") and not said.says("mic", "needed", "worn"):
        # "I sing into my own, I only need to hear the band": the voice has its microphone
        return None if voiced and _owns(said) and _last_word(said) != "dropped" else "none"
    if _plays_without_a_voice(said):
        return "none"
    if _asks_for_one(said) or (said.says("mic", "maybe_own") and not _owns(said)):
        return "required"
    if said.mentions("mic", "unneeded"):
        return "none"
    # "we talk on Discord, laptop only, no mic": it is missing, not unwanted
    lacks = voiced or said.mentions("mic", "lacking") or (said.says("games", "names") and said.says("games", "spoken"))
    if _denies_a_mic(said) and not lacks:
        return "forbidden" if _by_rule(said) else "none"
    if _denies_talk(said) and not voiced:
        return "none"
    # who complains about the microphone they have wants to be heard
    if (said.says("mic", "own", "built_in") or _had(said)) and _last_word(said) == "dropped":
        return "required"
    return None


def _plays_without_a_voice(said: Reading) -> bool:
    """An instrument has no words to say, what comes back from the desk is all that is wanted: `saxophonist, gigs, no
    mic near me`."""
    if said.mentions("mic", "monitoring") and not said.mentions("mic", "own", "needed", "worn", "sung"):
        return True
    plays = said.says("activities", "instrument_practice") or said.says("jobs", "instrument_practice")
    on_stage = plays and said.says("activities", "live_performance")
    return on_stage and _denies_a_mic(said) and not said.says("mic", "sung", "worn")


def _asks_for_one(said: Reading) -> bool:
    """`My brother swears by his headset with the boom` tells what he has; who only types is not missed by `nobody
    hears me`."""
    types_only = said.says("activities", "transcription") and not said.mentions("mic", "own", "mention")
    for clause in said.clauses:
        for hit in clause.found("mic", "needed", "worn"):
            theirs = hit.name == "worn" and clause.is_of_another and not said.mentions("wishes", "gift")
            unheard = types_only and not UNHEARD.isdisjoint((clause.words[:2], clause.words[:4]))
            if not clause.denies(hit) and not theirs and not unheard and not _is_in_an_own(clause, hit):
                return True
    return False


def _is_in_an_own(clause: Clause, hit: Hit) -> bool:
    """`With a mic in my hand` owns it, though `with a mic` alone asks for one."""
    return "mic" in clause.words[hit.begin : hit.end] and any(
        hit.begin < own.begin < hit.end < own.end for own in clause.found("mic", "own") if not clause.denies(own)
    )


def _by_rule(said: Reading) -> bool:
    return any(not RULES.isdisjoint(clause.words) for clause in said.clauses)


def _denies_talk(said: Reading) -> bool:
    for clause in said.clauses:
        denied = [hit for hit in clause.found("activities", *TALKS) if clause.denies(hit)]
        denied += [hit for hit in clause.found("wishes", "talking") if clause.denies(hit)]
        if denied:
            return True
    return False
