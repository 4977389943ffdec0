"""Which remark is shown at once, which waits for a moderator, which is not taken, and what is its writer told?

A pure table: one `Rule` for each reason. What a remark thinks of a product, or of us, is no reason. There is no stamp
in the form that says when it was opened: it stands on kept pages, which are made for nobody in particular; "too fast"
is how soon somebody follows a remark of the same network with another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

MOST_LINKS = 1
TOO_FAST = timedelta(seconds=15)
# From one network: more is not taken for a while.
RATE_WINDOW = timedelta(minutes=10)
MOST_IN_WINDOW = 6
# Where so many wait nobody could read more of them; who writes then is told so, and nothing is lost.
MOST_WAITING = 300
MOST_WAITING_HERE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is known of a remark when it arrives. `lately`: how many its network sent within `RATE_WINDOW`."""

    links: int = 0
    held_words: tuple[str, ...] = ()
    refused_words: tuple[str, ...] = ()
    # One from this address was approved before.
    is_known: bool = False
    has_address: bool = True
    bears_our_name: bool = False
    since_last: timedelta | None = None
    lately: int = 0
    is_repeated_here: bool = False
    is_repeated_elsewhere: bool = False
    fills_the_trap: bool = False
    is_banned: bool = False
    # Of a remark that is like spam, as far as was learned and a moderator chose: its most telling words.
    is_like_spam: bool = False
    spam_words: tuple[str, ...] = ()
    waiting: int = 0
    waiting_here: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """`says`: what the writer and the moderator read where it applies, else nothing."""

    key: str
    says: Callable[[Remark], str]


@dataclass(frozen=True, slots=True)
class Reason:
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refused`: it is not taken, the form comes back. `held`: it waits. Both empty: it is shown at once."""

    refused: Reason | None
    held: tuple[Reason, ...]


def _when(applies: Callable[[Remark], bool], words: str) -> Callable[[Remark], str]:
    return lambda remark: words if applies(remark) else ""


def _full(remark: Remark) -> str:
    if remark.waiting < MOST_WAITING and remark.waiting_here < MOST_WAITING_HERE:
        return ""
    where = "this article" if remark.waiting_here >= MOST_WAITING_HERE else "us"
    return (
        f"More comments are waiting for {where} than we can read just now. Yours was not taken: keep the text below "
        "and send it again in an hour or two."
    )


def _words(kind: str, found: Callable[[Remark], tuple[str, ...]], what: str) -> Callable[[Remark], str]:
    return lambda remark: f"{kind} “{'”, “'.join(found(remark)[:3])}”{what}" if found(remark) else ""


def _like_spam(remark: Remark) -> str:
    if not remark.is_like_spam:
        return ""
    named = f" (above all “{'”, “'.join(remark.spam_words)}”)" if remark.spam_words else ""
    return f"Its words{named} stood mostly in comments that were spam. Somebody reads it first; that may well be wrong."


REFUSED: tuple[Rule, ...] = (
    Rule(
        "trap",
        _when(
            lambda remark: remark.fills_the_trap,
            "A field that people do not see was filled in, as programs do. It is empty again: press the button once "
            "more.",
        ),
    ),
    Rule(
        "ban",
        _when(
            lambda remark: remark.is_banned,
            "Comments from this address or network are not taken for now, because of earlier ones. If you think that "
            "it is not you who is meant, try again tomorrow.",
        ),
    ),
    Rule("refused words", _words("We take no comments with", lambda remark: remark.refused_words, ". Say it without.")),
    Rule(
        "repeated here",
        _when(
            lambda remark: remark.is_repeated_here,
            "These very words have arrived here before, so they were not taken twice. If they are yours, all is well.",
        ),
    ),
    Rule(
        "rate",
        _when(
            lambda remark: remark.lately >= MOST_IN_WINDOW,
            f"{MOST_IN_WINDOW} comments came from your network within {RATE_WINDOW.seconds // 60} minutes, which is as "
            "many as we take. Keep the text below and send it again in a few minutes.",
        ),
    ),
    Rule("full", _full),
)

HELD: tuple[Rule, ...] = (
    Rule(
        "first time",
        _when(
            lambda remark: remark.has_address and not remark.is_known,
            "It is the first one from this address. Once one of yours was approved, the next appear at once.",
        ),
    ),
    Rule(
        "no address",
        _when(
            lambda remark: not remark.has_address,
            "It came without an address. Those are all read before they are shown.",
        ),
    ),
    Rule(
        "links",
        lambda remark: (
            f"It has {remark.links} links; more than {MOST_LINKS} are looked at first."
            if remark.links > MOST_LINKS
            else ""
        ),
    ),
    Rule("words", _words("It has the words", lambda remark: remark.held_words, ", which are looked at first.")),
    Rule(
        "name",
        _when(lambda remark: remark.bears_our_name, "It bears a name of somebody who writes here."),
    ),
    Rule(
        "too fast",
        _when(
            lambda remark: remark.since_last is not None and remark.since_last < TOO_FAST,
            "It came only seconds after another one from the same network.",
        ),
    ),
    Rule(
        "repeated elsewhere",
        _when(lambda remark: remark.is_repeated_elsewhere, "The same words were sent to another article."),
    ),
    Rule("learned", _like_spam),
)


def judged(remark: Remark) -> Verdict:
    """The first reason not to take it; else all reasons to have it wait."""
    refused = next((Reason(rule.key, words) for rule in REFUSED if (words := rule.says(remark))), None)
    return Verdict(refused, tuple(Reason(rule.key, words) for rule in HELD if (words := rule.says(remark))))
