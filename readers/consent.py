"""When may we write to an address, and what did its owner agree to? Pure decisions about consent.

Sources: GDPR Art. 7(1) (consent must be provable), double opt-in with a token of at most 72 hours, RFC 8058 for the
one-click way out (compliance.md 27, 30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TOKEN_LIFE = timedelta(hours=48)
# A stranger may type anybody's address into the form: the owner gets no more than this many mails about it.
MAILS_PER_ADDRESS = 3
MAILS_WINDOW = timedelta(hours=24)
# Addresses that were never confirmed are forgotten after this time.
UNCONFIRMED_LIFE = timedelta(days=7)


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

TOPICS: dict[str, Topic] = {NEWSLETTER.key: NEWSLETTER}


def may_send_confirmation(sent_at: Sequence[datetime], now: datetime) -> bool:
    """False once an address was asked to confirm `MAILS_PER_ADDRESS` times within `MAILS_WINDOW`."""
    return sum(1 for moment in sent_at if now - moment < MAILS_WINDOW) < MAILS_PER_ADDRESS


def is_token_alive(asked_at: datetime, now: datetime) -> bool:
    return now - asked_at < TOKEN_LIFE
