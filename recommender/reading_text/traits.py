"""What else does the text tell: surroundings, devices, ears, hours and wishes?"""

from __future__ import annotations

import re
from typing import Any

from recommender.reading_text.clauses import Reading
from recommender.reading_text.microphone import microphone_in
from recommender.reading_text.money import budget_in
from recommender.reading_text.named import named_features
from recommender.reading_text.shapes import shapes_in
from recommender.reading_text.telephones import platforms_in
from recommender.reading_text.wheels import in_the_field, passes_by

_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBERS = {word: value for value, word in enumerate(_SMALL, start=1)}
NUMBERS |= {word: value for value, word in enumerate(["thirteen", "fourteen", "fifteen", "sixteen", "seventeen"], 13)}
NUMBERS |= {"eighteen": 18, "nineteen": 19, "twenty": 20}
NUMBERS |= {"midnight": 12, "noon": 12, "midday": 12}
_NUMBER = rf"(\d+(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_FOR_WHOM = (
    r"(?:son|daughter|kids?|child|children|boys?|girls?|grandson|granddaughter|nephew|niece|stepson|stepdaughter|godson|"
    r"goddaughter|twins?|kindergartener|pupil|teen|teenager|brother|sister|lad|lass|cousin|"
    r"little (?:man|one|guy|girl|boy|lady|princess|monkey)|bub|kiddo|youngest|oldest|eldest|middle one|"
    r"toddler|baby)"
)
_NOT_AN_AGE = r"(?! ?(?:hours?|feet|times|%|dollars|euros?|pounds|months?|weeks?|minutes?|miles|metres|km))"
AGE = re.compile(
    rf"\b{_NUMBER}[- ]?(?:years?|yrs?|yr|y)[- ]?olds?\b|\b{_NUMBER} ?yo\b|\b{_NUMBER}[- ]olds?\b|"
    rf"\bage(?:d)?:? {_NUMBER}\b|\bs?he'?s {_NUMBER}\b{_NOT_AN_AGE}|"
    rf"\b{_FOR_WHOM} are {_NUMBER}\b{_NOT_AN_AGE}|"
    rf"\b(?:s?he|{_FOR_WHOM})(?: who)? is {_NUMBER}\b{_NOT_AN_AGE}|\b{_FOR_WHOM} of {_NUMBER}\b{_NOT_AN_AGE}|"
    rf"\bturn(?:s|ed|ing) {_NUMBER}\b|\b{_FOR_WHOM},? \(?{_NUMBER}(?:\)|,|\.| |$){_NOT_AN_AGE}|"
    rf"\b{_FOR_WHOM}'s {_NUMBER}\b|"
    # "Eight, shy, and his lessons are online"
    rf"^{_NUMBER}, (?=.*\b(?:he|she|his|hers?|him)\b)"
)
HOURS = re.compile(
    rf"\b(?:go(?:es)? on for|last(?:s|ing)?(?: for)?) {_NUMBER}\b(?! ?(?:min|day|week|month|year|people|of us))|"
    rf"\b{_NUMBER}(?:\s*(?:-|to|or)\s*{_NUMBER})?(?:[- ]|\+|plus)*(?:hours?|hrs?|h)\b"
    r"(?! (?:away|drive away|later))"
)
FROM_TO = re.compile(
    rf"\b(?:from )?{_NUMBER}(?::\d\d)?(?: ?[ap]m)? ?(?:to|till|until|through|-) ?{_NUMBER}(?::\d\d)?(?: ?[ap]m)?\b"
)
MANY_A_DAY = re.compile(
    rf"\b{_NUMBER} (?:\w+ )?"
    r"(?:of them|of these|meetings|sessions|lessons|appointments|classes|consultations|interviews|pupils|patients|"
    r"clients|calls) "
    r"(?:a day|per day|each day|every day|daily|back to back|in a row|(?:each|every) (?:morning|afternoon|evening))"
)
SO_MANY = re.compile(
    rf"\b(?:meetings|sessions|lessons|appointments|classes|consultations|interviews|pupils|patients|clients),? "
    rf"(?:about |around |up to )?{_NUMBER} (?:of them )?"
    r"(?:a day|per day|each day|every day|daily|back to back|in a row)"
)
LOUD = re.compile(
    r"\b(?:8[5-9]|9\d|1[0-3]\d|eighty[- ](?:five|six|seven|eight|nine)|ninety(?:[- ]\w+)?|"
    r"(?:a|one) hundred(?: and \w+)?) ?"
    r"(?:db|decibels?)\b"
)
CLOCK = re.compile(
    rf"\bfrom {_NUMBER}|\b{_NUMBER} (?:till|until) {_NUMBER}|\b{_NUMBER} ?[ap]m|"
    r"\b(?:nine|eight|ten|five|six|seven) to \w+\b"
)
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
)  # fmt: skip
BIRTHDAY = re.compile(rf"\b({'|'.join(ORDINALS)}) birthday\b")
REMEDIES = {
    "anc",
    "cancel",
    "cancelling",
    "canceling",
    "cancellation",
    "cancelation",
    "isolation",
    "isolating",
    "active",
}
COUNTED = re.compile(r"\s*(?:hours?|hrs?|h\b|times|dollars|euros?|pounds)")
# "60 euros, cable": the one word says it
CORDS = {
    ("cable",),
    ("cabled",),
    ("cord",),
    ("corded",),
    ("wire",),
    ("with", "cable"),
    ("with", "cord"),
    ("with", "wire"),
}
SCHOOL = re.compile(
    r"\b(?:primary|grade|year|class|form) ([1-6]|one|two|three|four|five|six) (?:pupil|student|kid|child|boy|girl)|"
    r"\bgrade ([1-6]|one|two|three|four|five|six)\b"
)
STARTS_SCHOOL = 5  # years old in the first class
# What a radio link did to those who want none again.
BURNT = frozenset(("burned", "burnt", "betrayed", "disappointed", "ruined"))
SORE_AFTER, LONG_SESSION = 4.0, 5.0
LENGTHS = {
    "half a hour": 0.5,
    "half an hour": 0.5,
    "half hour": 0.5,
    "an hour and a half": 1.5,
    "an hour": 1.0,
    "hour a day": 1.0,
}
HOUR_A_DAY = re.compile(r"(?<!half )\ban hour (?:a|per|each|every) (?:day|night|evening|morning|session|sitting)\b")
HALF_HOURS = re.compile(rf"\b(?:{'|'.join(LENGTHS)})\b")


