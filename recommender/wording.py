"""Which words do readers see for the vocabulary's features, demands and advisories?"""

from __future__ import annotations

from types import MappingProxyType

# Nouns that fit after "has", "not confirmed:" and "do without".
FEATURE_LABELS: MappingProxyType[str, str] = MappingProxyType(
    {
        "mic_builtin": "a built-in microphone",
        "mic_high_quality": "a high-quality microphone",
        "mic_noise_cancelling": "a noise-cancelling microphone",
        "mic_mute": "a mute switch",
        "wireless": "a wireless connection",
        "wired": "a cable connection",
        "bluetooth": "Bluetooth",
        "dect": "DECT radio",
        "usb": "a USB connection",
        "usb_c": "a USB-C connection",
        "jack_3_5mm": "a 3.5 mm plug",
        "jack_6_35mm": "a 6.35 mm plug",
        "balanced_4_4mm": "a 4.4 mm balanced plug",
        "low_latency_wireless": "low-latency wireless",
        "anc": "active noise cancelling for your ears",
        "passive_isolation": "strong passive isolation",
        "noise_reduction": "noise reduction",
        "closed_back": "a closed back",
        "open_back": "an open back",
        "awareness": "hearing your surroundings",
        "single_ear": "one ear left free",
        "two_ear": "sound in both ears",
        "stereo": "stereo sound",
        "comfort_long_wear": "comfort over long hours",
        "lightweight": "low weight",
        "durable": "a sturdy build",
        "foldable": "a folding design",
        "compact": "a compact size",
        "water_resistant": "sweat and rain resistance",
        "waterproof": "use under water",
        "volume_limited": "a volume limit",
        "child_size": "a child’s size",
        "accurate_sound": "accurate monitoring sound",
        "high_fidelity": "high-fidelity sound",
        "immersive_audio": "immersive sound",
        "long_battery": "a long battery life",
        "glasses_friendly": "comfort with glasses",
        "professional_look": "a professional look",
        "hands_free": "hands-free talking",
        "aviation_plug": "an aircraft plug",
        "hearing_protection": "rated hearing protection",
        "multipoint": "two devices at once",
        "platform_xbox": "Xbox support",
        "platform_playstation": "PlayStation support",
        "rgb": "coloured lights",
        "hygiene_wipeable": "wipeable cushions",
        "low_profile": "a low profile",
        "in-ear": "an in-ear form",
        "on-ear": "an on-ear form",
        "over-ear": "an over-ear form",
        "usb_only": "a USB plug as the only connection",
        "wireless_only": "wireless as the only connection",
        "bluetooth_only": "Bluetooth as the only connection",
        "boom_mic": "a boom microphone",
        "anc_without_transparency": "noise cancelling that cannot let sound in",
        # demands that are not features
        "brand": "a maker you ruled out",
        "kind": "the right kind",
        "type": "the types named above",
        "budget": "a price within your budget",
        "price": "a low price",
    }
)

ADVISORIES: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "driving_single_ear": (
            "One ear stays free at the wheel",
            "Never cover both ears while driving or riding. Many places forbid it, and you need to hear what comes.",
        ),
        "traffic_awareness": (
            "Hear the traffic",
            "Near traffic use an open design, one ear, or a transparency mode, and keep the level low.",
        ),
        "hearing_general": (
            "Give your ears breaks",
            "Loud sound over many hours harms hearing for good. Keep the level moderate and pause every hour.",
        ),
        "hearing_children": (
            "Children need a limit",
            "Choose a model with a fixed volume limit; the WHO’s child mode allows 75 dB for 40 hours a week.",
        ),
        "budget_below_typical": (
            "Your budget is below the usual range",
            "There may be something good at this price, but fewer models to choose from.",
        ),
        "cleaning_dry_cloth": (
            "Clean with a soft, dry cloth",
            "No liquids and no sprays: moisture gets into the drivers and the microphone.",
        ),
        "anc_is_not_ppe": (
            "Noise cancelling is not hearing protection",
            "In dangerous noise wear equipment with a stated protection rating (NRR or SNR).",
        ),
    }
)


def label(key: str) -> str:
    """The words for a feature, a demand, or a negated one (`not:…`, `type:…`)."""
    if key.startswith("not:"):
        return f"not {label(key.removeprefix('not:'))}"
    if key.startswith("type:"):
        return f"the {key.removeprefix('type:').replace('-', ' ')} type"
    return FEATURE_LABELS[key]


def give_up(key: str) -> str:
    """The same as something a shopper could agree to."""
    if key == "type":
        return "accept another type"
    if key == "wireless":
        return "accept a cable"
    if key == "wired":
        return "accept wireless"
    return f"do without {label(key)}"
