"""What has to be true after every trouble. Pure: what was answered and stored goes in, what is wrong comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from tests.chaos.drill.load import GO, HUNG, KEPT, LICENSED, NO_ANSWER, PRICED, Answer, Written
from tests.chaos.drill.outside import Mail
from tests.chaos.drill.watch import Sight

# A changed price is on every page after so many seconds: beat carries each two, the look on takes a part of one.
PROMISE_SECONDS = 4.0
# Clocks of the look on and of the page differ by a look, and a page may be under way when its licence ends.
LICENCE_SLACK_SECONDS = 1.5
# An answer to a comment that says it was taken.
TAKEN = (201, 202, 302)


@dataclass(frozen=True, slots=True)
class Window:
    """When the trouble began, was over, and everything answered again, by the monotonic clock.

    `may_lag`: what carries changes to pages was away. `may_refuse`: a web process was hit itself.
    """

    begun: float
    over: float
    recovered: float
    may_lag: bool = False
    may_refuse: bool = False


@dataclass(frozen=True, slots=True)
class StoredPrice:
    sku: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter as the site has it written down."""

    message_id: str
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message to a partner's machine: `subject` is what it is about."""

    message_id: str
    kind: str
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class Import:
    """`subject`: what messages to partners call it."""

    subject: str
    number: int
    state: str
    position: int
    offers: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`final`: what the pages of each web process say in the end, beside what the offers cost."""

    window: Window
    answered: Collection[UUID]
    stored: Mapping[UUID, int]
    said: Mapping[str, Collection[Decimal]]
    prices: Sequence[StoredPrice]
    answers: Sequence[Answer]
    sights: Mapping[str, Sequence[Sight]]
    licence_seconds: float
    final: Sequence[tuple[Answer, Decimal | None]]
    copies: Sequence[Copy]
    mails: Mapping[Mail, int]
    written: Sequence[Written]
    comments: Mapping[str, int]
    imports: Sequence[Import]
    told: Sequence[Told]
    heard: Mapping[str, int]
    health: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`looked_at`: how many things were judged; `wrong`: a sentence for each that is not as promised."""

    looked_at: int
    wrong: tuple[str, ...] = ()


def clicks(facts: Facts) -> Outcome:
    """Every click somebody was sent on with is stored, and none twice. Robots are sent on too, and counted apart."""
    lost = [f"The click {one} was answered and is not stored." for one in facts.answered if one not in facts.stored]
    twice = [f"The click {one} is stored {times} times." for one, times in facts.stored.items() if times > 1]
    return Outcome(len(facts.answered), (*lost, *twice))


def prices(facts: Facts) -> Outcome:
    """Every price was said by its merchant, in these figures, of this item."""
    wrong = [
        f"{one.amount} is stored for {one.sku}, and nobody ever said so."
        for one in facts.prices
        if one.amount not in facts.said.get(one.sku, ())
    ]
    return Outcome(len(facts.prices), tuple(wrong))


def licence(facts: Facts) -> Outcome:
    """No page shows a price that was read longer ago than its merchant allows."""
    read_at: dict[Decimal, float] = {}
    for sight in facts.sights[LICENSED]:
        if sight.amount is not None and sight.read_at is not None:
            read_at[sight.amount] = max(read_at.get(sight.amount, 0.0), sight.read_at)
    asked = [one for one in facts.answers if one.kind == LICENSED and one.status == 200]
    most = facts.licence_seconds + LICENCE_SLACK_SECONDS
    wrong = [
        f"{amount} was shown {one.asked_at - read_at[amount]:.1f} s after it was read ({one.web})."
        for one in asked
        for amount in one.amounts & read_at.keys()
        if one.asked_at - read_at[amount] > most
    ]
    return Outcome(len(asked), tuple(wrong))


def fresh(facts: Facts) -> Outcome:
    """No page shows a price longer than promised after it changed; in the end all show what is true."""
    window = facts.window
    wrong = []
    asked = [one for one in facts.answers if one.kind in (PRICED, LICENSED) and one.status == 200]
    ended = {kind: _ends(facts.sights[kind]) for kind in (PRICED, LICENSED)}
    for one in asked:
        for amount in one.amounts & ended[one.kind].keys():
            since = ended[one.kind][amount]
            if window.may_lag and window.begun - PROMISE_SECONDS < since < window.recovered:
                since = window.recovered
            if one.asked - since > PROMISE_SECONDS:
                wrong.append(f"{amount} was shown {one.asked - since:.1f} s after it had changed ({one.web}).")
    for one, amount in facts.final:
        if amount is not None and amount not in one.amounts:
            wrong.append(f"{one.path} of {one.web} answers {one.status} in the end, without its price {amount}.")
    return Outcome(len(asked) + len(facts.final), tuple(wrong))


