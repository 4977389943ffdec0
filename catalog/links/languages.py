"""Is there a language with this code (ISO 639-1), and what is it called?

A pure module. Browsers say the two-letter code wherever a language has one.
"""

from __future__ import annotations

import re

CODES = frozenset(
    re.findall(
        "[a-z]{2}",
        """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta
    te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """,
    )
)
# Languages without a short code have one of three letters (ISO 639-3: 7,000 of them, not listed here).
_LONGER = re.compile(r"[a-z]{3}", re.ASCII)


def is_language(code: str) -> bool:
    """True for a code of two letters that exists, and for every one of three small letters."""
    return code in CODES or _LONGER.fullmatch(code) is not None


# Of the languages that shops are read in; the others are called by their codes.
_NAMED = """
ar Arabic|bg Bulgarian|bn Bengali|ca Catalan|cs Czech|cy Welsh|da Danish|de German|el Greek|en English|es Spanish|
et Estonian|eu Basque|fa Persian|fi Finnish|fil Filipino|fr French|ga Irish|gl Galician|he Hebrew|hi Hindi|
hr Croatian|hu Hungarian|hy Armenian|id Indonesian|is Icelandic|it Italian|ja Japanese|ka Georgian|kk Kazakh|
ko Korean|lb Luxembourgish|lt Lithuanian|lv Latvian|mk Macedonian|ms Malay|mt Maltese|nb Norwegian|nl Dutch|
nn Norwegian Nynorsk|pl Polish|pt Portuguese|ro Romanian|ru Russian|sk Slovak|sl Slovene|sq Albanian|sr Serbian|
sv Swedish|sw Swahili|ta Tamil|te Telugu|th Thai|tr Turkish|uk Ukrainian|ur Urdu|vi Vietnamese|zh Chinese
"""
NAMES: dict[str, str] = dict(entry.strip().split(" ", 1) for entry in _NAMED.split("|"))


def language_name(code: str) -> str:
    """`German`; a code we have no name for stays as it is."""
    return NAMES.get(code, code)
