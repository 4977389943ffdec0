"""Which models of a brand does a merchant's title probably name? By words, since merchants spell no model alike.

Measured against the model's own words: one with a digit in it (`1000xm5`) says more than `pro`, and `wireless` says
nothing. A title that names an accessory names no model, however well it spells it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

LEAST_SCORE = 0.6
MOST_CANDIDATES = 5
# A word that so many of a brand's models share tells none of them apart.
_SHARED_BY = 25
_LONGEST_JOIN = 4
_SPLIT = re.compile(r"[^a-z0-9]+")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAYS_NOTHING = _set(
    """wireless headphone headphones headset headsets earphones earbuds earbud in on over ear the a for with and of
    bluetooth noise cancelling canceling anc gaming stereo usb usbc type c true tws black white silver blue red grey
    gray schwarz weiss blau rot grau kopfhorer casque sans fil ecouteurs auriculares inalambricos edition new neu mic
    microphone series draadloos hoofdtelefoon cuffie langaton"""
)
_ACCESSORY = _set(
    """earpads cushion cushions replacement spare eartips sleeve skin protector compatible ersatz ersatzpolster polster
    ohrpolster hulle huelle tasche coussinets funda almohadillas kompatibel"""
)
# Comes with headphones, too; with one of `_MADE_FOR` in the title it is what is sold.
_PERHAPS_ACCESSORY = _set(
    "pads pad case cover pouch cable cord adapter stand holder hanger tips film kabel stander housse etui cavo dongle"
)
_MADE_FOR = _set("for fur fuer pour para per voor til dla")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score`: 0 to 1. `why`: for the editor."""

    product: int
    score: float
    why: str

    def as_json(self) -> dict[str, object]:
        return {"product": self.product, "score": round(self.score, 2), "why": self.why}


def words(text: str) -> list[str]:
    """Lower case, without accents, cut at everything that is neither letter nor digit."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return [word for word in _SPLIT.split(text.lower()) if word]


def compact(text: str) -> str:
    return "".join(words(text))


class Models:
    """The models of one brand, found by the words they are made of."""

    def __init__(self) -> None:
        self._whole: dict[str, list[int]] = {}
        self._words: dict[int, list[tuple[str, int]]] = {}
        self._holding: dict[str, list[int]] = defaultdict(list)
        self._names: dict[int, str] = {}

    def add(self, product: int, name: str) -> None:
        spelled = words(name)
        if not spelled:
            return
        self._names[product] = name
        self._whole.setdefault("".join(spelled), []).append(product)
        telling = [word for word in dict.fromkeys(spelled) if word not in _SAYS_NOTHING]
        self._words[product] = [(word, 3 if any(sign.isdigit() for sign in word) else 1) for word in telling]
        for word in telling:
            self._holding[word].append(product)

    def named_in(self, title: str) -> list[Candidate]:
        """The models that the title probably names, the most probable first; none when it names an accessory."""
        spelled = words(title)
        if _is_accessory(spelled):
            return []
        found = {candidate.product: candidate for candidate in self._by_share(spelled)}
        found.update((candidate.product, candidate) for candidate in self._word_for_word(spelled))
        best = sorted(found.values(), key=lambda candidate: (-candidate.score, candidate.product))
        return best[:MOST_CANDIDATES]

    def _word_for_word(self, spelled: list[str]) -> Iterable[Candidate]:
        """Models whose whole name stands in the title, however its words are joined. The longest says most."""
        hits: dict[int, int] = {}
        for start in range(len(spelled)):
            joined = ""
            for end in range(start, min(start + _LONGEST_JOIN + 2, len(spelled))):
                joined += spelled[end]
                for product in self._whole.get(joined, ()):
                    if len(joined) >= 3:
                        hits[product] = len(joined)
        longest = max(hits.values(), default=0)
        for product, length in hits.items():
            score = 0.95 if length == longest else 0.6 + 0.2 * length / longest
            yield Candidate(product, score, f"The title names the model “{self._names[product]}”.")

    def _by_share(self, spelled: list[str]) -> Iterable[Candidate]:
        there = set(spelled)
        # `WH-1000XM5` is written `WH 1000XM5` and `WH1000XM5`: neighbours count as one word too.
        there.update(left + right for left, right in pairwise(spelled))
        sharing: Counter[int] = Counter()
        for word in there:
            holding = self._holding.get(word, ())
            if len(holding) <= _SHARED_BY:
                sharing.update(holding)
        for product, _ in sharing.most_common(20):
            weighed = self._words[product]
            missing = [word for word, weight in weighed if word not in there and weight == 3]
            whole = sum(weight for _, weight in weighed)
            share = sum(weight for word, weight in weighed if word in there) / whole
            # Another number is another model: `HD 600` is not `HD 650`.
            score = 0.9 * share if not missing else 0
            if score >= LEAST_SCORE:
                yield Candidate(
                    product, score, f"The title has {share:.0%} of the words that make up “{self._names[product]}”."
                )


def _is_accessory(spelled: list[str]) -> bool:
    if not _ACCESSORY.isdisjoint(spelled):
        return True
    return not _PERHAPS_ACCESSORY.isdisjoint(spelled) and not _MADE_FOR.isdisjoint(spelled)
