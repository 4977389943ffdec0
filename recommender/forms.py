"""What did the address of a question page tell us? Query parameters in, answers and messages about the rest out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from django.http import QueryDict

from recommender.answers import MAX_BUDGET, canonical
from recommender.questions import BY_KEY, CURRENCIES, MOST_ACTIVITIES, QUESTIONS, Told
from recommender.wording import FEATURE_LABELS

# How campaigns and other sites mark links to us: not addressed to this form, so no word about them.
_OTHERS = ("utm_", "gclid", "fbclid", "msclkid", "mc_", "ref", "p")
READS = (*BY_KEY, "currency", "skip", "without", "ask", "asked")
_HOURS_IN_A_DAY = 24
_TENTH = Decimal("0.1")
_DEMANDS = tuple(FEATURE_LABELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something in the address that we could not use, and what to do about it. `key` is the question it is about."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`ask` is a question the reader wants to see (again), `asked` the one just sent in; both may be empty."""

    told: Told
    remarks: tuple[Remark, ...]
    ask: str = ""
    asked: str = ""

    @property
    def lacks_an_answer(self) -> bool:
        """The question was sent in without an answer to it."""
        return bool(self.asked) and not self.told.has(self.asked)


def read_form(params: QueryDict) -> Form:
    """Everything that can be understood is kept; everything else is named in `remarks`."""
    reader = _Reader(params)
    told = Told(
        do=reader.activities(),
        mic=reader.choice("mic"),
        where=reader.choice("where"),
        budget=reader.budget(),
        currency=reader.currency(),
        quiet=reader.choice("quiet"),
        hours=reader.hours(),
        connection=reader.choice("connection"),
        glasses=reader.choice("glasses"),
        skipped=reader.known("skip", tuple(BY_KEY)),
        without=reader.known("without", _DEMANDS),
    )
    ask, asked = reader.question("ask"), reader.question("asked")
    reader.name_strangers()
    return Form(told=told, remarks=tuple(reader.remarks), ask=ask, asked=asked)


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

    def activities(self) -> tuple[str, ...]:
        found = self.known("do", [option.value for option in BY_KEY["do"].options])
        if len(found) > MOST_ACTIVITIES:
            self.remark("do", f"Choose at most {MOST_ACTIVITIES} uses. We kept the first {MOST_ACTIVITIES}.")
        return found[:MOST_ACTIVITIES]

    def choice(self, key: str) -> str:
        found = self.known(key, [option.value for option in BY_KEY[key].options])
        return found[-1] if found else ""

    def question(self, key: str) -> str:
        found = self.known(key, tuple(BY_KEY))
        return found[-1] if found else ""

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

    def budget(self) -> Decimal | None:
        given = self.params.get("budget", "").strip()
        if not given:
            return None
        number = _number(given.strip("$€£ ").replace(" ", ""))
        if number is None or not 0 <= number <= MAX_BUDGET:
            self.remark("budget", f"“{given[:40]}” is not an amount we can read. Write it in figures, such as 120.")
            return None
        return number.quantize(Decimal("0.01"))

    def currency(self) -> str:
        code = self.params.get("currency", "").strip().upper() or CURRENCIES[0]
        if code not in CURRENCIES:
            self.remark("budget", f"We do not know prices in “{code[:10]}”. Choose one of {', '.join(CURRENCIES)}.")
            return CURRENCIES[0]
        return code

    def name_strangers(self) -> None:
        for key in self.params:
            if key not in READS and not key.startswith(_OTHERS):
                self.remark("", f"There is no question called “{key[:40]}”. Everything else is kept.")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _not_understood(word: str, key: str, allowed: Sequence[str]) -> str:
    short = BY_KEY[key].short if key in BY_KEY else key
    close = get_close_matches(canonical(word), allowed, n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    return f"We do not know “{word[:40]}” under “{short}”, so we left it out.{hint}"


def first_open(told: Told) -> str:
    """The first question without an answer: where a reader who skipped everything starts again."""
    return next((question.key for question in QUESTIONS if not told.has(question.key)), QUESTIONS[0].key)
