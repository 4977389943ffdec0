"""What do we ask a shopper, which questions can still matter, and what do the answers mean?

The state of the conversation is a `Told`: it has one spelling as query parameters, so every step is an address. The
values are words of the decision vocabulary wherever it has one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from recommender.answers import Needs, needs_from_mapping

MOST_ASKED = 6
MOST_ACTIVITIES = 3
CURRENCIES = ("USD", "EUR", "GBP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str
    hint: str = ""
    icon: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`short` names the question in the list of answers; `many` says how many options may be chosen."""

    key: str
    title: str
    short: str
    help: str = ""
    options: tuple[Option, ...] = ()
    many: int = 1

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the shopper answered so far. Empty means not answered; `skipped` names questions passed over."""

    do: tuple[str, ...] = ()
    mic: str = ""
    where: str = ""
    budget: Decimal | None = None
    currency: str = "USD"
    quiet: str = ""
    hours: str = ""
    connection: str = ""
    glasses: str = ""
    skipped: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def has(self, key: str) -> bool:
        return bool(getattr(self, key)) if key != "budget" else self.budget is not None

    def params(self) -> list[tuple[str, str]]:
        """The query parameters of this state, always in the same order."""
        pairs = [("do", name) for name in self.do]
        pairs += [(key, getattr(self, key)) for key in ("mic", "where") if getattr(self, key)]
        if self.budget is not None:
            pairs += [("budget", f"{self.budget.normalize():f}"), ("currency", self.currency)]
        pairs += [
            (key, getattr(self, key)) for key in ("quiet", "hours", "connection", "glasses") if getattr(self, key)
        ]
        pairs += [("skip", key) for key in self.skipped if not self.has(key)]
        return pairs + [("without", key) for key in self.without]


# By group: the vocabulary's name, our words, and the drawing beside them.
_ACTIVITIES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Talk": (
        ("video_meetings", "Video meetings", "meeting"),
        ("gaming_voice", "Games, talking with others", "gamepad-voice"),
        ("phone_calls", "Phone calls", "phone"),
        ("call_centre", "Calls all day, as my job", "agent"),
        ("online_class", "Online lessons", "class"),
        ("dictation", "Dictation", "dictate"),
    ),
    "Listen": (
        ("music", "Music", "music"),
        ("movies_tv", "Films and TV", "film"),
        ("podcasts_audiobooks", "Podcasts and audiobooks", "book"),
        ("gaming_solo", "Games, on my own", "gamepad"),
        ("study_focus", "Quiet to study or work", "focus"),
        ("sleep", "Falling asleep", "sleep"),
    ),
    "Move": (
        ("commuting", "Commuting", "train"),
        ("exercise", "Sport", "run"),
        ("travel_passenger", "Flights and long journeys", "plane"),
        ("driving", "Driving", "car"),
    ),
    "Make": (
        ("audio_editing_mixing", "Editing or mixing sound", "sliders"),
        ("video_creation", "Making videos", "camera"),
        ("podcast_hosting", "Hosting a podcast", "podcast"),
        ("live_performance", "Playing on stage", "stage"),
    ),
    "More": tuple(
        (name, text, "dot")
        for name, text in (
            ("customer_support", "Customer support"),
            ("multitasking_work", "Calls while working with both hands"),
            ("multitasking_housework", "Listening during housework"),
            ("streaming_live", "Live streaming"),
            ("broadcasting", "Broadcasting"),
            ("voice_recording", "Recording my voice"),
            ("transcription", "Transcribing"),
            ("radio_listening", "Listening to the radio"),
            ("studio_tracking", "Recording music in a studio"),
            ("instrument_practice", "Practising an instrument"),
            ("dj", "DJing"),
            ("kids_listening", "For a child"),
            ("swimming", "Swimming"),
            ("gaming_unknown", "Games, sometimes with others"),
            ("aviation_pilot", "Flying an aircraft"),
            ("air_traffic_control", "Air traffic control"),
            ("industrial_comms", "Talking in loud industry"),
        )
    ),
}


def _activities() -> tuple[Option, ...]:
    return tuple(
        Option(value=value, label=label, icon=icon, group=group)
        for group, rows in _ACTIVITIES.items()
        for value, label, icon in rows
    )


def _options(*rows: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label, hint="".join(hint)) for value, label, *hint in rows)


# In the order in which they are asked: what settles the kind first, what only moves products last.
QUESTIONS: tuple[Question, ...] = (
    Question(
        key="do",
        title="What will you do with it most?",
        short="Use",
        help="Choose one to three.",
        options=_activities(),
        many=MOST_ACTIVITIES,
    ),
    Question(
        key="mic",
        title="Who picks up your voice?",
        short="Microphone",
        help="A separate microphone that stays in use changes the answer more than anything else.",
        options=_options(
            ("none", "The thing on my head has to", "I have no other microphone"),
            ("own", "My own microphone", "It stands on my desk or camera and stays in use"),
            ("rarely", "Only the odd, short call", "A small microphone would do"),
            ("never", "Nobody: I do not talk"),
        ),
    ),
    Question(
        key="where",
        title="Where will you use it most?",
        short="Place",
        options=_options(
            ("quiet_home", "At home, in peace"),
            ("shared_home", "At home, with people around"),
            ("open_office", "In an office with others"),
            ("train", "On trains and buses"),
            ("aeroplane_cabin", "On aeroplanes, as a passenger"),
            ("traffic", "In the street, near traffic"),
            ("gym", "In the gym"),
            ("studio", "In a studio"),
        ),
    ),
    Question(
        key="budget",
        title="What may it cost at most?",
        short="Budget",
        help="It narrows the products. It never decides between headset and headphones.",
    ),
    Question(
        key="quiet",
        title="Who should not hear the noise around you?",
        short="Noise",
        help="“Noise-cancelling” means two things. This tells us which one you need.",
        options=_options(
            ("me", "I should not", "Noise is kept from your ears"),
            ("them", "The person I talk to", "Noise is kept out of your microphone"),
            ("both", "Neither of us"),
            ("no_one", "It does not matter"),
        ),
    ),
    Question(
        key="hours",
        title="How long do you wear it on a usual day?",
        short="Hours a day",
        options=_options(
            ("1", "About an hour or less"), ("3", "Two to three hours"), ("5", "Four to six hours"), ("8", "All day")
        ),
    ),
    Question(
        key="connection",
        title="Cable or wireless?",
        short="Connection",
        help="Both kinds come either way.",
        options=_options(("wireless", "Wireless"), ("wired", "Cable"), ("either", "I do not mind")),
    ),
    Question(
        key="glasses",
        title="Do you wear glasses?",
        short="Glasses",
        options=_options(("yes", "Yes"), ("no", "No")),
    ),
)
BY_KEY: MappingProxyType[str, Question] = MappingProxyType({question.key: question for question in QUESTIONS})


def with_answer(told: Told, key: str, value: str) -> Told:
    """The state with one answer more, for a question with options."""
    changed: dict[str, Any] = {key: (value,) if BY_KEY[key].many > 1 else value}
    return replace(told, **changed)


def seen(told: Told) -> tuple[Question, ...]:
    """The questions that were answered or skipped, in the order of asking."""
    return tuple(item for item in QUESTIONS if told.has(item.key) or item.key in told.skipped)


def upcoming(told: Told, signature: Callable[[Told], Hashable]) -> tuple[Question, ...]:
    """The questions still to be asked, next first: only those with two answers that lead to different advice.

    `signature` sums up the advice for a state; the budget always moves the products. At most six are asked in all.
    """
    places = MOST_ASKED - len(seen(told))
    asked = {item.key for item in seen(told)}
    waiting: list[Question] = []
    for question in QUESTIONS:
        if len(waiting) >= places:
            break
        if question.key not in asked and _matters(question, told, signature):
            waiting.append(question)
    return tuple(waiting)


def _matters(question: Question, told: Told, signature: Callable[[Told], Hashable]) -> bool:
    if question.key == "do" or not question.options:
        return True
    if not told.do:
        return True  # nothing is known yet, so anything can matter
    found = (signature(with_answer(told, question.key, option.value)) for option in question.options)
    first = next(found)
    return any(other != first for other in found)


def needs_of(told: Told) -> Needs:
    return needs_from_mapping(needs_data(told))


def needs_data(told: Told) -> dict[str, Any]:
    """The answers as a needs mapping of the decision vocabulary. What was not answered is not in it."""
    data: dict[str, Any] = {}
    if told.do:
        data["activities"] = [{"name": name, "weight": 1} for name in told.do]
    if told.budget is not None:
        data["budget"] = {"max": told.budget, "currency": told.currency}
    environment = [told.where] if told.where else []
    if told.where == "traffic":
        environment.append("outdoors")
    if told.quiet in {"them", "both"}:
        environment.append("noisy")
    if environment:
        data["environment"] = environment
    if told.quiet:
        data["isolation"] = "high" if told.quiet in {"me", "both"} else "none"
    data |= MICROPHONE.get(told.mic, {})
    if told.hours:
        data["wear_hours_per_day"] = Decimal(told.hours)
    if told.connection:
        data["connection"] = told.connection
    if told.glasses:
        data["user"] = {"glasses": told.glasses == "yes"}
    return data


# What each answer to the microphone question says, in needs.
MICROPHONE: dict[str, dict[str, Any]] = {
    "none": {"has_separate_mic": False, "will_use_separate_mic": False},
    "own": {"has_separate_mic": True, "will_use_separate_mic": True},
    "rarely": {"mic_need": "occasional"},
    "never": {"mic_need": "none"},
}
