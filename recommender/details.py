"""What may a shopper tell us beyond our questions? Every field of the needs that no question asks for, in words.

A sentence in one's own words says such things; they stand in the address beside the answers, and on the page of all
questions under “More”.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from recommender import vocabulary


class Sort(StrEnum):
    """What a detail's values are: one of its options, several of them, yes or no, a number, words, or several names."""

    ONE = "one"
    MANY = "many"
    FLAG = "flag"
    NUMBER = "number"
    WORDS = "words"
    NAMES = "names"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """`key` is its name in the address, `field` that of `Needs`; `options` are values with their words."""

    key: str
    field: str
    label: str
    sort: Sort
    options: tuple[tuple[str, str], ...] = ()

    def label_of(self, value: str) -> str:
        return dict(self.options).get(value, value.replace("_", " "))


def _plain(values: tuple[str, ...], **words: str) -> tuple[tuple[str, str], ...]:
    """Values in the words a reader would use; most of them are such words already."""
    return tuple((value, words.get(value, value.replace("_", " ").capitalize())) for value in values)


_YES_NO = (("yes", "Yes"), ("no", "No"))
_SHAPES = _plain(vocabulary.FORMS, over_ear="Over the ear", on_ear="On the ear", in_ear="In the ear")
PLACES: MappingProxyType[str, str] = MappingProxyType(
    dict(
        _plain(
            vocabulary.ENVIRONMENTS,
            quiet_home="At home, in peace",
            home="At home",
            shared_home="At home, with people around",
            quiet_office="In a quiet office",
            office="In an office",
            open_office="In an office with others",
            noisy="Where it is noisy",
            very_noisy="Where it is very noisy",
            cockpit="In a cockpit",
            control_room="In a control room",
            vehicle="In a car, van or lorry",
            traffic="In the street, near traffic",
            outdoors="Outdoors",
            train="On trains and buses",
            tram="On a tram",
            bus="On a bus",
            aeroplane_cabin="On aeroplanes, as a passenger",
            airport="At an airport",
            stage="On a stage",
            stadium="In a stadium",
            studio="In a studio",
            warehouse="In a warehouse",
            construction="On a building site",
            courtroom="In a courtroom",
            library="In a library",
            gym="In the gym",
            water="In the water",
        )
    )
)

DETAILS: tuple[Detail, ...] = (
    Detail(
        key="voice",
        field="mic_need",
        label="Your voice",
        sort=Sort.ONE,
        options=(
            ("required", "Has to be heard"),
            ("occasional", "Is heard now and then"),
            ("none", "Is not needed"),
            ("forbidden", "No microphone is allowed"),
        ),
    ),
    Detail(key="has_mic", field="has_separate_mic", label="A microphone of your own", sort=Sort.FLAG, options=_YES_NO),
    Detail(key="use_mic", field="will_use_separate_mic", label="It stays in use", sort=Sort.FLAG, options=_YES_NO),
    Detail(
        key="device",
        field="platforms",
        label="Devices",
        sort=Sort.MANY,
        options=_plain(
            vocabulary.PLATFORMS,
            pc="Computer",
            tv="Television",
            dap="Music player",
            xbox="Xbox",
            playstation="PlayStation",
            switch="Nintendo Switch",
        ),
    ),
    Detail(
        key="plug",
        field="connectors",
        label="Plugs",
        sort=Sort.MANY,
        options=_plain(
            vocabulary.CONNECTORS,
            jack_3_5mm="3.5 mm plug",
            jack_6_35mm="6.35 mm plug",
            dual_3_5mm="Two 3.5 mm plugs",
            balanced_4_4mm="4.4 mm balanced plug",
            usb_a="USB-A",
            usb_c="USB-C",
            lightning_or_usb_c="Lightning or USB-C",
            xlr="XLR",
            ga_dual_plug="Aircraft plugs (two)",
            helicopter_u174="Helicopter plug (U-174)",
        ),
    ),
    Detail(
        key="hear",
        field="awareness",
        label="Hearing your surroundings",
        sort=Sort.ONE,
        options=(("required", "I must"), ("nice", "Would be nice"), ("none", "Not needed")),
    ),
    Detail(
        key="carry",
        field="portability",
        label="Carrying it",
        sort=Sort.ONE,
        options=(("high", "It has to be small and light"), ("medium", "Now and then")),
    ),
    Detail(
        key="sound",
        field="sound_priority",
        label="Sound",
        sort=Sort.ONE,
        options=(("top", "Comes before all else"), ("normal", "Should be good")),
    ),
    Detail(key="shape", field="forms", label="Shape", sort=Sort.MANY, options=_SHAPES),
    Detail(key="no_shape", field="avoid_forms", label="Not this shape", sort=Sort.MANY, options=_SHAPES),
    Detail(
        key="ears",
        field="ears",
        label="Ears",
        sort=Sort.ONE,
        options=(("one", "One stays free"), ("two", "Both are covered")),
    ),
    Detail(key="folds", field="foldable", label="It folds", sort=Sort.FLAG, options=_YES_NO),
    Detail(key="wet", field="water_resistant", label="It stands sweat and rain", sort=Sort.FLAG, options=_YES_NO),
    Detail(
        key="has",
        field="features",
        label="It has to have",
        sort=Sort.MANY,
        options=_plain(
            vocabulary.ASKED_FEATURES,
            mic_high_quality="A microphone of high quality",
            mic_noise_cancelling="A microphone that keeps noise out",
            mic_mute="A mute switch",
            wired="A cable",
            bluetooth="Bluetooth",
            dect="DECT",
            low_latency_wireless="Radio without a delay",
            passive_isolation="Cups or tips that seal well",
            closed_back="A closed back",
            open_back="An open back",
            lightweight="Low weight",
            durable="A sturdy build",
            long_battery="A battery that lasts",
            professional_look="A look for the office",
            hands_free="Calls without hands",
            multipoint="Two devices at once",
            hygiene_wipeable="Cushions that wipe clean",
            low_profile="A flat shape, for a helmet or a pillow",
        ),
    ),
    Detail(
        key="has_not",
        field="avoid_features",
        label="It must not have",
        sort=Sort.MANY,
        options=_plain(
            vocabulary.REFUSED_FEATURES,
            wireless="Radio of any kind",
            bluetooth="Bluetooth",
            dect="DECT",
            anc="Noise cancelling for the ears",
            rgb="Coloured lights",
            boom_mic="A microphone on an arm",
        ),
    ),
    Detail(key="avoid", field="avoid_brands", label="Not by these makers", sort=Sort.NAMES),
    Detail(key="age", field="age", label="Age", sort=Sort.NUMBER),
    Detail(key="aids", field="hearing_aids", label="Hearing aids", sort=Sort.FLAG, options=_YES_NO),
    Detail(
        key="limit",
        field="hearing_limit",
        label="Volume limit",
        sort=Sort.ONE,
        options=(("child", "A child’s"), ("teen", "A teenager’s"), ("strict", "A strict one")),
    ),
    Detail(key="condition", field="hearing_condition", label="About your hearing", sort=Sort.WORDS),
)
DETAIL_OF: MappingProxyType[str, Detail] = MappingProxyType({detail.key: detail for detail in DETAILS})
