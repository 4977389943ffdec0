"""How fast do letters go out, against a bare loop of Python's own client with the same mail to the same server?"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench.figures import Figure

READERS, TURNS = 2_000, 5


def figures(folder: Path) -> list[Figure]:
    """`newsletter_sending`: copies per second with their rows, over letters per second without any."""
    sink = subprocess.Popen([sys.executable, "-m", "bench.mail_sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout is not None
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sink.stdout.readline())
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        turns = [_turn() for _ in range(TURNS)]
    finally:
        sink.kill()
        sink.wait()
        if sink.stdout is not None:
            sink.stdout.close()
    ratio, ours, raw = sorted(turns)[TURNS // 2]
    note = f"{ours:.0f} copies a second, each claimed and written down, against {raw:.0f} of bare smtplib"
    return [
        Figure(
            name="newsletter_sending", ratio=round(ratio, 3), goal=0.5, ok=ratio >= 0.5, unit="of raw SMTP", note=note
        )
    ]


def _turn() -> tuple[float, float, float]:
    """Both one after the other, so that a busy moment meets both."""
    from readers.models import Reader

    try:
        ours, content = _sending()
        raw = _raw(content)
        return ours / raw, ours, raw
    finally:
        Reader.objects.all().delete()


def _sending() -> tuple[float, bytes]:
    """Copies per second of an issue to `READERS`, its rows made before; and what one copy is."""
    from readers import letters, links
    from readers.models import Consent, Issue, Reader
    from readers.services import issues, sending

    now = timezone.now()
    made = [Reader(address=f"reader{number}@mail.example", confirmed_at=now) for number in range(READERS)]
    Consent.objects.bulk_create(
        Consent(reader=reader, topic="newsletter", wording="Yes.", wording_version=1, asked_at=now, confirmed_at=now)
        for reader in Reader.objects.bulk_create(made)
    )
    issue = Issue.objects.create(topic="newsletter", subject="What we heard in May", intro="Good morning.")
    parts = [
        letters.Part(title=f"Article {one}", text="What wore out. " * 12, url="https://x.example/") for one in range(5)
    ]
    issues.schedule_issue(issue=issue, parts=parts, due_at=now)
    issues.begin_due_issue(now=now)
    started = time.perf_counter()
    while sending.send_due(now=now, per_minute=0):
        pass
    seconds = time.perf_counter() - started
    assert issue.deliveries.filter(state="sent").count() == READERS
    copy = letters.mould(topic=issue.topic, subject=issue.subject, intro=issue.intro, parts=parts).filled(
        address="reader1@mail.example",
        leave=links.leave_url("x" * 32),
        preferences=links.preference_url(1, 0),
        message_id=letters.message_id(issue.pk, 1),
    )
    return READERS / seconds, copy.message().as_bytes(linesep="\r\n")


def _raw(content: bytes) -> float:
    """Letters per second of the client alone."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        started = time.perf_counter()
        for number in range(READERS):
            server.sendmail("post@localhost", [f"reader{number}@mail.example"], content)
        return READERS / (time.perf_counter() - started)