def _ends(sights: Sequence[Sight]) -> dict[Decimal, float]:
    """When each amount was found to be another one."""
    ends = {}
    for before, after in pairwise(sights):
        if before.amount is not None and before.amount != after.amount:
            ends[before.amount] = after.found
    return ends


def answers(facts: Facts) -> Outcome:
    """Kept pages and `/go/` are answered, without an error of the server's, as long as their process lives."""
    asked = [one for one in facts.answers if one.kind in (KEPT, GO)]
    return Outcome(len(asked), tuple(_refusals(asked, facts.window)))


def _refusals(asked: Sequence[Answer], window: Window) -> Iterator[str]:
    for one in asked:
        is_hit = window.may_refuse and window.begun - one.took <= one.asked <= window.recovered
        if one.status >= 400:
            yield f"{one.path} answered {one.status} ({one.web})."
        elif one.status == HUNG and not is_hit:
            yield f"{one.path} did not answer within {one.took:.0f} s ({one.web})."
        elif one.status == NO_ANSWER and not is_hit:
            yield f"{one.path} could not be asked ({one.web})."


def mail(facts: Facts) -> Outcome:
    """Nobody gets a letter twice; what is written down as sent was sent; nothing waits for ever."""
    wrong = [f"{mail.message_id} came {n} times to {mail.address}." for mail, n in facts.mails.items() if n > 1]
    for one in facts.copies:
        came = facts.mails.get(Mail(one.message_id, one.address), 0)
        if one.state == "sent" and came == 0:
            wrong.append(f"{one.message_id} to {one.address} is written down as sent and never came.")
        elif one.state not in ("sent", "unsure"):
            wrong.append(f"{one.message_id} to {one.address} is {one.state} in the end.")
    known = {(one.message_id, one.address) for one in facts.copies}
    wrong += [
        f"{mail.message_id} to {mail.address} is not written down."
        for mail in facts.mails
        if (mail.message_id, mail.address) not in known
    ]
    return Outcome(len(facts.copies), tuple(wrong))


def comments(facts: Facts) -> Outcome:
    """What was taken is stored once, what was refused is not, and what broke off is stored once at most."""
    wrong = []
    for one in facts.written:
        rows = facts.comments.get(one.text, 0)
        if one.status in TAKEN and rows != 1:
            wrong.append(f"“{one.text}” was taken and is stored {rows} times.")
        elif rows > 1 or (400 <= one.status < 500 and rows):
            wrong.append(f"“{one.text}” was answered {one.status} and is stored {rows} times.")
    return Outcome(len(facts.written), tuple(wrong))


def imports(facts: Facts) -> Outcome:
    """Each import is done, to its last row, and has made each offer once."""
    wrong = [
        f"Import {one.number} is {one.state} at row {one.position} with {one.offers} of {one.wanted} offers."
        for one in facts.imports
        if (one.state, one.position, one.offers) != ("done", one.wanted, one.wanted)
    ]
    return Outcome(len(facts.imports), tuple(wrong))


def webhooks(facts: Facts) -> Outcome:
    """What is written down as delivered came at least once; nothing waits or was given up; each import was told of."""
    wrong = [
        f"{one.message_id} ({one.subject}) is {one.state}, and came {facts.heard.get(one.message_id, 0)} times."
        for one in facts.told
        if one.state != "delivered" or not facts.heard.get(one.message_id)
    ]
    told_of = {one.subject for one in facts.told if one.kind == "import.finished"}
    wrong += [f"Nobody was told that {one.subject} is done." for one in facts.imports if one.subject not in told_of]
    return Outcome(len(facts.told), tuple(wrong))


def health(facts: Facts) -> Outcome:
    """All parts are back and say so."""
    return Outcome(len(facts.health) or 1, tuple(facts.health))


INVARIANTS: Mapping[str, Callable[[Facts], Outcome]] = {
    "clicks": clicks,
    "prices": prices,
    "licence": licence,
    "fresh": fresh,
    "answers": answers,
    "mail": mail,
    "comments": comments,
    "imports": imports,
    "webhooks": webhooks,
    "health": health,
}


def judged(facts: Facts) -> dict[str, Outcome]:
    return {name: judge(facts) for name, judge in INVARIANTS.items()}


def slowest(facts: Facts) -> float:
    """Seconds that an answer of `/go/` took at most, where its process was not hit itself."""
    window = facts.window
    spared = (
        one
        for one in facts.answers
        if one.kind == GO and not (window.may_refuse and window.begun - one.took <= one.asked <= window.recovered)
    )
    return max((one.took for one in spared), default=0.0)


def unsure(facts: Facts) -> int:
    """Letters of which nobody knows whether the mail server took them; they are not sent again."""
    return Counter(one.state for one in facts.copies)["unsure"]
