"""Which choice does a reader mean by a word that need not stand in any name, such as earbuds or noise cancelling?

A literal table. A word finds what bears it in its name as well as what has one of its choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """`label` is what the reader is told; `choices` are facets and values, of which one is enough."""

    label: str
    choices: tuple[tuple[str, str], ...]


HEADPHONES = Meaning("Headphones", (("kind", "headphones"),))
_HEADSETS = Meaning("Headsets", (("kind", "headset"),))
_IN_EAR = Meaning("In-ear", (("type", "in-ear"), ("form_factor", "in-ear"), ("form_factor", "earbud")))
_OVER_EAR = Meaning("Over-ear", (("type", "over-ear"), ("form_factor", "over-ear")))
_ON_EAR = Meaning("On-ear", (("type", "on-ear"), ("form_factor", "on-ear")))
_OPEN_EAR = Meaning("Beside the ear", (("form_factor", "open-ear"),))
_QUIET = Meaning("Active noise cancelling", (("anc", "yes"), ("type", "noise-cancelling")))
_WIRELESS = Meaning("Wireless", (("wireless", "yes"), ("type", "wireless"), ("type", "bluetooth")))
_WIRED = Meaning("Not wireless", (("wireless", "no"),))
_BLUETOOTH = Meaning("Bluetooth", (("radios", "bluetooth"), ("type", "bluetooth")))
_GAMING = Meaning("Gaming headsets", (("type", "gaming"),))
_BUSINESS = Meaning("Business headsets", (("type", "business"), ("type", "call-centre")))
_CALLS = Meaning("Call-centre headsets", (("type", "call-centre"),))
_AVIATION = Meaning("Aviation headsets", (("type", "aviation"),))
_MIC = Meaning("With a microphone", (("mic_grade", "communication"), ("mic_grade", "incidental")))
_BOOM = Meaning("Boom microphone", (("mic_form", "boom"), ("mic_form", "boom-detachable")))
_OPEN_BACK = Meaning("Open back", (("enclosure", "open"),))
_CLOSED_BACK = Meaning("Closed back", (("enclosure", "closed"),))
_SEMI_OPEN = Meaning("Semi-open back", (("enclosure", "semi-open"),))
_USB = Meaning("USB", (("connectors", "usb_a"), ("connectors", "usb_c")))
_USB_C = Meaning("USB-C", (("connectors", "usb_c"),))
_XBOX = Meaning("Works with Xbox", (("platforms", "xbox"),))
_PLAYSTATION = Meaning("Works with PlayStation", (("platforms", "playstation"),))
_SWITCH = Meaning("Works with Switch", (("platforms", "switch"),))
_CHILDREN = Meaning("Child size", (("child_size", "yes"),))
_STUDIO = Meaning("Made for monitoring", (("accurate_sound", "yes"),))
_HIFI = Meaning("Made for critical listening", (("high_fidelity", "yes"),))
_FOLDS = Meaning("Folds", (("foldable", "yes"),))
_DECT = Meaning("DECT", (("radios", "dect"),))
_TEAMS = Meaning("Certified for Microsoft Teams", (("certifications", "microsoft-teams"),))
_ONE_EAR = Meaning("One ear", (("ears", "one"),))
_TWO_DEVICES = Meaning("Two devices at once", (("multipoint", "yes"),))
_TRANSPARENT = Meaning("Transparency mode", (("transparency", "yes"),))


def _table(*entries: tuple[str, Meaning]) -> Mapping[str, Meaning]:
    return {word.replace(" ", ""): meaning for words, meaning in entries for word in words.split(", ")}


# Folded, so that noise-cancelling, noise cancelling and noisecancelling are one; at most `MOST_WORDS` words each.
MEANINGS = _table(
    ("headphones, headphone", HEADPHONES),
    ("headsets, headset", _HEADSETS),
    ("earbuds, earbud, buds, bud, in ear, in ears, iem, iems, earphones, earphone, in ear monitor", _IN_EAR),
    ("in ear monitors, in ear headphones, in ear headphone, true wireless, tws, canalphones", _IN_EAR),
    ("over ear, over ears, over the ear, around ear, around the ear, circumaural, full size, cans", _OVER_EAR),
    ("over ear headphones, over ear headphone", _OVER_EAR),
    ("on ear, on ears, on the ear, supra aural, on ear headphones, on ear headphone", _ON_EAR),
    ("open ear, bone conduction, open ears", _OPEN_EAR),
    ("noise cancelling, noise canceling, noise cancellation, noise cancelation, noise cancel, anc, nc", _QUIET),
    ("active noise cancelling, active noise canceling, active noise cancellation, noise reduction", _QUIET),
    ("noise cancelling headphones, noise canceling headphones", _QUIET),
    ("wireless, cordless, cable free", _WIRELESS),
    ("wired, corded", _WIRED),
    ("bluetooth, bt", _BLUETOOTH),
    ("gaming, gamer, gamers, games, gaming headset, gaming headsets, gaming headphones", _GAMING),
    ("office, business, uc, conference, office headset, business headset", _BUSINESS),
    ("call centre, call center, callcentre, contact centre, contact center", _CALLS),
    ("aviation, pilot, pilots, aviation headset, pilot headset", _AVIATION),
    ("mic, microphone, with mic, with microphone", _MIC),
    ("boom, boom mic, boom microphone", _BOOM),
    ("open back, open backed, openback", _OPEN_BACK),
    ("closed back, closed backed, closedback", _CLOSED_BACK),
    ("semi open, semi open back", _SEMI_OPEN),
    ("usb", _USB),
    ("usb c, type c, usb type c", _USB_C),
    ("xbox", _XBOX),
    ("playstation, ps5, ps4", _PLAYSTATION),
    ("nintendo switch, nintendo", _SWITCH),
    ("kids, kid, children, child, toddler", _CHILDREN),
    ("studio, monitoring, mixing", _STUDIO),
    ("audiophile, hifi, hi fi", _HIFI),
    ("foldable, folding, folds", _FOLDS),
    ("dect", _DECT),
    ("teams, microsoft teams, ms teams", _TEAMS),
    ("mono, one ear, single ear, one sided, monaural", _ONE_EAR),
    ("multipoint, multi point", _TWO_DEVICES),
    ("transparency, ambient mode, hear through", _TRANSPARENT),
)
MOST_WORDS = 3

# How makers and lines of models are called for short: the first piece of a word, and what it stands for.
SHORT_NAMES: Mapping[str, str] = {
    "qc": "quietcomfort",
    "bo": "bangolufsen",
    "beyer": "beyerdynamic",
    "senn": "sennheiser",
}
# Said beside what is sought; they narrow nothing.
PASSED_OVER = frozenset({"a", "an", "and", "best", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
