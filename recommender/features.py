"""Has this product that feature? One three-valued answer for every must-have and excluded word of the vocabulary.

True and False are only said when the facts say so; everything else is None, which is never read as false. Where a
feature has no column of its own it is derived from columns; each derivation and its threshold is written beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType

from catalog.kinds import ProductType
from recommender.facts import CandidateFacts, Known

Feature = Callable[[CandidateFacts], Known]

# Our own thresholds (editorial, not from the guide): what most makers of the class reach is not worth a word.
LIGHT_G = Decimal(250)
TINY_G = Decimal(50)
LONG_BATTERY_HOURS = Decimal(20)
LONG_BATTERY_HOURS_IN_EAR = Decimal(8)
LARGE_DRIVER_MM = Decimal(40)
SPLASH_PROOF, IMMERSION_PROOF = 4, 7  # second digit of IEC 60529

USB = frozenset({"usb_a", "usb_c"})
AVIATION_PLUGS = frozenset({"ga_dual_plug", "helicopter_u174"})
# A plug that only ever carries sound: with USB on a wireless product we cannot tell sound from charging.
SOUND_PLUGS = frozenset({"jack_3_5mm", "jack_6_35mm", "dual_3_5mm", "balanced_4_4mm", "xlr", "qd"}) | AVIATION_PLUGS


def has(product: CandidateFacts, feature: str) -> Known:
    """True, False, or None for unknown. Raises KeyError for a word that is not in the vocabulary."""
    if feature.startswith("type:"):
        return _has_type(product, feature.removeprefix("type:"))
    return FEATURES[feature](product)


def either(*values: Known) -> Known:
    """Three-valued "or": one True settles it, all must be False for False."""
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def both(*values: Known) -> Known:
    """Three-valued "and": one False settles it, all must be True for True."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def negated(value: Known) -> Known:
    return None if value is None else not value


def _has_type(product: CandidateFacts, name: str) -> Known:
    if name in product.types:
        return True
    if not product.types:
        # The kind settles it for the other kind's types.
        return False if product.kind is not None and ProductType(name).kind.value != product.kind else None
    return False


def _form_is(name: str) -> Feature:
    return lambda product: None if product.form is None else product.form == name


def _among(value: str | None, *accepted: str) -> Known:
    return None if value is None else value in accepted


def _contains(values: frozenset[str] | None, *wanted: str) -> Known:
    return None if values is None else not values.isdisjoint(wanted)


def _plug(*names: str) -> Feature:
    return lambda product: _contains(product.connectors, *names)


def _radio(name: str) -> Feature:
    return lambda product: False if product.wireless is False else _contains(product.radios, name)


def _platform(name: str) -> Feature:
    return lambda product: _contains(product.platforms, name)


def mic_builtin(product: CandidateFacts) -> Known:
    """Any microphone of its own. A headset has one by definition (DEF-3)."""
    if product.mic_grade is not None:
        return product.mic_grade != "none"
    return True if product.mic_form is not None or product.kind == "headset" else None


def _with_mic(column: Callable[[CandidateFacts], Known]) -> Feature:
    return lambda product: False if mic_builtin(product) is False else column(product)


def _mic_high_quality(product: CandidateFacts) -> Known:
    """Communication grade and either noise-cancelling or certified for calls; an incidental microphone never is."""
    if product.mic_grade in {"none", "incidental"}:
        return False
    is_communication = product.mic_grade == "communication" or product.kind == "headset"
    if is_communication and (product.mic_noise_cancelling or product.certifications):
        return True
    return None


def _hands_free(product: CandidateFacts) -> Known:
    """Talking without touching anything: a communication microphone, or any microphone on a wireless product."""
    if mic_builtin(product) is False:
        return False
    if product.mic_grade == "communication" or product.kind == "headset" or (product.mic_form or "").startswith("boom"):
        return True
    return True if mic_builtin(product) and product.wireless else None


def _wired(product: CandidateFacts) -> Known:
    if product.wireless is False or product.latency == "wired":
        return True
    if product.connectors is None:
        return None
    if product.connectors & SOUND_PLUGS:
        return True
    return None if product.connectors & USB else False


def _low_latency_wireless(product: CandidateFacts) -> Known:
    if product.wireless is False:
        return False
    if product.latency is not None:
        return product.latency == "low"
    return True if product.radios is not None and "rf_24ghz" in product.radios else None


def _passive_isolation(product: CandidateFacts) -> Known:
    if product.passive_isolation is not None:
        return product.passive_isolation
    if product.hearing_protection:
        return True
    return False if _open_back(product) or product.form_factor == "open-ear" else None


def _open_back(product: CandidateFacts) -> Known:
    return _among(product.enclosure, "open", "semi-open")


def _two_ears(product: CandidateFacts) -> Known:
    """Headphones are a pair by definition (DEF-1); a headset may be either."""
    if product.ears is not None:
        return product.ears == "two"
    return True if product.kind == "headphones" else None


def _awareness(product: CandidateFacts) -> Known:
    """The wearer still hears the surroundings: transparency, an open design, or one ear free."""
    return either(
        product.transparency,
        True if product.form_factor == "open-ear" else _open_back(product),
        negated(_two_ears(product)),
    )


def _lightweight(product: CandidateFacts) -> Known:
    if product.form == "in-ear":
        return True  # HPT-3: small and light is what the form is
    return None if product.weight_g is None else product.weight_g <= LIGHT_G


