"""What did the address of a question page tell us? Query parameters in, answers and messages about the rest out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from django.http import QueryDict

from catalog.money.currencies import is_active
from catalog.shopper import COUNTRY, CURRENCY, shopper
from recommender import vocabulary
from recommender.answers import MAX_BUDGET, MAX_WEIGHT, canonical
from recommender.details import DETAIL_OF, DETAILS, PLACES, Detail, Sort
from recommender.questions import BY_KEY, MOST_ACTIVITIES
from recommender.told import Told, answered
from recommender.wording import FEATURE_LABELS

# How campaigns and other sites mark links to us: not addressed to this form, so no word about them.
_OTHERS = ("utm_", "gclid", "fbclid", "msclkid", "mc_", "ref", "p")
READS = (*BY_KEY, "other", *DETAIL_OF, CURRENCY, "skip", "without", "ask", "asked", "v", "why")
# In an address; at a time, from the list, `MOST_ACTIVITIES` may be chosen.
MOST_TOLD = 12
_HOURS_IN_A_DAY, _OLDEST = 24, 120
_TENTH, _SHARE = Decimal("0.1"), Decimal("0.000001")
_DEMANDS = tuple(FEATURE_LABELS)
_LONGEST_NAME, _LONGEST_WORDS = 40, 60
# `120`, `$120`, `120 EUR`, `EUR120`.
_AMOUNT = re.compile(r"(?P<before>[A-Za-z]{3})?(?P<amount>.*?)(?P<behind>[A-Za-z]{3})?", re.DOTALL)
_WORDS = re.compile(r"[\w ,.'’-]+")
_NAME = re.compile(r"[\w .'’&+!-]+")
# As an address leaves them out of a name: “Bang & Olufsen”, “Beats Studio Buds +”.
_SIGNS_IN_NAMES = re.compile(r"[&+.,'’()]")
_SLUG = re.compile(r"[a-z0-9-]{1,120}")
_VERSION = re.compile(r"[0-9a-f]{12}")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something in the address that we could not use, and what to do about it. `key` is the question it is about."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`ask` is a question the reader wants to see (again), `asked` the one just sent in; both may be empty.

    `version` names the rules that answered before, when the address does; `why` is the slug of a product asked about.
    """

    told: Told
    remarks: tuple[Remark, ...]
    ask: str = ""
    asked: str = ""
    version: str = ""
    why: str = ""

    @property
    def lacks_an_answer(self) -> bool:
        """The question was sent in without an answer to it, and not passed over."""
        return bool(self.asked) and not self.told.has(self.asked) and self.asked not in self.told.skipped


def read_form(params: QueryDict) -> Form:
    """Everything that can be understood is kept; everything else is named in `remarks`.

    A budget without a currency of its own is in the one named beside it, else in the one the page is made for.
    """
    reader = _Reader(params)
    names, weights = reader.activities()
    budget, currency = reader.budget()
    told = Told(
        do=names,
        weights=weights,
        mic=reader.choice("mic"),
        where=reader.known("where", tuple(PLACES)),
        budget=budget,
        currency=currency,
        quiet=reader.choice("quiet"),
        hours=reader.hours(),
        connection=reader.choice("connection"),
        glasses=reader.choice("glasses"),
        skipped=reader.known("skip", tuple(BY_KEY)),
        without=reader.known("without", _DEMANDS),
    )
    for detail in DETAILS:
        told = answered(told, detail.key, reader.detail(detail))
    ask, asked = reader.question("ask"), reader.question("asked")
    if asked == "do" and len(told.do) > MOST_ACTIVITIES:
        reader.remark("do", f"Choose at most {MOST_ACTIVITIES} uses. We kept the first {MOST_ACTIVITIES}.")
        told = answered(told, "do", told.do[:MOST_ACTIVITIES])
    version, why = reader.version(), reader.product()
    reader.name_strangers()
    return Form(told=told, remarks=tuple(reader.remarks), ask=ask, asked=asked, version=version, why=why)


