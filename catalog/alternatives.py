"""Which other products are worth a look beside this one, by which one difference, and what would be given up?

Pure and blind to commissions: what is compared are a product's facts, and no fact says what a shop pays. Unknown is
never an advantage and never a loss: a difference is claimed only where both sides are known. The same facts give the
same answer, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.kinds import Kind, ProductType
from catalog.money import money_text

# What is smaller than this is no difference that anybody would choose by: shares of this product's own value.
LEAST_PRICE = Decimal("0.10")
LEAST_WEIGHT = Decimal("0.10")
LEAST_BATTERY = Decimal("0.20")
LEAST_SCORE = Decimal("0.3")  # out of 10
MOST = 6

REAL_MICROPHONE = "communication"
_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a product; what is not known is None or not in the mapping.

    `price` is that of its best new offer that may be shown, without shipping, in the page's currency. `flags` and
    `numbers` go by spec, `scores` are overalls out of 10 by use case, all of one version of the method.
    """

    product_id: int
    slug: str
    kind: Kind | None
    types: tuple[ProductType, ...]
    price: Decimal | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    mic_grade: str | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`aspect` is the key of `ASPECTS` it was chosen by, `difference` says it in words; `gives_up`: what it lacks."""

    product_id: int
    aspect: str
    difference: str
    gives_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much, as a share or a step that is compared within one aspect, and in words."""

    size: Decimal
    words: str


Judge = Callable[[Facts, Facts, str], Gain | None]


def choose(subject: Facts, candidates: Iterable[Facts], *, currency: str, most: int = MOST) -> tuple[Chosen, ...]:
    """At most one product per aspect, none twice, in the order of `ASPECTS`; amounts are in `currency` (ISO 4217).

    Within an aspect the nearest type comes first, then who gives up least, then who gains most.
    """
    pool = {one.product_id: one for one in candidates if one.product_id != subject.product_id and near(subject, one)}
    chosen: list[Chosen] = []
    for aspect, judge in ASPECTS.items():
        gains = [(one, gain) for one in pool.values() if (gain := judge(subject, one, currency))]
        if not gains or len(chosen) == most:
            continue
        losses = {one.product_id: given_up(subject, one, currency=currency) for one, _ in gains}
        best, gain = min(gains, key=lambda pair: _order(subject, pair[0], pair[1], losses[pair[0].product_id]))
        chosen.append(
            Chosen(
                product_id=best.product_id,
                aspect=aspect,
                difference=gain.words,
                # What it was chosen for is not told again as a loss.
                gives_up=tuple(words for words in losses[best.product_id] if words != SAID_BY.get(aspect)),
            )
        )
        del pool[best.product_id]
    return tuple(chosen)


def _order(subject: Facts, one: Facts, gain: Gain, losses: Sequence[str]) -> tuple[bool, int, Decimal, str]:
    return (one.types[:1] != subject.types[:1], len(losses), -gain.size, one.slug)


def near(subject: Facts, other: Facts) -> bool:
    """Of the same kind, with a type name in common."""
    return subject.kind is not None and subject.kind is other.kind and bool(set(subject.types) & set(other.types))


def given_up(subject: Facts, other: Facts, *, currency: str) -> tuple[str, ...]:
    """What `other` lacks beside `subject`, in words; only what is known of both."""
    losses = [
        _words(_cheaper(other, subject, currency), "cheaper", "dearer"),
        _words(_lighter(other, subject, currency), "lighter", "heavier"),
        _words(_longer_battery(other, subject, currency), "more battery", "less battery"),
        _words(_better_score(other, subject, currency), "higher", "lower"),
        "no microphone made for talking" if _has_real_microphone(other, subject) else "",
        *(words for key, words in LACKS.items() if subject.flags.get(key) is True and other.flags.get(key) is False),
    ]
    return tuple(filter(None, losses))


def _words(gain: Gain | None, ours: str, theirs: str) -> str:
    """The same step, said from the other side."""
    return gain.words.replace(ours, theirs) if gain else ""


