"""How is each spec named, grouped and printed on a spec sheet, and does what somebody says agree with it?

Pure: one entry per column of `AudioSpecs` (a test compares the two). `unit` stands behind the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class Spec:
    key: str
    label: str
    group: str
    unit: str = ""


FIT, MICROPHONE, SOUND, CONNECTION, USE = "Fit and build", "Microphone", "Sound and quiet", "Connection", "In use"
GROUPS = (FIT, SOUND, MICROPHONE, CONNECTION, USE)

SPECS = (
    Spec("form_factor", "Form", FIT),
    Spec("enclosure", "Enclosure", FIT),
    Spec("ears", "Ears", FIT),
    Spec("weight_g", "Weight", FIT, "g"),
    Spec("foldable", "Folds", FIT),
    Spec("durable", "Built for rough use", FIT),
    Spec("water_rating", "Water rating", FIT),
    Spec("mic_grade", "Microphone", MICROPHONE),
    Spec("mic_form", "Microphone’s form", MICROPHONE),
    Spec("mic_noise_cancelling", "Noise-cancelling microphone", MICROPHONE),
    Spec("mic_mute", "Mute switch", MICROPHONE),
    Spec("sidetone", "Sidetone (you hear yourself)", MICROPHONE),
    Spec("driver_mm", "Driver size", SOUND, "mm"),
    Spec("driver_type", "Driver type", SOUND),
    Spec("frequency_low_hz", "Lowest frequency", SOUND, "Hz"),
    Spec("frequency_high_hz", "Highest frequency", SOUND, "Hz"),
    Spec("impedance_ohm", "Impedance", SOUND, "Ω"),
    Spec("accurate_sound", "Made for monitoring", SOUND),
    Spec("high_fidelity", "Made for critical listening", SOUND),
    Spec("anc", "Active noise cancelling", SOUND),
    Spec("passive_isolation", "Strong passive isolation", SOUND),
    Spec("transparency", "Transparency mode", SOUND),
    Spec("volume_limited", "Volume limit", SOUND),
    Spec("hearing_protection", "Rated hearing protection", SOUND),
    Spec("wireless", "Wireless", CONNECTION),
    Spec("radios", "Radio", CONNECTION),
    Spec("connectors", "Connectors", CONNECTION),
    Spec("platforms", "Works with", CONNECTION),
    Spec("latency", "Delay", CONNECTION),
    Spec("multipoint", "Two devices at once", CONNECTION),
    Spec("battery_hours", "Battery life", CONNECTION, "h"),
    Spec("comfort_long_wear", "Made for long wear", USE),
    Spec("glasses_friendly", "Kind to glasses", USE),
    Spec("child_size", "Child size", USE),
    Spec("hygiene_wipeable", "Wipes clean", USE),
    Spec("professional_look", "Looks professional", USE),
    Spec("rgb", "Lights", USE),
    Spec("certifications", "Certifications", USE),
    Spec("release_year", "Released", USE),
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
