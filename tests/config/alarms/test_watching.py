"""Operators are mailed once of each trouble and once of its end, over a real mail server, in few letters."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import DatabaseError
from redis import Redis

from config import tasks
from config.alarms import memory, watching
from config.alarms.rules import rules_for
from config.alarms.table import ALARMS
from config.celery import app
from config.embedded import PROJECT
from config.metrics.readings import Group, Reading
from demo.mail_server import Letter
from demo.mail_server import running as mail_server

BEGIN = datetime(2026, 11, 27, 8, tzinfo=UTC)


class Office:
    """A mail server that keeps what it took and can refuse everybody."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.is_closed = False

    def refuse(self, address: str) -> str | None:
        return "450 Not now" if self.is_closed else None

    def last(self) -> tuple[str, str]:
        mail = message_from_bytes(self.letters[-1].content, policy=policy.default)
        return str(mail["Subject"]), mail.get_content().replace("\r\n", "\n")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = Office()
    Redis.from_url(settings.REDIS_URL).delete(memory.KEY, memory.TURN)
    with mail_server(made.letters.append, refuses=made.refuse) as port:
        monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
        monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
        monkeypatch.setattr(settings, "EMAIL_PORT", port)
        monkeypatch.setattr(settings, "EMAIL_HOST_USER", "")
        monkeypatch.setattr(settings, "EMAIL_HOST_PASSWORD", "")
        monkeypatch.setattr(settings, "OPERATOR_EMAILS", ["ops@example.org", "second@example.org"])
        yield made


def machine(*, backup_hours: float = 1, held: int = 0, is_away: bool = False) -> dict[str, Group]:
    """Groups of numbers as `/metrics` has them."""

    def prices(now: datetime) -> list[Reading]:
        if is_away:
            raise DatabaseError("gone")
        return [Reading(name="offers", help="", value=held, labels={"state": "held"})]

    return {
        "backup": lambda now: [Reading(name="backup_age_seconds", help="", value=backup_hours * 3600)],
        "prices": prices,
    }


def look(minutes: float, groups: dict[str, Group]) -> int:
    return watching.watch(now=BEGIN + timedelta(minutes=minutes), groups=groups)


def test_a_trouble_is_mailed_once_and_its_end_once(office: Office) -> None:
    assert look(0, machine()) == 0
    assert look(1, machine(backup_hours=37)) == 1
    assert office.letters[-1].recipients == ("ops@example.org", "second@example.org")
    subject, body = office.last()
    assert subject == f"{settings.SITE_NAME}: 1 new trouble"
    assert "New:\n* BackupIsOld: The last backup ended more than 36 hours ago. Since 2026-11-27 08:01 UTC." in body
    assert f"{settings.SITE_URL}/admin/jobs/" in body
    for minutes in range(2, 60):
        assert look(minutes, machine(backup_hours=38)) == 0
    assert look(60, machine()) == 1
    subject, body = office.last()
    assert subject == f"{settings.SITE_NAME}: 1 over"
    assert "Over:\n* BackupIsOld:" in body
    assert look(61, machine()) == 0
    assert len(office.letters) == 2


def test_many_troubles_are_one_letter_and_what_comes_soon_after_waits(office: Office) -> None:
    assert look(0, machine(backup_hours=40, is_away=True)) == 1
    assert look(2, machine(backup_hours=40, is_away=True)) == 0, "ripe, but the last letter is two minutes old"
    assert look(11, machine(backup_hours=40, is_away=True)) == 1
    _, body = office.last()
    assert "* PartOfTheMachineIsAway: The numbers of prices cannot be read" in body
    assert "Lasts:\n* BackupIsOld:" in body
    assert len(office.letters) == 2


def test_an_end_that_comes_too_soon_for_a_letter_is_told_later(office: Office) -> None:
    look(0, machine(backup_hours=40))
    assert look(5, machine()) == 0
    assert look(10, machine()) == 1
    assert office.last()[0].endswith("1 over")


def test_what_comes_back_before_its_end_was_told_is_not_told_again(office: Office) -> None:
    look(0, machine(backup_hours=40))
    look(5, machine())
    assert look(10, machine(backup_hours=40)) == 0
    assert len(office.letters) == 1


def test_a_day_of_held_prices_is_one_letter(office: Office) -> None:
    for hours in range(30):
        look(hours * 60, machine(held=21))
    assert len(office.letters) == 1
    assert "HeldPricesWait" in office.last()[1]


def test_a_mail_server_that_is_away_is_asked_again(office: Office) -> None:
    office.is_closed = True
    assert look(0, machine(backup_hours=40)) == 0
    office.is_closed = False
    assert look(1, machine(backup_hours=40)) == 1
    assert len(office.letters) == 1


def test_without_operators_the_log_is_told_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(settings, "OPERATOR_EMAILS", [])
    look(0, machine(backup_hours=40))
    look(20, machine(backup_hours=40))
    assert office.letters == []
    assert [line.getMessage() for line in caplog.records] == [
        "BackupIsOld: The last backup ended more than 36 hours ago."
    ]


def test_two_workers_at_once_are_one(office: Office) -> None:
    redis = Redis.from_url(settings.REDIS_URL)
    with redis.lock(memory.TURN, timeout=60):
        assert look(0, machine(backup_hours=40)) == 0
    assert look(0, machine(backup_hours=40)) == 1


def test_what_was_remembered_in_another_form_is_forgotten() -> None:
    redis = Redis.from_url(settings.REDIS_URL)
    for nonsense in ("{", "[]", '{"troubles": [{"x": 1}]}', '{"told_at": "soon"}'):
        redis.set(memory.KEY, nonsense)
        assert memory.recall(redis) == memory.Memory()


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_worker_reads_the_sites_own_numbers_and_tells(office: Office) -> None:
    redis = Redis.from_url(settings.REDIS_URL)
    redis.delete("earmark:tasks:done")
    redis.hset("earmark:tasks:done", "backup", str(int(time.time()) - 40 * 3600))
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tasks.watch_promises.delay()
        deadline = time.monotonic() + 60
        while not office.letters and time.monotonic() < deadline:
            time.sleep(0.05)
    redis.delete("earmark:tasks:done")
    assert "BackupIsOld" in office.last()[1]


def test_the_rules_for_prometheus_are_written_from_the_same_table() -> None:
    written = (PROJECT / "docs" / "dashboards" / "alerts.yml").read_text()
    assert written == rules_for(ALARMS), "run `manage.py alarm_rules > docs/dashboards/alerts.yml`"
