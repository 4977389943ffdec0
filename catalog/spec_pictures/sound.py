"""What does it do to sound: how much of the street is left, where do bass and treble stand, how far does it reach?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from catalog.spec_pictures.paper import EDGE, FAINT, FULL, HALF, WIDTH, Known, SpecPicture, Stroke, box, plain

# --- how much of the street is left -------------------------------------------------------------------------

_QUIET_HEIGHT = 48
# How tall each bar of the street's noise is. By hand: no street was recorded.
_STREET = (
    8,
    14,
    24,
    18,
    30,
    22,
    12,
    20,
    34,
    40,
    28,
    16,
    22,
    36,
    30,
    18,
    10,
    16,
    26,
    38,
    32,
    20,
    12,
    22,
    28,
    16,
    24,
    10,
)
# Between the faintest that is heard and what hurts, in dB: no more can be kept out.
_ALL_THERE_IS = 120
_SHARES = (
    (1 / 30, "a thirtieth"),
    (1 / 16, "a sixteenth"),
    (1 / 10, "a tenth"),
    (1 / 8, "an eighth"),
    (1 / 6, "a sixth"),
    (1 / 4, "a quarter"),
    (1 / 3, "a third"),
    (1 / 2, "half"),
    (2 / 3, "two thirds"),
)


def isolation(sheet: Mapping[str, Known]) -> SpecPicture | None:
    """What is heard as half as loud is 10 dB less (Stevens, "The measurement of loudness", 1955)."""
    known = sheet.get("isolation_db")
    if known is None or known.number is None:
        return None
    left = 2 ** (-min(float(known.number), _ALL_THERE_IS) / 10)
    return SpecPicture(
        height=_QUIET_HEIGHT,
        strokes=(Stroke(_noise(1), FAINT), Stroke(_noise(left))),
        words=f"What is around you sounds {_share(left)} as loud",
        scale="Pale: a street without them; full: what is left of it. Every 10 dB sound half as loud.",
    )


def _noise(share: float) -> str:
    pitch = (WIDTH - 2 * EDGE) / len(_STREET)
    middle = _QUIET_HEIGHT / 2
    return "".join(
        box(EDGE + place * pitch, middle - tall * share / 2, pitch - 3, max(tall * share, 1))
        for place, tall in enumerate(_STREET)
    )


def _share(left: float) -> str:
    if left > 0.8:
        return "nearly"
    if left < 1 / 45:
        return "less than a thirtieth"
    nearest = min(_SHARES, key=lambda one: abs(math.log(one[0] / left)))
    return f"about {nearest[1]}"


# --- where bass, mids and treble stand ----------------------------------------------------------------------

_BALANCE_HEIGHT, _NEUTRAL, _STEP = 52, 28, 15
# By the word of the sheet: how far bass, mids and treble stand above neutral, in steps, and what that is like.
_BALANCES = {
    "Neutral": (0, 0, 0, "Nothing stands out: close to what was recorded"),
    "More bass": (1.2, 0, -0.2, "Bass stands out: drums and bass guitar come forward"),
    "More treble": (-0.2, 0, 1.2, "Treble stands out: cymbals and consonants come forward"),
    "More bass and treble": (1.1, -0.6, 1.1, "Both ends stand out, voices step back"),
    "Voices to the front": (-0.7, 0.9, -0.6, "Voices and guitars come forward, both ends step back"),
}
BALANCE_WORDS = tuple(_BALANCES)


def balance(sheet: Mapping[str, Known]) -> SpecPicture | None:
    """A drawing of the word, not a measurement."""
    known = sheet.get("sound_balance")
    found = _BALANCES.get(known.value or "") if known else None
    if found is None:
        return None
    bass, mids, treble, words = found
    left, middle, right = EDGE, WIDTH // 2, WIDTH - EDGE
    curve = _wave(left, _NEUTRAL - bass * _STEP, middle, _NEUTRAL - mids * _STEP) + _wave_on(
        middle, right, _NEUTRAL - mids * _STEP, _NEUTRAL - treble * _STEP
    )
    return SpecPicture(
        height=_BALANCE_HEIGHT,
        strokes=(
            Stroke(f"{curve}V{_BALANCE_HEIGHT}H{left}z", FAINT),
            Stroke(f"M{left} {_NEUTRAL}H{right}", HALF, 1, "4 4"),
            Stroke(curve, FULL, 3),
        ),
        words=words,
        marks=("bass", "mids", "treble"),
        scale="The dashed line is neutral.",
    )


def _wave(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"M{plain(x0)} {plain(y0)}{_wave_on(x0, x1, y0, y1)}"


def _wave_on(x0: float, x1: float, y0: float, y1: float) -> str:
    half = (x0 + x1) / 2
    return f"C{plain(half)} {plain(y0)} {plain(half)} {plain(y1)} {plain(x1)} {plain(y1)}"


# --- how far it reaches -------------------------------------------------------------------------------------

_REACH_HEIGHT = 30
# What people hear, in Hz (ISO 226 begins at 20; young ears end at 20,000), and what the picture has room for.
LOWEST_HEARD, HIGHEST_HEARD = 20, 20_000
_FIRST, _LAST = 4, 100_000


def hearing(sheet: Mapping[str, Known]) -> SpecPicture | None:
    low, high = sheet.get("frequency_low_hz"), sheet.get("frequency_high_hz")
    if low is None or high is None or low.number is None or high.number is None or not 0 < low.number < high.number:
        return None
    from_hz, to_hz = float(low.number), float(high.number)
    heard = box(_at(LOWEST_HEARD), 2, _at(HIGHEST_HEARD) - _at(LOWEST_HEARD), _REACH_HEIGHT - 4)
    reach = box(_at(from_hz), 11, _at(to_hz) - _at(from_hz), 8)
    return SpecPicture(
        height=_REACH_HEIGHT,
        strokes=(Stroke(heard, FAINT), Stroke(reach)),
        words=_reach_words(from_hz, to_hz),
        scale="Pale: what people hear, 20 Hz to 20,000 Hz. The range alone does not say how it sounds.",
    )


def _at(hertz: float) -> float:
    within = min(max(hertz, _FIRST), _LAST)
    return EDGE + math.log(within / _FIRST) / math.log(_LAST / _FIRST) * (WIDTH - 2 * EDGE)


def _reach_words(low: float, high: float) -> str:
    missing = [
        *(["the deepest tones"] if low > LOWEST_HEARD else []),
        *(["the highest tones"] if high < HIGHEST_HEARD else []),
    ]
    if missing:
        return f"Leaves out {' and '.join(missing)} that people hear"
    return "Reaches all that people hear"
