"""What do we ask a shopper, in which words, and with which answers to choose from?

The values are words of the decision vocabulary wherever it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

MOST_ASKED = 6
MOST_ACTIVITIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """`label` answers the question above it; `told`, where it is another, answers its short name."""

    value: str
    label: str
    hint: str = ""
    told: str = ""
    icon: str = ""
    group: str = ""

    @property
    def as_told(self) -> str:
        return self.told or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`short` names the question in the list of answers; `many` says how many options may be chosen.

    `chances`: how many of a hundred people give each answer, as far as we can tell; empty where all are as likely. They
    decide nothing but which question comes first.
    """

    key: str
    title: str
    short: str
    help: str = ""
    options: tuple[Option, ...] = ()
    many: int = 1
    chances: Mapping[str, int] = field(default_factory=dict, compare=False)

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


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
    """Rows of value, label and, where there are any, hint and what it is called elsewhere."""
    names = ("value", "label", "hint", "told")
    return tuple(Option(**dict(zip(names, row, strict=False))) for row in rows)


# In the order of a page that asks them all at once. One at a time, the one that can change most comes first
# (`asking`); among equals, the one that stands first here.
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
            ("none", "The thing on my head has to", "I have no other microphone", "The one on my head"),
            ("own", "My own microphone", "It stands on my desk or camera and stays in use", "My own, and it stays"),
            ("rarely", "Only the odd, short call", "A small microphone would do", "For the odd, short call"),
            ("never", "Nobody: I do not talk", "", "None: I do not talk"),
        ),
        chances=MappingProxyType({"none": 45, "own": 15, "rarely": 20, "never": 20}),
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
            ("me", "I should not", "Noise is kept from your ears", "Kept from my ears"),
            ("them", "The person I talk to", "Noise is kept out of your microphone", "Kept from the person I talk to"),
            ("both", "Neither of us", "", "Kept from both of us"),
            ("no_one", "It does not matter", "", "Does not matter"),
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
        options=_options(
            ("wireless", "Wireless"), ("wired", "Cable"), ("either", "I do not mind", "", "Cable or wireless")
        ),
    ),
    Question(
        key="glasses",
        title="Do you wear glasses?",
        short="Glasses",
        options=_options(("yes", "Yes"), ("no", "No")),
    ),
)
BY_KEY: MappingProxyType[str, Question] = MappingProxyType({question.key: question for question in QUESTIONS})


# What each answer to the microphone question says, in needs.
MICROPHONE: dict[str, dict[str, Any]] = {
    "none": {"has_separate_mic": False, "will_use_separate_mic": False},
    "own": {"has_separate_mic": True, "will_use_separate_mic": True},
    "rarely": {"mic_need": "occasional"},
    "never": {"mic_need": "none"},
}
