"""Which expressions does the reader know? The phrase files beside this module, loaded once into one tree of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from recommender.reading_text.tokens import WHOLE, plural, singular, words_of

FOLDER = Path(__file__).parent
FILES = (
    "speech", "talking", "listening", "doing", "games", "jobs", "hints", "microphone", "places", "around", "cords",
    "wishes", "asked",
)  # fmt: skip
# Shorter words are never taken for a typo of another one.
LEAST_LETTERS = 5
GAP = ".."
# How many unknown words a gap may swallow.
GAP_WIDTH = 3
PLAIN = re.compile(r"(?!.*\.\.)[^|~\[\]_]+")
ELEMENT = re.compile(r"\[?[\w'~&%.\-]+(?:\|[\w'~&%.\-]+)*\]?")
SIMPLE = re.compile(r"[a-z ]+")
CLASS = re.compile(r"@(\w+)")
DOUBLED = re.compile(r"[^aeiou][aeiou][bdgmnpt]$")
_IRREGULAR = {
    "take": ("take", "taking", "took", "taken"),
    "make": ("make", "making", "made"),
    "have": ("have", "has", "having", "had"),
    "drive": ("drive", "driving", "drove", "driven"),
    "ride": ("ride", "riding", "rode"),
    "run": ("run", "running", "ran"),
    "swim": ("swim", "swimming", "swam"),
    "speak": ("speak", "speaking", "spoke", "spoken"),
    "sing": ("sing", "singing", "sang"),
    "ring": ("ring", "ringing", "rang", "rung"),
    "hear": ("hear", "hearing", "heard"),
    "sleep": ("sleep", "sleeping", "slept"),
    "teach": ("teach", "teaching", "taught"),
    "fly": ("fly", "flying", "flew", "flown"),
    "give": ("give", "giving", "gave", "given"),
    "write": ("write", "writing", "wrote"),
    "read": ("read", "reading"),
    "cut": ("cut", "cutting"),
    "mow": ("mow", "mowing", "mown"),
    "sell": ("sell", "selling", "sold"),
    "keep": ("keep", "keeping", "kept"),
    "stay": ("stay", "staying", "stayed"),
    "play": ("play", "playing", "played"),
    "lead": ("lead", "leading", "led"),
    "get": ("get", "getting", "got"),
    "sit": ("sit", "sitting", "sat"),
    "wear": ("wear", "wearing", "wore", "worn"),
    "do": ("do", "does", "doing", "did"),
    "be": ("be", "am", "is", "are", "was"),
    "say": ("say", "saying", "said"),
    "fall": ("fall", "falling", "fell"),
    "shut": ("shut", "shutting"),
}


@dataclass(slots=True)
class Node:
    """A place in the tree: the words that may follow, and what has been said when the phrase ends here."""

    after: dict[str, Node] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase with choices: the words that may stand there, alone or several in a row."""

    words: frozenset[str]
    rows: tuple[tuple[str, ...], ...] = ()
    optional: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with choices; its first word is the key it is filed under."""

    rest: tuple[Element, ...]
    end: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    root: Node
    # first word → the phrases with choices that begin with it
    phrases: Mapping[str, Sequence[Phrase]]
    # one spelling → the words it stands for
    spellings: Mapping[str, tuple[str, ...]]
    words: frozenset[str]
    # how many phrases a word stands in: of two words that may be meant, people mean the one that is said more often
    counts: Mapping[str, int]
    # first letter and length → the longer words of the lexicon, for what was meant by a word with a typo
    by_start: Mapping[tuple[str, int], tuple[str, ...]]
    names: Mapping[str, frozenset[str]]


@cache
def lexicon() -> Lexicon:
    """All phrases. Raises ValueError naming file, section and phrase when one cannot be read."""
    data = {name: _read(name) for name in FILES}
    classes = {name: "|".join(_listed(words)) for name, words in _read("classes").items()}
    builder = Builder(_spellings(data["speech"].pop("spellings")), classes)
    listed = (data["speech"].pop("real_words"), _read("english")["real_words"])
    real = {word for words in listed for typed in _listed(words) for word in words_of(typed)}
    names: dict[str, frozenset[str]] = {}
    for file, sections in data.items():
        for section, entries in sections.items():
            names[section] = names.get(section, frozenset()) | frozenset(entries)
            for name, phrases in entries.items():
                for phrase in _listed(phrases):
                    builder.plant(f"{file}.yaml, {section}.{name}", phrase, (section, name))
    said = builder.words | builder.spellings.keys()
    many = {plural(word): word for word in said if word.isalpha() and word not in WHOLE}
    known = frozenset(said | real)
    return Lexicon(
        builder.root,
        builder.phrases,
        builder.spellings,
        known,
        builder.counts | {word: builder.counts[one] for word, one in many.items() if word not in builder.counts},
        _by_start(said | many.keys()),
        names,
    )


def _spellings(listed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meant, words in listed.items():
        for word in _listed(words):
            typed = tuple(words_of(word))
            if len(typed) != 1:
                # each of its words would be taken for the whole: "ain't" once made every "not" an "is not"
                raise ValueError(f"speech.yaml, spellings.{meant}: “{word}” is not one word. Make it a phrase instead.")
            found[typed[0]] = tuple(words_of(meant))
    return found


def _by_start(words: set[str]) -> dict[tuple[str, int], tuple[str, ...]]:
    found: dict[tuple[str, int], list[str]] = {}
    for word in words:
        if len(word) >= LEAST_LETTERS and word.isalpha():
            found.setdefault((word[0], len(word)), []).append(word)
    return {key: tuple(sorted(meant)) for key, meant in found.items()}


def slip(typed: str, meant: str) -> int | None:
    """How far apart by one slip, the likeliest first: 0 neighbours swapped, 1 a letter left out or doubled, 2 one too
    many, 3 a wrong one; None when more has gone wrong."""
    begin = 0
    while begin < min(len(typed), len(meant)) and typed[begin] == meant[begin]:
        begin += 1
    left, right = typed[begin:], meant[begin:]
    if left[:2] == right[1::-1] and left[2:] == right[2:]:
        return 0
    if left == right[1:]:
        return 1
    if left[1:] == right:
        return 1 if left[:1] == typed[begin - 1 : begin] else 2
    return 3 if left[1:] == right[1:] else None


def _read(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return data


def _listed(phrases: str) -> Iterator[str]:
    return (phrase for part in str(phrases).split(",") if (phrase := " ".join(part.split())))


class Builder:
    """Files phrases: plain ones as paths of the tree, those with choices under their first words."""

    def __init__(self, spellings: dict[str, tuple[str, ...]], classes: Mapping[str, str] | None = None) -> None:
        self.root = Node()
        self.classes = classes or {}
        self.phrases: dict[str, list[Phrase]] = {}
        self.spellings = spellings
        self.words: set[str] = set()
        self.counts: Counter[str] = Counter()
        self._split: dict[str, tuple[str, ...]] = {}

    def plant(self, where: str, phrase: str, end: tuple[str, str]) -> None:
        """`a|b` is either, `[a]` may be missing, `ring~` is ring, rings, ringing and rang, `..` up to three words,
        `@kin` any word of the class of that name."""
        phrase = self._with_classes(where, phrase)
        if PLAIN.fullmatch(phrase):
            self._path(self._plain(phrase), end)
            return
        elements = [self._element(where, phrase, part) for part in phrase.split()]
        if elements[0].gap or elements[-1].gap or all(element.optional for element in elements):
            raise ValueError(f"{where}: “{phrase}” must begin and end with a word. Correct the line.")
        self._file(elements, end)

    def _with_classes(self, where: str, phrase: str) -> str:
        def words(hit: re.Match[str]) -> str:
            if hit[1] not in self.classes:
                raise ValueError(
                    f"{where}: “{phrase}” names “{hit[0]}”, which classes.yaml does not have. Correct one."
                )
            return self.classes[hit[1]]

        return CLASS.sub(words, phrase) if "@" in phrase else phrase

    def _file(self, elements: list[Element], end: tuple[str, str]) -> None:
        first, rest = elements[0], tuple(elements[1:])
        rows: list[tuple[str, ...]] = [*((word,) for word in first.words), *first.rows]
        for row in rows:
            if rest:
                following = tuple(Element(frozenset((word,))) for word in row[1:])
                self.phrases.setdefault(row[0], []).append(Phrase((*following, *rest), end))
            else:
                self._path(row, end)
        if first.optional:
            self._file(elements[1:], end)

    def _path(self, words: Iterable[str], end: tuple[str, str]) -> None:
        node = self.root
        for word in words:
            node = node.after.setdefault(word, Node())
        if end not in node.ends:
            node.ends.append(end)

    def _plain(self, phrase: str) -> tuple[str, ...]:
        known = self._split.get(phrase)
        if known is None:
            typed = map(singular, phrase.split()) if SIMPLE.fullmatch(phrase) else words_of(phrase)
            known = tuple(meant for word in typed for meant in self.spellings.get(word, (word,)))
            self._split[phrase] = known
            self.words.update(known)
            self.counts.update(known)
        return known

    def _element(self, where: str, phrase: str, part: str) -> Element:
        if part == GAP:
            return Element(frozenset(), gap=True)
        if not ELEMENT.fullmatch(part):
            raise ValueError(f"{where}: “{phrase}” cannot be read at “{part}”. Use words, |, ~, [ ] and .. only.")
        ways = [self._plain(form) for way in part.strip("[]").split("|") for form in _forms(way)]
        if not all(ways):
            # such as `[..]`, which was once read as nothing at all
            raise ValueError(f"{where}: “{phrase}” has a place without a word: “{part}”. A gap stands alone: “..”.")
        singles = frozenset(way[0] for way in ways if len(way) == 1)
        return Element(singles, tuple({way for way in ways if len(way) > 1}), optional=part.startswith("["))


def _forms(way: str) -> Sequence[str]:
    """`ring~` → ring, rings, ringing, rang, rung; `on_stage` → on stage."""
    if not way.endswith("~"):
        return (way.replace("_", " "),)
    stem = way[:-1]
    forms = _IRREGULAR.get(stem)
    if forms is None:
        short = stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else stem
        past = f"{stem[:-1]}ied" if stem.endswith("y") and stem[-2:-1] not in "aeiou" else f"{short}ed"
        forms = (stem, f"{short}ing", past)
        if DOUBLED.search(stem):
            forms += (f"{stem}{stem[-1]}ing", f"{stem}{stem[-1]}ed")
    return (*forms, f"{stem}es" if stem.endswith(("ch", "sh", "ss", "x")) else f"{stem}s")
