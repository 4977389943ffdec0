"""When may we write to an address, and what did its owner agree to? Pure decisions about consent.

Sources: GDPR Art. 7(1) (consent must be provable), double opt-in with a token of at most 72 hours, RFC 8058 for the
one-click way out (compliance.md 27, 30).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOKEN_LIFE = timedelta(hours=48)
# A stranger may type anybody's address into the form: the owner gets no more than this many mails about it.
MAILS_PER_ADDRESS = 3
MAILS_WINDOW = timedelta(hours=24)
# Nor may one network have us write to many addresses: so many mails of ours in a day, whoever they go to.
MAILS_PER_NETWORK = 20
# Addresses that were never confirmed are forgotten after this time.
UNCONFIRMED_LIFE = timedelta(days=7)
# Who asks for more while a mail that asks is under way gets no second one in this time: its page asks about all of it.
ONE_MAIL = timedelta(hours=1)
# So much can one address follow; a stranger may type anybody's.
FOLLOWS_PER_READER = 100
# What was told in which letter of news is kept this long, so that nothing is told twice.
NEWS_LIFE = timedelta(days=90)
# What is left of a consent after its owner erased everything, until claims about it lapse (three years and their year).
PROOF_LIFE = timedelta(days=4 * 365)


class Rhythm(StrEnum):
    """How often a reader wants the letters of a topic."""

    EACH = "each"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def label(self) -> str:
        return {"each": "Every letter", "weekly": "At most one a week", "monthly": "At most one a month"}[self.value]

    @property
    def gap(self) -> timedelta:
        """Shorter than the name by a few hours, so that a letter that goes out at its usual time is not left out."""
        return {"each": timedelta(0), "weekly": timedelta(days=6, hours=12), "monthly": timedelta(days=27)}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something one can agree to receive. `wording` is what the form says; changing it needs a new `version`."""

    key: str
    label: str
    wording: str
    version: int


NEWSLETTER = Topic(
    key="newsletter",
    label="The Earmark letter",
    wording=(
        "Send me the Earmark letter: new reviews and guides, at most once a week. "
        "I can leave with one click in every letter, and my address is used for nothing else."
    ),
    version=1,
)
HEADPHONES = Topic(
    key="headphones",
    label="Headphones only",
    wording="Send me new reviews of headphones, at most twice a month. One click in every letter ends it.",
    version=1,
)
HEADSETS = Topic(
    key="headsets",
    label="Headsets only",
    wording="Send me new reviews of headsets, at most twice a month. One click in every letter ends it.",
    version=1,
)
CORRECTIONS = Topic(
    key="corrections",
    label="What we got wrong",
    wording="Write to me when an article was corrected, at most once a week. One click in every letter ends it.",
    version=1,
)

TOPICS: dict[str, Topic] = {topic.key: topic for topic in (NEWSLETTER, HEADPHONES, HEADSETS, CORRECTIONS)}


def chosen_topics(keys: Iterable[str]) -> tuple[Topic, ...]:
    """Those of our topics that were named, in our order; what we do not know is passed over."""
    named = set(keys)
    return tuple(topic for topic in TOPICS.values() if topic.key in named)


def may_send_confirmation(sent_at: Sequence[datetime], now: datetime) -> bool:
    """False once an address was asked to confirm `MAILS_PER_ADDRESS` times within `MAILS_WINDOW`."""
    return sum(1 for moment in sent_at if now - moment < MAILS_WINDOW) < MAILS_PER_ADDRESS


def mails_sent(asked_at: Iterable[datetime]) -> list[datetime]:
    """When mails that ask went out, where what was asked within `ONE_MAIL` of one needed no further one."""
    sent: list[datetime] = []
    for moment in sorted(asked_at):
        if not sent or moment - sent[-1] >= ONE_MAIL:
            sent.append(moment)
    return sent


def is_token_alive(asked_at: datetime, now: datetime) -> bool:
    return now - asked_at < TOKEN_LIFE
