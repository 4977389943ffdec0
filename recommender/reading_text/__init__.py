"""What does a person's own sentence tell us? A modest reader of English by plain rules: it never guesses a kind.

It looks for activities, denials, amounts, hours, microphones, surroundings and wishes. What it does not find stays
unknown, and the engine asks.
"""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from recommender.answers import Needs, NeedsError, needs_from_mapping
from recommender.reading_text.activities import CHILDLIKE, activities_in
from recommender.reading_text.clauses import Reading, reading_of
from recommender.reading_text.shades import HANDS
from recommender.reading_text.standing import standing
from recommender.reading_text.traits import traits_in

# Longer texts are read up to here: a need is told in a few sentences.
MOST_CHARACTERS = 4000
CHILDHOOD_ENDS = 13  # years
# What is done with a voice, and what goes with it: no music, for which alone silence may be wished for.
VOICED = frozenset(("video_meetings", "call_centre", "customer_support", "phone_calls", "dictation", "online_class"))
AT_WORK = VOICED | {"voice_recording", "multitasking_work"}
# Who reads or revises in one of these wants what is around gone.
DISTRACTING = frozenset(("open_office", "noisy", "library", "shared_home", "train", "bus", "tram", "airport"))

__all__ = ["fill_open", "needs_from_text"]


def needs_from_text(text: str) -> Needs:
    """Needs as far as the text tells them; never raises for what a person writes."""
    read = reading_of(text[:MOST_CHARACTERS])
    said = Reading(standing(read.clauses), read.text)
    weights = activities_in(said)
    told: dict[str, Any] = traits_in(said)
    weights = _for_a_child(weights, told)
    if "commuting" in weights:
        # what one rides with has to be carried, there and back
        told.setdefault("portability", "high")
    if "study_focus" in weights and "awareness" not in told and not DISTRACTING.isdisjoint(told.get("environment", ())):
        told.setdefault("isolation", "high")
    if told.get("isolation") == "high" and not weights.keys().isdisjoint(VOICED) and weights.keys() <= AT_WORK:
        # whoever wants the noise gone while they talk has it in their voice too
        told["environment"] = [*told.get("environment", ()), "noisy"]
    if "travel_passenger" in weights and "aeroplane_cabin" in told.get("environment", ()) and not _is_young(told):
        # engines are heard by whoever sits behind them, said or not
        told.setdefault("isolation", "high")
    if not weights.keys().isdisjoint({"kids_listening", "travel_passenger"}) and "driving" not in weights:
        # who is driven along is in no traffic
        told["environment"] = [place for place in told.get("environment", ()) if place != "traffic"]
    if "connection" not in told and _talks_on_the_move(weights, told):
        told["connection"] = "wireless"
    if not weights and _talks(said):
        told.setdefault("mic_need", "required")
    if not weights and said.mentions("speech", "definition"):
        # who asks what the words mean has not said yet what is needed
        told.pop("mic_need", None)
    told["activities"] = [{"name": name, "weight": weight} for name, weight in weights.items()]
    try:
        return needs_from_mapping(told)
    except NeedsError as error:
        # An amount or an age beyond what we take is as good as not said; the rest of the sentence still counts.
        return error.readable


def _talks(said: Reading) -> bool:
    """Somebody talks, and it is not only another person while the one who asks wants to hear something."""
    talking = [clause for clause in said.clauses if clause.says("wishes", "talking")]
    listens = any("i" in clause.words and clause.says("wishes", "hearing") for clause in said.clauses)
    return any(not (listens and clause.is_of_another) for clause in talking)


def _talks_on_the_move(weights: dict[str, Decimal], told: dict[str, Any]) -> bool:
    """A telephone at the wheel, in full hands or on the way is talked to without a cable."""
    asked = "hands_free" in told.get("features", ()) or told.get("portability") == "high"
    on_the_move = asked or not weights.keys().isdisjoint({*HANDS, "exercise"})
    return "driving" in weights or ("phone_calls" in weights and on_the_move)


def _for_a_child(weights: dict[str, Decimal], told: dict[str, Any]) -> dict[str, Decimal]:
    """A child who only listens is listening as a child, whatever it hears; a grown-up child is not a child, and
    children around somebody who works are not the ones who will wear it."""
    age = told.get("user", {}).get("age")
    young = age is not None and age < CHILDHOOD_ENDS
    small = told.get("hearing", {}).get("limit") == "child"
    grown = age is not None and not young
    # a nephew's birthday alone tells neither an age nor what is heard
    named = "kids_listening" in weights and (len(weights) > 1 or "tablet" in told.get("platforms", ()))
    plays = {"gaming_unknown"} if len(weights) > 1 and "tablet" in told.get("platforms", ()) else set()
    if not grown and (young or small or named) and weights.keys() <= CHILDLIKE | plays:
        away = "travel_passenger" in weights or "driving" in weights
        return {"kids_listening": Decimal(1)} | ({"travel_passenger": Decimal("0.25")} if away else {})
    if small and not young:
        told["hearing"].pop("limit")
    return {name: weight for name, weight in weights.items() if name != "kids_listening"}


def _is_young(told: dict[str, Any]) -> bool:
    age = told.get("user", {}).get("age")
    return told.get("hearing", {}).get("limit") == "child" or (age is not None and age < CHILDHOOD_ENDS)


# What is refused in either way is refused.
REFUSALS = ("avoid_forms", "avoid_features", "avoid_brands")


def fill_open(needs: Needs, text: str) -> Needs:
    """The needs, with what they leave open taken from the text, and all that either of them refuses."""
    read = needs_from_text(text)
    is_open = {field.name for field in fields(Needs) if getattr(needs, field.name) in (None, ())}
    if "activities" not in is_open:
        # names nobody knows belong to the activities they came with
        is_open.discard("unknown_activities")
    filled = replace(needs, **{name: getattr(read, name) for name in is_open})
    wanted = {*filled.forms, *filled.features}
    refused: dict[str, Any] = {name: _refused(needs, read, name, wanted) for name in REFUSALS}
    return replace(filled, **refused)


def _refused(needs: Needs, read: Needs, name: str, wanted: set[str]) -> tuple[str, ...]:
    told: tuple[str, ...] = getattr(needs, name)
    return (*told, *(word for word in getattr(read, name) if word not in told and word not in wanted))
