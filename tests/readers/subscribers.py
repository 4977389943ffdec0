"""Readers who agreed to a topic, made in bulk, and a mail server that notes who got what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.test import override_settings
from django.utils import timezone

from demo.mail_server import Letter, Refusal, running
from readers.consent import NEWSLETTER
from readers.letters import Part
from readers.models import Consent, Issue, Reader
from readers.services.issues import schedule_issue

PARTS = (
    Part(
        title="The Space One, a year on",
        text="What wore out, what did not, and whom it still suits.",
        url="http://127.0.0.1:8000/reviews/space-one/",
        kicker="Review",
        note="Ines wore it every day.",
    ),
    Part(title="Grüße aus Köln – наушники", text="Töne & <Klänge>", url="http://127.0.0.1:8000/guides/klang/"),
)


def subscribe(count: int, *, topic: str = NEWSLETTER.key, now: datetime | None = None) -> list[Reader]:
    """`reader0@mail.example` and so on, confirmed."""
    moment = now or timezone.now()
    made = [Reader(address=f"reader{number}@mail.example", confirmed_at=moment) for number in range(count)]
    readers = Reader.objects.bulk_create(made, batch_size=2_000)
    Consent.objects.bulk_create(
        (
            Consent(reader=reader, topic=topic, wording="Yes.", wording_version=1, asked_at=moment, confirmed_at=moment)
            for reader in readers
        ),
        batch_size=2_000,
    )
    return readers


def scheduled(*, topic: str = NEWSLETTER.key, subject: str = "What we heard in May") -> Issue:
    issue = Issue.objects.create(topic=topic, subject=subject, intro="Good morning.\n\nA short one.")
    schedule_issue(issue=issue, parts=PARTS, due_at=timezone.now())
    return issue


class Post:
    """What the mail server took."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.port = 0

    @property
    def copies(self) -> Counter[str]:
        return Counter(address for letter in self.letters for address in letter.recipients)

    def read(self, number: int = 0) -> EmailMessage:
        message = message_from_bytes(self.letters[number].content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@contextmanager
def post_office(*, refuses: Refusal = lambda address: None) -> Iterator[Post]:
    """A mail server on loopback, and Django's settings leading to it."""
    post = Post()
    with running(post.letters.append, refuses=refuses) as port:
        post.port = port
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(
            EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_HOST_USER=""
        ):
            yield post