def traits_in(said: Reading) -> dict[str, Any]:
    """Fields of the needs (without activities) the text speaks of; what it does not mention is absent."""
    found: dict[str, Any] = {
        "environment": _surroundings(said),
        "platforms": platforms_in(said, _hours(said)),
        "connectors": _connectors(said),
        "connection": _connection(said),
        "budget": budget_in(said.text),
        "wear_hours_per_day": _hours(said),
        "user": _user(said),
        "hearing": _hearing(said),
        **microphone_in(said),
        **shapes_in(said),
        **named_features(said),
    }
    wished = {
        "isolation": ("high", "isolation"),
        "awareness": ("required", "awareness"),
        "portability": ("high", "portability"),
        "sound_priority": ("top", "sound"),
    }
    found |= {field: value for field, (value, name) in wished.items() if said.says("wishes", name)}
    if _noise_is_hated(said):
        found["isolation"] = "high"
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _noise_is_hated(said: Reading) -> bool:
    """Who hates the engine wants it gone; who hates noise cancelling does not want that."""
    return any(
        clause.denied_by(hit, "dislike") and not REMEDIES.intersection(clause.words[hit.begin : hit.end])
        for clause in said.clauses
        for hit in clause.found("wishes", "isolation")
    )


def _surroundings(said: Reading) -> list[str]:
    """The cab of a harvester is no car: whoever sits in it stands beside the machine that makes the noise."""
    names = said.names("environment")
    if LOUD.search(said.text) and not {"very_noisy", "train", "bus", "tram", "aeroplane_cabin"}.intersection(names):
        names.append("very_noisy")
    if passes_by(said):
        return [*(name for name in names if name not in ("vehicle", "traffic")), "traffic"]
    if in_the_field(said):
        return [*(name for name in names if name != "vehicle"), "vehicle"]
    if "very_noisy" in names and not said.says("activities", "driving"):
        return [name for name in names if name != "vehicle"]
    return names


