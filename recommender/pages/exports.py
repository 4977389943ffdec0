"""Where does an answer lead on our site: to the catalogue with the same demands as filters, and to a comparison?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import reverse

from catalog.shopper import CURRENCY
from recommender import vocabulary, wording
from recommender.decision import Decision
from recommender.told import Told

MOST_COMPARED = 4
# Which filter of the catalogue asks for a feature. What is not here is measured there in no single column.
FILTERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "mic_builtin": ("mic_grade", "communication"),
        "mic_high_quality": ("mic_grade", "communication"),
        "mic_noise_cancelling": ("mic_noise_cancelling", "yes"),
        "mic_mute": ("mic_mute", "yes"),
        "wireless": ("wireless", "yes"),
        "wired": ("wireless", "no"),
        "bluetooth": ("radios", "bluetooth"),
        "dect": ("radios", "dect"),
        "usb": ("connectors", "usb_a,usb_c"),
        "usb_c": ("connectors", "usb_c"),
        "jack_3_5mm": ("connectors", "jack_3_5mm"),
        "jack_6_35mm": ("connectors", "jack_6_35mm"),
        "balanced_4_4mm": ("connectors", "balanced_4_4mm"),
        "low_latency_wireless": ("latency", "low"),
        "anc": ("anc", "yes"),
        "passive_isolation": ("passive_isolation", "yes"),
        "closed_back": ("enclosure", "closed"),
        "open_back": ("enclosure", "open"),
        "single_ear": ("ears", "one"),
        "two_ear": ("ears", "two"),
        "comfort_long_wear": ("comfort_long_wear", "yes"),
        "durable": ("durable", "yes"),
        "foldable": ("foldable", "yes"),
        "volume_limited": ("volume_limited", "yes"),
        "child_size": ("child_size", "yes"),
        "accurate_sound": ("accurate_sound", "yes"),
        "high_fidelity": ("high_fidelity", "yes"),
        "glasses_friendly": ("glasses_friendly", "yes"),
        "professional_look": ("professional_look", "yes"),
        "aviation_plug": ("connectors", "ga_dual_plug,helicopter_u174"),
        "hearing_protection": ("hearing_protection", "yes"),
        "multipoint": ("multipoint", "yes"),
        "platform_xbox": ("platforms", "xbox"),
        "platform_playstation": ("platforms", "playstation"),
        "rgb": ("rgb", "yes"),
        "hygiene_wipeable": ("hygiene_wipeable", "yes"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLink:
    """`left_out` names the demands that the catalogue has no filter for."""

    href: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareLink:
    href: str
    count: int


def catalogue_link(decision: Decision, told: Told) -> CatalogueLink | None:
    """The catalogue with the same demands; None while both kinds are possible."""
    if decision.kind not in vocabulary.KINDS:
        return None
    demanded = [name for name in decision.must_have if name not in told.without]
    asked: dict[str, str] = {"kind": decision.kind}
    if decision.types and "type" not in told.without:
        asked["type"] = ",".join(sorted(decision.types))
    for name in demanded:
        if name in FILTERS:
            key, value = FILTERS[name]
            asked.setdefault(key, value)
    if told.budget is not None and "budget" not in told.without:
        asked |= {"price": f"-{told.budget.normalize():f}", CURRENCY: told.currency}
    return CatalogueLink(
        href=f"{reverse('products')}?{urlencode(asked, safe=',')}",
        left_out=tuple(wording.label(name) for name in demanded if name not in FILTERS),
    )


def compare_link(slugs: Iterable[str]) -> CompareLink | None:
    """The best ones side by side; None where there are not two."""
    named = list(dict.fromkeys(slugs))[:MOST_COMPARED]
    if len(named) < 2:
        return None
    return CompareLink(href=f"{reverse('compare')}?products={','.join(named)}", count=len(named))
