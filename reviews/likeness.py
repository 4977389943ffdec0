"""Are two titles, or two addresses, so alike that readers and search engines take them for one?

A pure module: titles are compared by their words, in any order and spelling of case and accents.
"""

from __future__ import annotations

import re
import unicodedata

# Of all words in either title, so many in both: "best headsets for calls" and "the best headset for calls" are alike.
ENOUGH_IN_COMMON = 0.75
_FILLERS = frozenset(("a", "an", "and", "for", "in", "is", "of", "on", "or", "the", "to", "with"))
# Two of them are unlikely to be about the same thing when only one such sign differs: a model, a year.
_HAS_DIGIT = re.compile(r"[0-9]")


def words(title: str) -> frozenset[str]:
    """What a title is about: its words in lower case without accents, endings of the plural and fillers."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    found = re.findall(r"[a-z0-9]+", plain.replace("'", "")) or title.lower().split()
    return frozenset(_singular(word) for word in found if word not in _FILLERS)


def is_same(one: str, other: str) -> bool:
    """Whether both say the same words."""
    return bool(one.strip()) and words(one) == words(other)


def is_alike(one: str, other: str) -> bool:
    """Whether most words are the same. Titles that name another model or year are not alike."""
    left, right = words(one), words(other)
    if not left or not right or any(_HAS_DIGIT.search(word) for word in left ^ right):
        return False
    return len(left & right) / len(left | right) >= ENOUGH_IN_COMMON


def slug_advice(slug: str) -> list[str]:
    """What could be better about a slug that is allowed, one sentence each."""
    found = []
    if slug != slug.lower() or "_" in slug:
        found.append("Write the slug in small letters with hyphens: addresses tell capitals and underscores apart.")
    if slug.strip("-") != slug or "--" in slug:
        found.append("The slug has a hyphen too many.")
    if len(slug) > 75:
        found.append(f"The slug is {len(slug)} characters long; up to 75 are easily read and sent.")
    if re.search(r"(?:^|-)20[0-9]{2}(?:-|$)", slug):
        found.append("The slug names a year: the address stays when the year is over.")
    if slug.isdecimal():
        found.append("The slug says nothing: use words from the title.")
    return found


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
