"""What does one letter look like as a mail? Text and HTML with the same words, two links of the reader's own, no more.

No picture, so no open pixel; links are what they say, nobody counts them. `Message-ID` is ours and the same whenever a
copy is made again. The mould is rendered once per issue, and each copy is filled in from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from readers.consent import TOPICS

# Stand in the rendered mould where a reader's own links go.
_LEAVE, _PREFERENCES = "https://leave.invalid/", "https://preferences.invalid/"


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


@dataclass(frozen=True, slots=True)
class Mould:
    """A letter without its reader."""

    subject: str
    text: str
    html: str

    def filled(
        self, *, address: str, leave: str, preferences: str, message_id: str, connection: BaseEmailBackend | None = None
    ) -> EmailMultiAlternatives:
        def own(text: str) -> str:
            return text.replace(_LEAVE, leave).replace(_PREFERENCES, preferences)

        mail = EmailMultiAlternatives(
            subject=self.subject,
            body=own(self.text),
            to=[address],
            connection=connection,
            headers={
                "Message-ID": message_id,
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
            },
        )
        mail.attach_alternative(own(self.html), "text/html")
        return mail


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
    return Mould(
        subject=" ".join(subject.split()),
        text=render_to_string("readers/letter.txt", context),
        html=render_to_string("readers/letter.html", context),
    )


def message_id(issue_id: int, delivery_id: int) -> str:
    """The same for the same copy, and nothing about its reader."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mark = salted_hmac("readers.message", f"{issue_id}.{delivery_id}", algorithm="sha256").hexdigest()[:24]
    return f"<{mark}.{issue_id}@{domain}>"
