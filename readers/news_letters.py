"""What does a letter of news look like as a mail? Text and HTML with the same words, and a way out of each thing in it.

No picture, so no open pixel. The mail program's own button (RFC 8058) ends what the letter is about: the one thing that
is followed, or, where several are in it, all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from readers.links import leave_news_url, leave_url, preference_url
from readers.models import News, NewsLetter
from readers.news import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece as it stands in the letter: what is said, why it came, and the way out of it."""

    told: Told
    followed: str
    leave: str


def letter(row: NewsLetter, told: Sequence[tuple[News, Told]]) -> EmailMultiAlternatives:
    """Needs the letter's reader and each consent selected; at least one piece."""
    pieces = [Piece(told=said, followed=one.consent.label, leave=leave_url(one.consent.key)) for one, said in told]
    leaves = {piece.leave for piece in pieces}
    leave_all = leave_news_url(row.reader_id)
    out = leaves.pop() if len(leaves) == 1 else leave_all
    subject = _subject(pieces)
    context = {
        "subject": subject,
        "pieces": pieces,
        "disclosures": list(dict.fromkeys(piece.told.disclosure for piece in pieces if piece.told.disclosure)),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "leave_all": leave_all,
        "preferences": preference_url(row.reader_id, row.reader.link_version),
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("readers/news.txt", context),
        to=[row.reader.address],
        headers={
            "Message-ID": _message_id(row.pk),
            "List-Unsubscribe": f"<{out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
        },
    )
    mail.attach_alternative(render_to_string("readers/news.html", context), "text/html")
    return mail


def _subject(pieces: Sequence[Piece]) -> str:
    first = pieces[0].told
    words = first.subject or first.title
    if len(pieces) > 1:
        words = f"{words}, and {len(pieces) - 1} more"
    return " ".join(words.split())[:200]


def _message_id(number: int) -> str:
    """The same for the same letter, and nothing about its reader."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mark = salted_hmac("readers.news", str(number), algorithm="sha256").hexdigest()[:24]
    return f"<{mark}.n{number}@{domain}>"
