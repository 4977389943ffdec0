"""Every part that the image is made of may be used, changed and handed on as this site is: judged by its own words.

`make audit` asks the same. What a licence says is read from what is installed, for each package that `uv.lock` puts
into the image; who adds one under another licence adds a reason here, or another package.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

import pytest

from config.embedded import PROJECT

LOCK = tomllib.loads((PROJECT / "uv.lock").read_text())
PACKAGES: dict[str, dict[str, Any]] = {one["name"]: one for one in LOCK["package"]}
OURS = next(name for name, one in PACKAGES.items() if "source" in one and {"editable", "virtual"} & set(one["source"]))
# The extras of the image, as in `make sbom`.
EXTRAS = ("backup", "mcp")
# Permissive ones, and those that ask only for their own files (MPL) or to be linked as libraries are here (LGPL).
ALLOWED = re.compile(
    r"\b(MIT|MIT-0|BSD|Apache|ISC|PSF|Python Software Foundation|Python-2\.0|MPL|Mozilla|LGPL|Lesser|HPND|CMU|Unlicense"
    r"|0BSD|CC0|Zlib|ZPL|Historical Permission|W3C)",
    re.IGNORECASE,
)
# Would ask something of whoever changes or serves the site.
REFUSED = re.compile(
    r"\bAGPL|\bSSPL|\bBUSL|Affero|Commons Clause|(?<!L)\bGPL|(?<!Lesser )General Public|proprietary", re.IGNORECASE
)
# By name, where what is installed says nothing that a program can read: what its file of a licence says.
BY_HAND = {
    "crawler-user-agents": "MIT",
    "qrcode": "BSD-3-Clause",  # "proprietary" in its list is the word QR Code, a mark of its owner
}


def in_the_image() -> set[str]:
    """Our dependencies and theirs, without those that only tests and tools need."""
    ours = PACKAGES[OURS]
    waiting = [
        *ours.get("dependencies", []),
        *(one for extra in EXTRAS for one in ours["optional-dependencies"][extra]),
    ]
    found: set[str] = set()
    while waiting:
        asked = waiting.pop()
        package = PACKAGES[asked["name"]]
        more = [
            one for extra in asked.get("extra", ()) for one in package.get("optional-dependencies", {}).get(extra, [])
        ]
        if asked["name"] not in found or more:
            waiting += [one for one in [*package.get("dependencies", []), *more] if one["name"] not in found]
        found.add(asked["name"])
    return found


def said(one: Distribution) -> str:
    """What a package says of its licence: the expression, else its classifiers, else its first line about it."""
    told = one.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [line.rpartition("::")[2].strip() for line in told.get_all("Classifier") or () if "License" in line]
    return "; ".join(classifiers) or str(told.get("License") or "").strip().partition("\n")[0][:120]


def judged(words: str) -> str:
    """Empty where it may stay. Of "A OR B" one is chosen, so that one allowed is enough."""
    choices = re.split(r"\bOR\b", words)
    if any(ALLOWED.search(one) and not REFUSED.search(one) for one in choices):
        return ""
    return words or "says nothing"


def installed(name: str) -> Distribution | None:
    """None for what this machine needs none of."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def test_each_part_of_the_image_is_under_a_licence_that_lets_us_hand_it_on() -> None:
    found = {name: one for name in in_the_image() if (one := installed(name))}
    assert len(found) > 40
    wrong = {name: why for name, one in found.items() if (why := judged(BY_HAND.get(name) or said(one)))}
    assert wrong == {}


@pytest.mark.parametrize(
    "words", ["AGPL-3.0-only", "GNU General Public License v3 (GPLv3)", "GPL-2.0", "SSPL-1.0", "", "Own"]
)
def test_another_licence_is_refused(words: str) -> None:
    assert judged(words)


@pytest.mark.parametrize("words", ["MIT", "BSD-3-Clause", "LGPL-3.0-only", "GPL-2.0 OR MIT", "Apache Software License"])
def test_one_that_lets_us_is_taken(words: str) -> None:
    assert not judged(words)
