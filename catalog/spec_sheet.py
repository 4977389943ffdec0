"""How is each spec named, grouped and printed on a spec sheet, and does what somebody says agree with it?

Pure: one entry per column of `AudioSpecs` (a test compares the two). `unit` stands behind the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum


class Sort(StrEnum):
    """What a spec's values are; every one may be unknown besides."""

    FLAG = "flag"
    CHOICE = "choice"
    LIST = "list"
    NUMBER = "number"
    TEXT = "text"


class Better(StrEnum):
    """Which end of a number is plainly better for everybody who asks; most have none."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class Spec:
    """`best` is the word for the better end (`lightest`); empty where neither end is better."""

    key: str
    label: str
    group: str
    sort: Sort
    unit: str = ""
    better: Better | None = None
    best: str = ""


FIT, MICROPHONE, SOUND, CONNECTION, USE = "Fit and build", "Microphone", "Sound and quiet", "Connection", "In use"
GROUPS = (FIT, SOUND, MICROPHONE, CONNECTION, USE)

SPECS = (
    Spec("form_factor", "Form", FIT, Sort.CHOICE),
    Spec("enclosure", "Enclosure", FIT, Sort.CHOICE),
    Spec("ears", "Ears", FIT, Sort.CHOICE),
    Spec("weight_g", "Weight", FIT, Sort.NUMBER, "g", Better.LOWER, "lightest"),
    Spec("foldable", "Folds", FIT, Sort.FLAG),
    Spec("durable", "Built for rough use", FIT, Sort.FLAG),
    Spec("water_rating", "Water rating", FIT, Sort.TEXT),
    Spec("mic_grade", "Microphone", MICROPHONE, Sort.CHOICE),
    Spec("mic_form", "Microphone’s form", MICROPHONE, Sort.CHOICE),
    Spec("mic_noise_cancelling", "Noise-cancelling microphone", MICROPHONE, Sort.FLAG),
    Spec("mic_mute", "Mute switch", MICROPHONE, Sort.FLAG),
    Spec("sidetone", "Sidetone (you hear yourself)", MICROPHONE, Sort.FLAG),
    Spec("driver_mm", "Driver size", SOUND, Sort.NUMBER, "mm"),
    Spec("driver_type", "Driver type", SOUND, Sort.TEXT),
    Spec("frequency_low_hz", "Lowest frequency", SOUND, Sort.NUMBER, "Hz"),
    Spec("frequency_high_hz", "Highest frequency", SOUND, Sort.NUMBER, "Hz"),
    Spec("impedance_ohm", "Impedance", SOUND, Sort.NUMBER, "Ω"),
    Spec("sound_balance", "Sound balance", SOUND, Sort.CHOICE),
    Spec("accurate_sound", "Made for monitoring", SOUND, Sort.FLAG),
    Spec("high_fidelity", "Made for critical listening", SOUND, Sort.FLAG),
    Spec("anc", "Active noise cancelling", SOUND, Sort.FLAG),
    Spec("passive_isolation", "Strong passive isolation", SOUND, Sort.FLAG),
    Spec("isolation_db", "Isolation", SOUND, Sort.NUMBER, "dB"),
    Spec("transparency", "Transparency mode", SOUND, Sort.FLAG),
    Spec("volume_limited", "Volume limit", SOUND, Sort.FLAG),
    Spec("hearing_protection", "Rated hearing protection", SOUND, Sort.FLAG),
    Spec("wireless", "Wireless", CONNECTION, Sort.FLAG),
    Spec("radios", "Radio", CONNECTION, Sort.LIST),
    Spec("connectors", "Connectors", CONNECTION, Sort.LIST),
    Spec("platforms", "Works with", CONNECTION, Sort.LIST),
    Spec("latency", "Delay", CONNECTION, Sort.CHOICE),
    Spec("multipoint", "Two devices at once", CONNECTION, Sort.FLAG),
    Spec("battery_hours", "Battery life", CONNECTION, Sort.NUMBER, "h", Better.HIGHER, "longest"),
    Spec("comfort_long_wear", "Made for long wear", USE, Sort.FLAG),
    Spec("glasses_friendly", "Kind to glasses", USE, Sort.FLAG),
    Spec("child_size", "Child size", USE, Sort.FLAG),
    Spec("hygiene_wipeable", "Wipes clean", USE, Sort.FLAG),
    Spec("professional_look", "Looks professional", USE, Sort.FLAG),
    Spec("rgb", "Lights", USE, Sort.FLAG),
    Spec("certifications", "Certifications", USE, Sort.LIST),
    Spec("release_year", "Released", USE, Sort.NUMBER),
)


def agrees(said: str, *, printed: str, number: Decimal | None) -> bool:
    """Whether a value as somebody wrote it ("254 g", "Yes", "USB-C") is that of the sheet.

    `number`: the bare number behind what is printed, where there is one. Of a list, each part is enough.
    """
    if number is not None and _first_number(said) == number:
        return True
    sheet = _plain(printed)
    return _plain(said) in (sheet, *(part.strip() for part in sheet.split(",")))


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").casefold().split())


def _first_number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").split()[0])
    except (InvalidOperation, IndexError):
        return None
