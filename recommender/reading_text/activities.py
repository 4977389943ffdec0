"""Which activities does the text speak of, and how much of each?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from recommender.reading_text.callers import sort_calls, talked_into_a_phone
from recommender.reading_text.clauses import Clause, Hit, Reading
from recommender.reading_text.games import games_in
from recommender.reading_text.shades import HANDS, sorted_out
from recommender.reading_text.whose import is_done, is_theirs

MAIN, USUAL, RARE = Decimal(2), Decimal(1), Decimal("0.25")
PERCENT = re.compile(r"\d+")
# four hours of this and four hours of that
EQUAL_HOURS = re.compile(r"\b(\w+) hours? .+\band \1 hours?\b|\bhalf .+ half\b")
GAMING = ("gaming_voice", "gaming_solo", "gaming_unknown")
# Whoever it is that sleeps, flies along or is small: the one who asks lies, sits or stands beside.
SHARED = {"sleep", "kids_listening", "travel_passenger"}
# Words that set a scene as often as they name what is done in it.
SCENES = {
    "garden", "kitchen", "lawn", "dish", "laundry", "factory", "apron", "quarry", "refinery", "mill", "foundry",
    "library", "focus", "focused", "exam", "distraction", "golf", "sport", "sporty", "fitness", "ballet", "tennis",
    "squash", "boxing", "plank", "obstacle", "ultra", "asleep", "snore", "snoring", "snorer", "pillow", "toddler",
    "nanny", "lap", "length", "pool", "scanner", "ambient", "garage", "homework", "the", "in", "my", "a",
}  # fmt: skip
# What the one who lies awake beside a sleeper may well do there.
BESIDE = {"music", "podcasts_audiobooks", "movies_tv", "radio_listening"}
OWNERS = {"my", "our", "his", "her", "their"}
OWN_VOICE = {"i", "speak", "talk", "say", "voice", "it"}
SOUND = {"audio", "sound", "dialogue", "soundtrack", "hear", "listen", "headphone", "can", "monitor"}
SPOKEN_TO = {"lecture", "talk", "podcast"}
HEARD_ON_THE_WAY = ("podcasts_audiobooks", "exercise", "commuting", "multitasking_housework", "travel_passenger")
TALKED = {"phone_calls", "video_meetings", "call_centre", "gaming_voice", "dictation", "aviation_pilot"}
# Work that takes another device than talk does.
OTHER_HALF = {"audio_editing_mixing", "studio_tracking", "kids_listening"}
_LESS = Decimal("0.9")
# What a child may be heard doing without it being anything but a child's listening.
CHILDLIKE = {"music", "movies_tv", "podcasts_audiobooks", "travel_passenger", "driving", "sleep", "kids_listening"}
CHILDLIKE |= {"commuting", "multitasking_housework", "radio_listening", "study_focus"}


def activities_in(said: Reading) -> dict[str, Decimal]:
    """Weights of the activities the text speaks of; what it denies is left out."""
    weights: dict[str, Decimal] = {}
    for clause in said.clauses:
        for hit in clause.found("activities"):
            if is_done(clause, hit):
                weights[hit.name] = max(weights.get(hit.name, Decimal(0)), weight_of(clause, hit))
    _only_for(said, weights)
    _named_for(said, weights)
    _of_others(said, weights)
    _by_the_way(said, weights)
    if "movies_tv" in weights and not said.says("wishes", "dozing"):
        # a film in bed is watched awake
        weights.pop("sleep", None)
    games_in(said, weights, weight_of)
    _games_left_out(said, weights)
    _lectures(said, weights)
    _made_by_oneself(said, weights)
    sort_calls(said, weights)
    if "studio_tracking" in weights and said.says("environment", "stage"):
        # a click track is heard on stages too
        weights["live_performance"] = weights.pop("studio_tracking")
    _no_exact_halves(said, weights)
    vague = _told_vaguely(said)
    if weights and weights.keys() <= HANDS:
        # whittling and listening: what is heard is the other half
        weights |= dict.fromkeys(vague or _heard_meanwhile(said), MAIN)
    if "dictation" in weights and "transcription" in weights and _spoken_by_oneself(said):
        # "they call it transcribing, but I talk and it writes"
        weights.pop("transcription")
    kept = sorted_out(weights)
    if "video_creation" in kept and _works_on_sound(said):
        # who makes videos and says to cut their sound listens for it too
        kept["audio_editing_mixing"] = weights["audio_editing_mixing"]
    if "dictation" in weights and "transcription" in kept and said.mentions("speech", "half"):
        # one half is typed from tape, the other is spoken
        kept["dictation"] = weights["dictation"]
    return kept or _by_company(said) or _by_trade(said) or talked_into_a_phone(said) or _hinted(said) or vague


def weight_of(clause: Clause, hit: Hit) -> Decimal:
    """A share that is named counts as named; else words such as mostly and sometimes tell."""
    shares = _percentages(clause)
    if shares:
        nearest = min(shares, key=lambda share: (share[0] > hit.begin, abs(share[0] - hit.begin)))
        return max(nearest[1] / 50, Decimal("0.02"))
    if clause.mentions("speech", "half"):
        return USUAL
    if clause.mentions("speech", "seldom"):
        return RARE
    return MAIN if clause.says("speech", "mainly") else USUAL


def _percentages(clause: Clause) -> list[tuple[int, Decimal]]:
    words = [*clause.words, ""]
    return [
        (place, Decimal(word))
        for place, word in enumerate(clause.words)
        if PERCENT.fullmatch(word) and words[place + 1] in ("%", "percent", "per") and Decimal(word) <= 100
    ]


def _only_for(said: Reading, weights: dict[str, Decimal]) -> None:
    """Purely for music: then what else the text speaks of is not done with it."""
    for clause, begin in _exclusive(said):
        # "while I use the jackhammer" tells when, not what for
        end = next((at for at in range(begin, len(clause.words)) if clause.words[at] == "while"), len(clause.words))
        told = [hit for hit in clause.found("activities") if hit.begin < end]
        meant = {hit.name for hit in told if hit.begin >= begin and not clause.denies(hit)}
        for name in set(weights) - {hit.name for hit in told} if meant else ():
            weights.pop(name)


def _named_for(said: Reading, weights: dict[str, Decimal]) -> None:
    """`Sold the broadcast mic`: what a microphone is named for is not what is done, where something else is."""
    named: set[str] = set()
    done: set[str] = set()
    for clause in said.clauses:
        for hit in clause.found("activities"):
            (named if clause.words[hit.end : hit.end + 1] == ("mic",) else done).add(hit.name)
    if (done and done & weights.keys()) or said.says("games", "names"):
        for name in named - done:
            weights.pop(name, None)
    if {"streaming_live", "movies_tv"} <= weights.keys() and not said.mentions("games") and not said.mentions("mic"):
        # who streams whole seasons on the TV watches them
        weights.pop("streaming_live")


def _games_left_out(said: Reading, weights: dict[str, Decimal]) -> None:
    """`Gaming laptop, but only for drawing and Coltrane`: no game is among what it is for."""
    for clause, begin in _exclusive(said):
        meant = any(hit.begin >= begin and not clause.denies(hit) for hit in clause.found("activities"))
        if meant and not any(hit.begin >= begin for hit in clause.found("games", "names")):
            for name in GAMING:
                weights.pop(name, None)


def _exclusive(said: Reading) -> Iterator[tuple[Clause, int]]:
    """Where it is told what for: behind the mark, or in the next clause where the mark ends its own (`For my days
    off: thrillers`)."""
    for place, clause in enumerate(said.clauses):
        for mark in clause.found("speech", "exclusive"):
            if mark.end < len(clause.words) and any(hit.end > mark.end for hit in clause.found("activities")):
                yield clause, mark.end
            else:
                yield from ((following, 0) for following in said.clauses[place + 1 : place + 2])


def _by_the_way(said: Reading, weights: dict[str, Decimal]) -> None:
    """A garden alone is where somebody gardens; where something is done besides, it is only where that is done."""
    told = {
        hit.name
        for clause in said.clauses
        for hit in clause.found("activities")
        if not clause.denies(hit) and not SCENES.issuperset(clause.words[hit.begin : hit.end])
    }
    if told & weights.keys():
        for name in weights.keys() - told:
            weights.pop(name)


def _of_others(said: Reading, weights: dict[str, Decimal]) -> None:
    """Talk of the people around is noise to the one who asks, unless the gift is for them or nothing else is said."""
    if said.mentions("wishes", "gift"):
        return
    own: set[str] = set()
    others: set[str] = set()
    for clause in said.clauses:
        for hit in clause.found("activities"):
            if not clause.denies(hit):
                (others if is_theirs(clause, hit) else own).add(hit.name)
    if own:
        for name in others - own - SHARED:
            weights.pop(name, None)
        if "sleep" in others - own and own - BESIDE:
            # a flatmate's sleep is a reason for quiet, not for a pair to sleep in
            weights.pop("sleep", None)


def _told_vaguely(said: Reading) -> dict[str, Decimal]:
    """Who names no activity but wants to hear, and says nothing of talking, listens."""
    talks = said.says("wishes", "talking") or said.says("mic", "needed", "worn")
    talks = talks and not said.mentions("mic", "mute")
    if talks:
        return {}
    if (
        said.says("wishes", "hearing", "sound")
        or said.says("platforms", "dap")
        or said.says("connectors", "balanced_4_4mm")
    ):
        # a music player, or the plug that only music lovers have
        return {"music": USUAL}
    # who only wants the noise gone wants to think
    return {"study_focus": USUAL} if said.says("wishes", "isolation") else {}


def _heard_meanwhile(said: Reading) -> list[str]:
    """Who is busy with both hands and speaks of nobody at the other end has something to hear."""
    rung = (
        said.mentions("wishes", "mobile", "crew", "talking", "work") or said.mentions("mic") or said.says("platforms")
    )
    return [] if rung else ["music"]


def _by_company(said: Reading) -> dict[str, Decimal]:
    """Voice chat is had in games, whatever the title was."""
    return {"gaming_voice": USUAL} if said.says("games", "in_company") else {}


def _by_trade(said: Reading) -> dict[str, Decimal]:
    """What somebody does for a living, where nothing else is said; of a hands-on trade: that the hands are busy."""
    own = [
        hit.name
        for clause in said.clauses
        for hit in clause.found("jobs")
        # "my therapist says" tells another one's trade
        if not clause.denies(hit) and not OWNERS.intersection(clause.words[: hit.begin][-1:])
    ]
    return dict.fromkeys(own[:1], USUAL)


def _lectures(said: Reading, weights: dict[str, Decimal]) -> None:
    """A lecture that is heard while cows are milked is no class: nothing in the text goes on at a screen."""
    hits = [(clause, hit) for clause in said.clauses for hit in clause.found("activities", "online_class")]
    spoken = [SPOKEN_TO.intersection(clause.words[hit.begin : hit.end]) for clause, hit in hits]
    if "online_class" in weights and all(spoken) and not weights.keys().isdisjoint(HEARD_ON_THE_WAY):
        weights.setdefault("podcasts_audiobooks", weights.pop("online_class"))


def _made_by_oneself(said: Reading, weights: dict[str, Decimal]) -> None:
    """Who has no microphone yet and speaks of podcasts or stories means to make them."""
    if said.mentions("mic", "lacking") and weights.keys() <= {"podcasts_audiobooks", "music"}:
        for clause in said.clauses:
            for hit in clause.found("activities", "podcasts_audiobooks"):
                name = "podcast_hosting" if "podcast" in clause.words[hit.begin : hit.end] else "voice_recording"
                if "podcasts_audiobooks" in weights:
                    weights[name] = weights.pop("podcasts_audiobooks")


def _hinted(said: Reading) -> dict[str, Decimal]:
    """The first thing hinted at; a voice that is wanted outweighs a hint of listening."""
    if said.mentions("speech", "definition"):
        return {}
    talks = said.says("wishes", "talking") or said.says("mic", "needed", "worn")
    hinted = [name for name in said.names("hints") if not talks or name in TALKED]
    if said.mentions("wishes", "crew", "work", "mobile", "talking") or len(hinted) > 1:
        # a radio at work is talked into as often as it is listened to
        hinted = [name for name in hinted if name != "radio_listening"]
    return dict.fromkeys(hinted[:1], USUAL)


def _no_exact_halves(said: Reading, weights: dict[str, Decimal]) -> None:
    """Only who says so means two exact halves; else a voice that is needed comes before work on sound."""
    if said.mentions("speech", "half") or EQUAL_HOURS.search(said.text):
        return
    for name in OTHER_HALF & weights.keys():
        weights[name] *= _LESS


def _spoken_by_oneself(said: Reading) -> bool:
    return not said.mentions("speech", "half") and any(
        OWN_VOICE.intersection(clause.words[hit.begin : hit.end]) and not clause.denies(hit)
        for clause in said.clauses
        for hit in clause.found("activities", "dictation")
    )


def _works_on_sound(said: Reading) -> bool:
    return any(
        SOUND.intersection(clause.words[hit.begin : hit.end]) and not clause.denies(hit)
        for clause in said.clauses
        for hit in clause.found("activities", "audio_editing_mixing")
    )