def _connectors(said: Reading) -> list[str]:
    names = said.names("connectors")
    return [name for name in names if name != "usb_a" or "usb_c" not in names]


def _connection(said: Reading) -> str | None:
    if said.mentions("wishes", "no_radio"):
        return "wired"
    if _unwired(said):
        return "wireless"
    if said.mentions("wishes", "cable") and not said.says("wishes", "cable", "wired"):
        return "wireless"
    alone = any(clause.words in CORDS for clause in said.clauses)
    return "wired" if alone or said.says("wishes", "wired") else None


def _unwired(said: Reading) -> bool:
    """No cable is asked for, unless all that is said of radio links is how they failed: `cordless burned me before`."""
    told = [(clause, hit) for clause in said.clauses for hit in clause.found("wishes", "no_cable", "wireless")]
    return any(
        (hit.name == "no_cable" or not clause.denies(hit)) and BURNT.isdisjoint(clause.words) for clause, hit in told
    )


def _hours(said: Reading) -> float | None:
    told = [float(hit[1]) for hit in _spans(said.text)]
    told += [_number(hit.group(3) or hit.group(2) or hit.group(1)) for hit in HOURS.finditer(said.text)]
    many = MANY_A_DAY.search(said.text) or SO_MANY.search(said.text)
    if many and _number(many.group(1)) >= LONG_SESSION:
        told.append(LONG_SESSION)
    told = [number for number in told if 0 < number <= 24]
    if told:
        # where it has hurt, comfort is a condition however short the day
        return max(*told, SORE_AFTER) if said.says("wishes", "sore") else max(told)
    if said.says("wishes", "all_day"):
        return 8.0
    if HOUR_A_DAY.search(said.text) and not said.says("wishes", "sore"):
        # "an hour a day" is no stretch of hours
        return 1.0
    if said.says("wishes", "for_hours", "sore"):
        return LONG_SESSION
    short = HALF_HOURS.search(said.text)
    return LENGTHS[short.group()] if short else None


def _spans(text: str) -> list[tuple[str, float]]:
    """From nine to two: five hours. Two bare numbers are a span only when a clock is meant."""
    found = []
    for hit in FROM_TO.finditer(text):
        first, last = _number(hit.group(1)), _number(hit.group(2))
        # "10 to 4" goes down: no amount is told like that
        is_clock = CLOCK.search(hit.group()) or 12 >= first > last
        if is_clock and not COUNTED.match(text[hit.end() :]) and first <= 24 and last <= 24:
            found.append((hit.group(), (last - first) % 12 or 12.0))
    return found


def _number(word: str) -> float:
    return float(NUMBERS.get(word, 0) or word)


def _user(said: Reading) -> dict[str, Any]:
    user: dict[str, Any] = {}
    age = AGE.search(said.text)
    if age:
        user["age"] = int(_number(next(group for group in age.groups() if group)))
    elif born := BIRTHDAY.search(said.text):
        user["age"] = ORDINALS.index(born.group(1)) + 1
    elif pupil := SCHOOL.search(said.text):
        user["age"] = STARTS_SCHOOL + int(_number(pupil.group(1) or pupil.group(2)))
    elif said.says("wishes", "teen"):
        user["age"] = 15
    if said.says("wishes", "glasses"):
        user["glasses"] = True
    if said.mentions("wishes", "hearing_aids", "hearing_aids_out"):
        user["hearing_aids"] = not said.mentions("wishes", "hearing_aids_out") and said.says("wishes", "hearing_aids")
    return user


def _hearing(said: Reading) -> dict[str, Any]:
    hearing: dict[str, Any] = {}
    if said.says("wishes", "strict_limit"):
        hearing["limit"] = "strict"
    elif said.says("wishes", "teen"):
        hearing["limit"] = "teen"
    elif said.says("wishes", "child"):
        hearing["limit"] = "child"
    if said.says("wishes", "tinnitus"):
        hearing["condition"] = "tinnitus"
    return hearing