class _Reader:
    def __init__(self, params: QueryDict) -> None:
        self.params = params
        self.remarks: list[Remark] = []

    def remark(self, key: str, text: str) -> None:
        self.remarks.append(Remark(key=key, text=text))

    def words(self, key: str) -> list[str]:
        """All values of a parameter, repeated or parted by commas, each once."""
        given = (word.strip() for value in self.params.getlist(key) for word in value.split(","))
        return list(dict.fromkeys(word for word in given if word))

    def known(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        found: list[str] = []
        for word in self.words(key):
            name = word if word in allowed else canonical(word)
            if name in allowed:
                found.append(name)
            else:
                self.remark(key, _not_understood(word, key, allowed))
        return tuple(dict.fromkeys(found))

    def activities(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Names, and the weights of those that say one: `music:2`."""
        weights: dict[str, str] = {}
        for key in ("do", "other"):
            for word in self.words(key):
                name, _, weight = word.partition(":")
                known = canonical(name)
                if key == "do" and known not in vocabulary.ACTIVITIES:
                    self.remark("do", _not_understood(word, key, vocabulary.ACTIVITIES))
                elif not known or len(known) > _LONGEST_NAME:
                    self.remark("do", f"“{word[:40]}” is no name of an activity: at most {_LONGEST_NAME} letters.")
                else:
                    weights.setdefault(known, self.weight(word, weight))
        if len(weights) > MOST_TOLD:
            self.remark("do", f"We weigh at most {MOST_TOLD} uses at once. We kept the first {MOST_TOLD}.")
        kept = list(weights.items())[:MOST_TOLD]
        return tuple(name for name, _ in kept), tuple((name, weight) for name, weight in kept if weight)

    def weight(self, word: str, written: str) -> str:
        if not written:
            return ""
        number = _number(written)
        if number is None or not _SHARE <= number <= MAX_WEIGHT:
            self.remark("do", f"“{word[:40]}” says no number we can read. Write how much as in music:2.")
            return ""
        return f"{number.quantize(_SHARE).normalize():f}"

    def choice(self, key: str) -> str:
        found = self.known(key, [option.value for option in BY_KEY[key].options])
        return found[-1] if found else ""

    def detail(self, detail: Detail) -> tuple[str, ...]:
        match detail.sort:
            case Sort.NUMBER:
                return self.age(detail)
            case Sort.WORDS:
                return self.in_words(detail)
            case Sort.NAMES:
                return self.names(detail)
        found = self.known(detail.key, [value for value, _ in detail.options])
        return found if detail.sort is Sort.MANY else found[-1:]

    def age(self, detail: Detail) -> tuple[str, ...]:
        words = self.words(detail.key)
        if not words:
            return ()
        if not (words[-1].isascii() and words[-1].isdigit() and len(words[-1]) <= 3 and int(words[-1]) <= _OLDEST):
            self.remark(detail.key, f"“{words[-1][:40]}” is not an age. Write years, from 0 to {_OLDEST}.")
            return ()
        return (str(int(words[-1])),)

    def in_words(self, detail: Detail) -> tuple[str, ...]:
        text = " ".join(self.params.get(detail.key, "").split())
        if not text:
            return ()
        if len(text) > _LONGEST_WORDS or not _WORDS.fullmatch(text):
            self.remark(detail.key, f"{detail.label}: write a few words, at most {_LONGEST_WORDS} letters.")
            return ()
        return (text,)

    def names(self, detail: Detail) -> tuple[str, ...]:
        kept = []
        for word in (" ".join(word.split()) for word in self.words(detail.key)):
            if len(word) <= _LONGEST_NAME and _NAME.fullmatch(word):
                kept.append(word)
            else:
                self.remark(detail.key, f"{detail.label}: “{word[:40]}” is no name of a maker that we can read.")
        if len(kept) > MOST_TOLD:
            self.remark(detail.key, f"{detail.label}: we kept the first {MOST_TOLD}.")
        return tuple(kept[:MOST_TOLD])

    def question(self, key: str) -> str:
        found = self.known(key, tuple(BY_KEY))
        return found[-1] if found else ""

    def version(self) -> str:
        given = self.params.get("v", "")
        if given and not _VERSION.fullmatch(given):
            self.remark("", f"“{given[:20]}” names no version of our rules. This is the answer by today's.")
            return ""
        return given

    def product(self) -> str:
        """The slug of a product, also where its name was written or its whole address pasted."""
        named = _SIGNS_IN_NAMES.sub(" ", self.params.get("why", "").strip().rstrip("/").rpartition("/")[2].lower())
        given = "-".join(named.split())
        if not given or _SLUG.fullmatch(given):
            return given
        self.remark("", f"“{given[:40]}” names no product. Write its maker and model, or paste its address here.")
        return ""

    def hours(self) -> str:
        words = self.words("hours")
        if not words:
            return ""
        number = _number(words[-1])
        # Tenths are as fine as anyone counts, and a number like 1e-999999 would be written out in a million digits.
        tenths = number.quantize(_TENTH) if number is not None and 0 < number <= _HOURS_IN_A_DAY else Decimal(0)
        if tenths < _TENTH:
            given = words[-1][:40]
            self.remark("hours", f"“{given}” is not a number of hours. Write a number from 1 to {_HOURS_IN_A_DAY}.")
            return ""
        return f"{tenths.normalize():f}"

    def budget(self) -> tuple[Decimal | None, str]:
        """The amount and the currency it is in."""
        currency = self.currency()
        given = self.params.get("budget", "").strip()
        if not given:
            return None, currency
        found = _AMOUNT.fullmatch(given)
        assert found, "every text fits"
        code = (found["before"] or found["behind"] or "").upper()
        bare = found["amount"].strip()
        number = _number(bare.strip("$€£ ").replace(" ", ""))
        if number is None or not 0 <= number <= MAX_BUDGET:
            self.remark("budget", f"“{given[:40]}” is not an amount we can read. Write it in figures, such as 120.")
            return None, currency
        if code and not is_active(code):
            self.remark("budget", _no_currency(code))
            return None, currency
        sign = "" if CURRENCY in self.params else next((_SIGNS[sign] for sign in _SIGNS if sign in bare), "")
        return number.quantize(Decimal("0.01")), code or sign or currency

    def currency(self) -> str:
        code = self.params.get(CURRENCY, "").strip().upper()
        if code and not is_active(code):
            self.remark("budget", _no_currency(code))
            return shopper().currency
        return code or shopper().currency

    def name_strangers(self) -> None:
        for key in self.params:
            if key not in (*READS, COUNTRY) and not key.startswith(_OTHERS):
                self.remark("", f"There is no question called “{key[:40]}”. Everything else is kept.")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _no_currency(code: str) -> str:
    return f"We do not know prices in “{code[:10]}”. Write a code such as USD, EUR or GBP."


def _not_understood(word: str, key: str, allowed: Sequence[str]) -> str:
    short = BY_KEY[key].short if key in BY_KEY else DETAIL_OF[key].label if key in DETAIL_OF else key
    close = get_close_matches(canonical(word), allowed, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    return f"We do not know “{word[:40]}” under “{short}”, so we left it out.{hint}"