# What to say of a flag that this product has and the other has not.
LACKS = {
    "wireless": "needs a cable",
    "anc": "no active noise cancelling",
    "transparency": "no transparency mode",
    "passive_isolation": "no strong passive isolation",
    "multipoint": "one device at a time",
    "foldable": "does not fold",
    "durable": "not built for rough use",
    "comfort_long_wear": "not made for long wear",
    "glasses_friendly": "less kind to glasses",
    "mic_noise_cancelling": "no noise cancelling in the microphone",
    "mic_mute": "no mute switch",
    "sidetone": "no sidetone",
    "hearing_protection": "not rated as hearing protection",
}


# --- each aspect ---------------------------------------------------------------------------------------------------


def _cheaper(subject: Facts, other: Facts, currency: str) -> Gain | None:
    if subject.price is None or other.price is None or other.price > subject.price * (1 - LEAST_PRICE):
        return None
    less = subject.price - other.price
    return Gain(less, f"{money_text(less, currency)} cheaper") if less > 0 else None


def _better_score(subject: Facts, other: Facts, currency: str) -> Gain | None:
    steps = [
        (other.scores[name] - score, name) for name, score in sorted(subject.scores.items()) if name in other.scores
    ]
    step, name = max(steps, key=lambda pair: pair[0], default=(Decimal(0), ""))
    return Gain(step, f"{step} higher for {name}") if step >= LEAST_SCORE else None


def _lighter(subject: Facts, other: Facts, currency: str) -> Gain | None:
    ours, theirs = subject.numbers.get("weight_g"), other.numbers.get("weight_g")
    if ours is None or theirs is None or theirs > ours * (1 - LEAST_WEIGHT) or theirs >= ours:
        return None
    return Gain(ours - theirs, f"{_plain(ours - theirs)}{_NBSP}g lighter")


def _longer_battery(subject: Facts, other: Facts, currency: str) -> Gain | None:
    ours, theirs = subject.numbers.get("battery_hours"), other.numbers.get("battery_hours")
    if ours is None or theirs is None or theirs < ours * (1 + LEAST_BATTERY) or theirs <= ours:
        return None
    return Gain(theirs - ours, f"{_plain(theirs - ours)}{_NBSP}h more battery")


def _flag(key: str, *, wanted: bool, words: str) -> Judge:
    def judge(subject: Facts, other: Facts, currency: str) -> Gain | None:
        if subject.flags.get(key) is (not wanted) and other.flags.get(key) is wanted:
            return Gain(Decimal(1), words)
        return None

    return judge


def _has_real_microphone(subject: Facts, other: Facts) -> bool:
    grades = (subject.mic_grade, other.mic_grade)
    return None not in grades and subject.mic_grade != REAL_MICROPHONE and other.mic_grade == REAL_MICROPHONE


def _real_microphone(subject: Facts, other: Facts, currency: str) -> Gain | None:
    return Gain(Decimal(1), "a microphone made for talking") if _has_real_microphone(subject, other) else None


def _newer(subject: Facts, other: Facts, currency: str) -> Gain | None:
    ours, theirs = subject.numbers.get("release_year"), other.numbers.get("release_year")
    if ours is None or theirs is None or theirs <= ours:
        return None
    return Gain(theirs - ours, f"from {_plain(theirs)}, not {_plain(ours)}")


ASPECTS: Mapping[str, Judge] = {
    "Cheaper": _cheaper,
    "Better score": _better_score,
    "Lighter": _lighter,
    "Longer battery": _longer_battery,
    "Wireless": _flag("wireless", wanted=True, words="no cable"),
    "Wired": _flag("wireless", wanted=False, words="a cable: nothing to charge"),
    "With noise cancelling": _flag("anc", wanted=True, words="active noise cancelling"),
    "Without noise cancelling": _flag("anc", wanted=False, words="no active noise cancelling"),
    "Better microphone": _real_microphone,
    "Newer": _newer,
}


# What `given_up` would say of that very difference.
SAID_BY = {"Wired": LACKS["wireless"], "Without noise cancelling": LACKS["anc"]}


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