def _compact(product: CandidateFacts) -> Known:
    """Fits a pocket or folds into one (HPT-3, POR-3, POR-7)."""
    if product.form == "in-ear" or product.foldable:
        return True
    if product.form != "over-ear" and product.weight_g is not None and product.weight_g <= TINY_G:
        return True
    return False if product.form == "over-ear" and product.foldable is False else None


def _low_profile(product: CandidateFacts) -> Known:
    """Nothing stands out from the head: wearable under a helmet or on a pillow."""
    if product.form is None:
        return False if _boom_mic(product) else None
    # a boom is what makes a headset: of whatever else nothing is said, it has none (A7)
    may_have_boom = product.mic_form is not None or product.kind == "headset"
    return both(product.form == "in-ear", negated(_boom_mic(product)) if may_have_boom else True)


def _boom_mic(product: CandidateFacts) -> Known:
    if mic_builtin(product) is False:
        return False
    return _among(product.mic_form, "boom", "boom-detachable")


def _water(at_least: int) -> Feature:
    def answer(product: CandidateFacts) -> Known:
        if product.water_rating is None:
            return None
        if product.water_rating.strip().lower() == "none":
            return False
        rating = re.fullmatch(r"IP[0-6X]([0-9X])[A-Z]?", product.water_rating.strip().upper())
        if rating is None:
            return None
        return rating[1] != "X" and int(rating[1]) >= at_least

    return answer


def _long_battery(product: CandidateFacts) -> Known:
    if product.wireless is False:
        return True  # a cable does not run out
    if product.battery_hours is None:
        return None
    limit = LONG_BATTERY_HOURS_IN_EAR if product.form == "in-ear" else LONG_BATTERY_HOURS
    return product.battery_hours >= limit


def _immersive_audio(product: CandidateFacts) -> Known:
    """Two ears, around them, with large drivers (HPC-4, HST-1, SQ-4); one ear never surrounds anybody."""
    two = _two_ears(product)
    large = None if product.driver_mm is None else product.driver_mm >= LARGE_DRIVER_MM
    return both(two, None if product.form is None else product.form == "over-ear", large)


def _wireless_only(product: CandidateFacts) -> Known:
    return both(product.wireless, negated(_wired(product)))


def _bluetooth_only(product: CandidateFacts) -> Known:
    only = None if product.radios is None else product.radios == {"bluetooth"}
    return both(_wireless_only(product), only)


def _usb_only(product: CandidateFacts) -> Known:
    only = None if product.connectors is None else bool(product.connectors) and product.connectors <= USB
    return both(negated(product.wireless), only)


FEATURES: MappingProxyType[str, Feature] = MappingProxyType(
    {
        "mic_builtin": mic_builtin,
        "mic_high_quality": _mic_high_quality,
        "mic_noise_cancelling": _with_mic(lambda product: product.mic_noise_cancelling),
        "mic_mute": _with_mic(lambda product: product.mic_mute),
        "wireless": lambda product: product.wireless,
        "wired": _wired,
        "bluetooth": _radio("bluetooth"),
        "dect": _radio("dect"),
        "usb": _plug(*USB),
        "usb_c": _plug("usb_c"),
        "jack_3_5mm": _plug("jack_3_5mm"),
        "jack_6_35mm": _plug("jack_6_35mm"),
        "balanced_4_4mm": _plug("balanced_4_4mm"),
        "low_latency_wireless": _low_latency_wireless,
        "anc": lambda product: product.anc,
        "passive_isolation": _passive_isolation,
        "noise_reduction": lambda product: either(product.anc, _passive_isolation(product)),
        "closed_back": lambda product: _among(product.enclosure, "closed"),
        "open_back": _open_back,
        "awareness": _awareness,
        "single_ear": lambda product: negated(_two_ears(product)),
        "two_ear": _two_ears,
        "stereo": _two_ears,
        "comfort_long_wear": lambda product: product.comfort_long_wear,
        "lightweight": _lightweight,
        "durable": lambda product: product.durable,
        "foldable": lambda product: product.foldable,
        "compact": _compact,
        "water_resistant": _water(SPLASH_PROOF),
        "waterproof": _water(IMMERSION_PROOF),
        "volume_limited": lambda product: product.volume_limited,
        "child_size": lambda product: product.child_size,
        "accurate_sound": lambda product: product.accurate_sound,
        "high_fidelity": lambda product: product.high_fidelity,
        "immersive_audio": _immersive_audio,
        "long_battery": _long_battery,
        "glasses_friendly": lambda product: product.glasses_friendly,
        "professional_look": lambda product: product.professional_look,
        "hands_free": _hands_free,
        "aviation_plug": _plug(*AVIATION_PLUGS),
        "hearing_protection": lambda product: product.hearing_protection,
        "multipoint": lambda product: False if product.wireless is False else product.multipoint,
        "platform_xbox": _platform("xbox"),
        "platform_playstation": _platform("playstation"),
        "rgb": lambda product: product.rgb,
        "hygiene_wipeable": lambda product: product.hygiene_wipeable,
        "low_profile": _low_profile,
        # words that only occur among the excluded
        "in-ear": _form_is("in-ear"),
        "on-ear": _form_is("on-ear"),
        "over-ear": _form_is("over-ear"),
        "usb_only": _usb_only,
        "wireless_only": _wireless_only,
        "bluetooth_only": _bluetooth_only,
        "boom_mic": _boom_mic,
        "anc_without_transparency": lambda product: both(product.anc, negated(product.transparency)),
    }
)
