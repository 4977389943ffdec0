"""What does a request say about its visitor: phone, tablet or desktop, which system, which language first?

A pure module, asked for every click: small rules over the user agent, remembered for those seen before. What it cannot
know it leaves empty, and an empty value fits only routes that ask nothing.

Its limits: an iPad asks as a Mac unless an app's own browser, or one that is not Safari, gives it away (Apple's choice
since iPadOS 13), so it counts as a desktop; so does an Android phone on "desktop site". Chromebooks are desktops
without a system, televisions, consoles and headsets have a system at most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

FORMS = ("phone", "tablet", "desktop")
SYSTEMS = ("ios", "android", "windows", "macos", "linux")

# Longer ones are read so far; what tells a device stands in front.
LONGEST_READ = 400
_REMEMBERED = 10_000

_NOT_HELD_NOR_DESK = re.compile(
    r"smart-?tv|googletv|android tv|appletv|apple tv|hbbtv|\btizen.*\btv\b|web0s|bravia|crkey|\baft[a-z]{1,4}\b|roku"
    r"|viera|netcast|playstation|nintendo|xbox|oculusbrowser|\bquest \d",
    re.IGNORECASE,
)
# Android tablets that some browsers introduce as "Mobile": Samsung's Tab series, Amazon's Fire, or by their word.
_TABLET = re.compile(
    r"\btablet\b|\bipad|\bSM-[TPX]\d{3}|\bKF[A-Z]{2,5}\b|\bsilk/(?!.*\bmobile)|nexus (?:7|9|10)\b", re.IGNORECASE
)
_IOS_BROWSER = re.compile(r"\b(?:CriOS|FxiOS|EdgiOS|OPiOS|OPT|GSA|DuckDuckGo|Focus)/.*|\bMobile/\w+", re.IGNORECASE)
_PHONE = re.compile(
    r"\bmobile\b|\bphone\b|opera mini|opera mobi|iemobile|\bmidp\b|kaios|symbian|blackberry", re.IGNORECASE
)
_TAG = re.compile(r"([a-z]{2,3})(?:-[a-z0-9-]+)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Device:
    """`form` is one of `FORMS`, `system` one of `SYSTEMS`; empty where it cannot be told."""

    form: str = ""
    system: str = ""


_UNKNOWN = Device()


def device(user_agent: str) -> Device:
    """The device a user agent speaks of. Never raises."""
    return _device(user_agent[:LONGEST_READ])


@lru_cache(maxsize=_REMEMBERED)
def _device(agent: str) -> Device:
    if not agent:
        return _UNKNOWN
    system = _system(agent)
    return Device(_form(agent, system), system)


def _system(agent: str) -> str:
    if "Windows Phone" in agent:  # it also says Android and iPhone, so that pages for them are given to it
        return "windows"
    if "iPhone" in agent or "iPad" in agent or "iPod" in agent:
        return "ios"
    if "Android" in agent or "; Adr " in agent or re.search(r"\bKF[A-Z]{2,5}\b.*\bSilk/", agent):
        return "android"
    if "Windows" in agent:
        return "windows"
    if "Macintosh" in agent or "Mac OS X" in agent:
        return "ios" if _IOS_BROWSER.search(agent) else "macos"
    if "CrOS" in agent or "OpenHarmony" in agent or "KAIOS" in agent or _NOT_HELD_NOR_DESK.search(agent):
        return ""
    return "linux" if "Linux" in agent or "Ubuntu" in agent else ""


def _form(agent: str, system: str) -> str:
    if _NOT_HELD_NOR_DESK.search(agent):
        return ""
    if system == "ios":
        return "phone" if "iPhone" in agent or "iPod" in agent else "tablet"
    if system == "windows":
        return "phone" if "Phone" in agent or "IEMobile" in agent else "desktop"
    if system == "android":
        return _android_form(agent)
    if system == "macos" or "CrOS" in agent or "(PC; OpenHarmony" in agent:
        return "desktop"
    if _TABLET.search(agent):
        return "tablet"
    if _PHONE.search(agent):
        return "phone"
    return "desktop" if system == "linux" or "X11" in agent else ""


def _android_form(agent: str) -> str:
    if _TABLET.search(agent):
        return "tablet"
    if _PHONE.search(agent):
        return "phone"
    # Android's rule for browsers is: no "Mobile" is a tablet. Apps that fetch by themselves follow no rule.
    return "tablet" if agent.startswith("Mozilla/") else ""


@lru_cache(maxsize=_REMEMBERED)
def language(accept_language: str) -> str:
    """The language a visitor reads first, as the two or three small letters of its ISO 639 code; empty when unsaid.

    The highest `q` wins, among equals the first; a `q` that is no number from 0 to 1 is passed over with its language.
    """
    best, best_quality = "", 0.0
    for item in accept_language[:LONGEST_READ].split(","):
        tag, _, rest = item.partition(";")
        found = _TAG.fullmatch(tag.strip())
        quality = _quality(rest)
        if found is not None and quality > best_quality:
            best, best_quality = found[1].lower(), quality
    return best


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    found = re.fullmatch(r"0?\.\d{1,6}|0\.?|1(?:\.0{0,6})?", value.strip(), re.ASCII)
    return float(value) if name.strip().lower() == "q" and found is not None else 0.0
