"""What does one letter look like as a mail? Text and HTML with the same words, two links of the reader's own, no more.

No picture, so no open pixel; links are what they say, nobody counts them. `Message-ID` is ours and the same whenever a
copy is made again. The mould is rendered once per issue, and each copy is filled in from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from readers.consent import TOPICS

# Stand in the rendered mould where what is a reader's own goes.
_LEAVE, _PREFERENCES = "https://leave.invalid/", "https://preferences.invalid/"
_TO, _ID = "to@mould.invalid", "<id@mould.invalid>"
# What stands in a head as it is; whatever else an address may be a mail library has to fold or encode.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of a letter, handed in by the app that knows what it is: plain text, an absolute address."""

    title: str
    text: str
    url: str
    kicker: str = ""
    note: str = ""

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Part:
        return cls(**{name: str(row.get(name, "")) for name in ("title", "text", "url", "kicker", "note")})


class _Bytes:
    """A message that is written out already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        return self._content if linesep == "\r\n" else self._content.replace(b"\r\n", linesep.encode())


class Copy(EmailMultiAlternatives):
    """A mail like any other to the libraries that ask for its parts; who wants it written out has it at once."""

    written: bytes | None = None

    def message(self, *more: Any, **named: Any) -> Any:
        return super().message(*more, **named) if self.written is None else _Bytes(self.written)


@dataclass(frozen=True, slots=True)
class Mould:
    """A letter without its reader. `written` is all of it, with CRLF; None where it cannot be filled in as it stands.

    Writing a mail out takes a mail library longer than sending it: it is done once.
    """

    subject: str
    text: str
    html: str
    written: bytes | None = None

    def filled(self, *, address: str, leave: str, preferences: str, message_id: str) -> Copy:
        def own(text: str) -> str:
            return text.replace(_LEAVE, leave).replace(_PREFERENCES, preferences)

        mail = Copy(
            subject=self.subject,
            body=own(self.text),
            to=[address],
            headers={
                "Message-ID": message_id,
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
            },
        )
        mail.attach_alternative(own(self.html), "text/html")
        mail.written = self.written_for(address=address, leave=leave, preferences=preferences, message_id=message_id)
        return mail

    def written_for(self, *, address: str, leave: str, preferences: str, message_id: str) -> bytes | None:
        """The copy as it goes out, with CRLF; None where a mail library has to write it (`filled`)."""
        if self.written is None or not _PLAIN_ADDRESS.fullmatch(address):
            return None
        written = self.written
        pairs = ((_TO, address), (_ID, message_id), (_LEAVE, leave), (_PREFERENCES, preferences))
        for stands, goes in pairs:
            written = written.replace(stands.encode(), goes.encode())
        return written


def _written(mould: Mould) -> bytes | None:
    mail = mould.filled(address=_TO, leave=_LEAVE, preferences=_PREFERENCES, message_id=_ID)
    content: bytes = mail.message().as_bytes(linesep="\r\n")
    # Once in the head, and as often as in the words: an encoding that broke one in two would leave fewer.
    wanted = {
        _TO: 1,
        _ID: 1,
        _LEAVE: 1 + (mould.text + mould.html).count(_LEAVE),
        _PREFERENCES: (mould.text + mould.html).count(_PREFERENCES),
    }
    return content if all(content.count(stands.encode()) == count for stands, count in wanted.items()) else None


def mould(*, topic: str, subject: str, intro: str, parts: Sequence[Part]) -> Mould:
    """`intro` and the parts are plain text; in HTML it is escaped. Raises nothing: an unknown topic has no name."""
    named = TOPICS.get(topic)
    context = {
        "subject": subject,
        "intro": intro.strip(),
        "paragraphs": [part for part in re.split(r"\n\s*\n", intro.strip()) if part],
        "parts": parts,
        "topic": named.label if named else topic,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "leave": _LEAVE,
        "preferences": _PREFERENCES,
    }
    made = Mould(
        subject=" ".join(subject.split()),
        text=render_to_string("readers/letter.txt", context),
        html=render_to_string("readers/letter.html", context),
    )
    return replace(made, written=_written(made))


def message_id(issue_id: int, delivery_id: int) -> str:
    """The same for the same copy, and nothing about its reader."""
    domain = _domain(settings.DEFAULT_FROM_EMAIL)
    mark = salted_hmac("readers.message", f"{issue_id}.{delivery_id}", algorithm="sha256").hexdigest()[:24]
    return f"<{mark}.{issue_id}@{domain}>"


@lru_cache(maxsize=8)
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
