"""What else does the text tell: microphone, surroundings, devices, money, hours, ears and wishes?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from recommender.reading_text.clauses import SPEECH, Clause
from recommender.reading_text.words import section

MICROPHONE = section("microphone")
WISHES = section("wishes")
_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBERS = {word: value for value, word in enumerate(_SMALL, start=1)}
_NUMBER = rf"(\d+(?:\.\d+)?|{'|'.join(NUMBERS)})"
AGE = re.compile(
    rf"\b{_NUMBER}[- ]?(?:years?|yrs?)?[- ]?old\b|\bage(?:d)? (\d{1, 2})\b|"
    r"\bs?he'?s (\d{1,2})\b|\bturn(?:s|ed) (\d{1,2})\b"
)
HOURS = re.compile(rf"\b{_NUMBER}(?:\s*(?:-|to|or)\s*{_NUMBER})?[- ]*(?:hours?|hrs?|h)\b(?! (?:flight|away))")
FROM_TO = re.compile(rf"\bfrom {_NUMBER} to {_NUMBER}\b")
CURRENCIES = {
    "USD": r"\$|usd|us dollars?|dollars?|bucks",
    "EUR": r"€|eur|euros?",
    "GBP": r"£|gbp|pounds?|quid",
    "CAD": r"cad|canadian dollars?",
    "AUD": r"aud|australian dollars?",
    "CHF": r"chf|francs?",
    "JPY": r"¥|jpy|yen",
    "INR": r"₹|inr|rupees?",
    "SEK": r"sek|kronor|kr",
}
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"


def traits_in(text: str, said: list[Clause]) -> dict[str, Any]:
    """Fields of the needs (without activities) the text speaks of; what it does not mention is absent."""
    found: dict[str, Any] = {
        "environment": _named(said, section("environment")),
        "platforms": _named(said, section("platforms")),
        "connection": _connection(text, said),
        "budget": _budget(text),
        "wear_hours_per_day": _hours(text),
        "user": _user(text, said),
        "hearing": {"limit": "teen"} if WISHES["teen"].search(text) else {},
        **_microphone(text, said),
    }
    wished = {
        "isolation": ("high", WISHES["isolation"]),
        "awareness": ("required", WISHES["awareness"]),
        "portability": ("high", WISHES["portability"]),
        "sound_priority": ("top", WISHES["sound"]),
    }
    found |= {name: value for name, (value, words) in wished.items() if any(clause.says(words) for clause in said)}
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _named(said: list[Clause], patterns: Mapping[str, re.Pattern[str]]) -> list[str]:
    return [word for word, pattern in patterns.items() if any(clause.says(pattern) for clause in said)]


def _microphone(text: str, said: list[Clause]) -> dict[str, Any]:
    found: dict[str, Any] = {"mic_need": _mic_need(text, said)}
    if any(clause.says(MICROPHONE["own"]) for clause in said):
        found["has_separate_mic"] = True
        found["will_use_separate_mic"] = not MICROPHONE["dropped"].search(text)
    elif any(clause.says(MICROPHONE["built_in"]) for clause in said):
        # the microphone of a laptop is rarely meant to stay, unless it is praised
        praised, dropped = MICROPHONE["praised"].search(text), MICROPHONE["dropped"].search(text)
        found |= {"has_separate_mic": True, "will_use_separate_mic": bool(praised) and not dropped}
    elif MICROPHONE["not_owned"].search(text):
        found["has_separate_mic"] = False
    return found


def _mic_need(text: str, said: list[Clause]) -> str | None:
    if MICROPHONE["forbidden"].search(text):
        return "forbidden"
    talks = [clause for clause in said if re.search(r"\bcalls?\b|\bphon(?:e|ing)\b|\bmeetings?\b|\btalk", clause.text)]
    if any(SPEECH["seldom"].search(clause.text) and not clause.denies(len(clause.text)) for clause in talks):
        return "occasional"
    if any(clause.says(MICROPHONE["needed"]) for clause in said):
        return "required"
    if MICROPHONE["none"].search(text) and not MICROPHONE["not_owned"].search(text):
        return "none"
    # who complains about the microphone they have wants to be heard
    any_mic = MICROPHONE["own"].search(text) or MICROPHONE["built_in"].search(text)
    return "required" if any_mic and MICROPHONE["dropped"].search(text) else None


def _connection(text: str, said: list[Clause]) -> str | None:
    if WISHES["no_radio"].search(text):
        return "wired"
    if WISHES["no_cable"].search(text) or any(clause.says(WISHES["wireless"]) for clause in said):
        return "wireless"
    return "wired" if any(clause.says(WISHES["wired"]) for clause in said) else None


def _budget(text: str) -> dict[str, Any] | None:
    """The last amount with a currency; sentences that end with the money are the usual way to say it."""
    found: list[tuple[int, str, str]] = []
    for code, words in CURRENCIES.items():
        for pattern in (rf"(?:{words})\s?{_AMOUNT}\b", rf"\b{_AMOUNT}\s?(?:{words})(?![a-z])"):
            found += [(hit.start(), hit.group(1), code) for hit in re.finditer(pattern, text)]
    if not found:
        return None
    _, amount, code = max(found)
    return {"max": int(amount.replace(",", "")), "currency": code}


def _hours(text: str) -> float | None:
    span = FROM_TO.search(text)
    if span:
        first, last = _number(span.group(1)), _number(span.group(2))
        return (last - first) % 12 or 12
    hours = [_number(hit.group(2) or hit.group(1)) for hit in HOURS.finditer(text)]
    told = [number for number in hours if number <= 24]
    if told:
        return max(told)
    if WISHES["all_day"].search(text):
        return 8.0
    return 5.0 if WISHES["for_hours"].search(text) else None


def _number(word: str) -> float:
    return float(NUMBERS.get(word, 0) or word)


def _user(text: str, said: list[Clause]) -> dict[str, Any]:
    user: dict[str, Any] = {}
    age = AGE.search(text)
    if age:
        user["age"] = int(_number(next(group for group in age.groups() if group)))
    elif WISHES["teen"].search(text):
        user["age"] = 15
    for name, pattern in (("glasses", WISHES["glasses"]), ("hearing_aids", WISHES["hearing_aids"])):
        if any(clause.says(pattern) for clause in said):
            user[name] = True
    return user
