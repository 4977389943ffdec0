"""How fast do letters go out, against a bare loop of Python's own client with the same mail to the same server?"""

from __future__ import annotations

import smtplib
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench.figures import Figure

READERS, TURNS = 2_000, 3


def figures(folder: Path) -> list[Figure]:
    """`newsletter_sending`: copies per second with their rows, over letters per second without any."""
    from demo.mail_server import Letter, running
    from readers.models import Reader

    taken: list[Letter] = []
    ratios = []
    with running(taken.append) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        for _ in range(TURNS):
            taken.clear()
            ours = _sending()
            raw = _raw(port, taken)
            ratios.append((ours / raw, ours, raw))
            Reader.objects.all().delete()
    ratio, ours, raw = sorted(ratios)[TURNS // 2]
    note = f"{ours:.0f} copies a second, each claimed and written down, against {raw:.0f} of bare smtplib"
    return [Figure(name="newsletter_sending", ratio=ratio, goal=0.5, ok=ratio >= 0.5, unit="of raw SMTP", note=note)]


def _sending() -> float:
    """Copies per second of an issue to `READERS`, its rows made before."""
    from readers.letters import Part
    from readers.models import Consent, Issue, Reader
    from readers.services import issues, sending

    now = timezone.now()
    made = [Reader(address=f"reader{number}@mail.example", confirmed_at=now) for number in range(READERS)]
    Consent.objects.bulk_create(
        Consent(reader=reader, topic="newsletter", wording="Yes.", wording_version=1, asked_at=now, confirmed_at=now)
        for reader in Reader.objects.bulk_create(made)
    )
    issue = Issue.objects.create(topic="newsletter", subject="What we heard in May", intro="Good morning.")
    parts = [Part(title=f"Article {one}", text="What wore out. " * 12, url="https://x.example/") for one in range(5)]
    issues.schedule_issue(issue=issue, parts=parts, due_at=now)
    issues.begin_due_issue(now=now)
    started = time.perf_counter()
    while sending.send_due(now=now, per_minute=0):
        pass
    seconds = time.perf_counter() - started
    assert issue.deliveries.filter(state="sent").count() == READERS
    return READERS / seconds


def _raw(port: int, taken: list[object]) -> float:
    """Letters per second of the client alone, with the bytes of the last copy."""
    content = taken[-1].content  # type: ignore[attr-defined]
    with smtplib.SMTP("127.0.0.1", port) as server:
        started = time.perf_counter()
        for number in range(READERS):
            server.sendmail("post@localhost", [f"reader{number}@mail.example"], content)
        return READERS / (time.perf_counter() - started)
