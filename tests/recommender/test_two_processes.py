"""Rules that are published decide in every process within five seconds, and go on when the database is away."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from recommender import rules, rules_in_force
from recommender.models import RuleSetVersion, RulesInForce
from recommender.services.drafts import edit_draft, publish_draft
from recommender.services.versions import add_version, put_in_force
from tests.factories import make_staff

# A process like a server's: it looks at the rules as the web server does, and writes down by which it decides.
PROCESS = """
import sys, time, os
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from recommender import rules, rules_in_force
rules_in_force.watch()
while True:
    with open(sys.argv[2] + ".new", "w") as file:
        file.write(rules.load().version)
    os.replace(sys.argv[2] + ".new", sys.argv[2])
    time.sleep(0.05)
"""
SECONDS = 5.0


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    rules.decide_with(None)
    rules_in_force.forget()


def publish() -> RuleSetVersion:
    by, now = make_staff("kim"), timezone.now()
    text = rules.shipped_texts()["house.yaml"].replace("because: You play alone", "because: Alone you play")
    draft = edit_draft(by=by, now=now, texts={"house.yaml": text})
    return publish_draft(by=by, now=now, seen=draft.revision)


@pytest.mark.django_db(transaction=True)
def test_two_processes_decide_by_new_rules_within_five_seconds_and_go_back_as_fast(tmp_path: Path) -> None:
    files = [tmp_path / "one", tmp_path / "two"]
    name = settings.DATABASES["default"]["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", PROCESS, str(name)]
    processes = [subprocess.Popen([*command, str(file)], env=environment) for file in files]
    try:
        wait_until(files, rules.shipped().version, seconds=120)
        version = publish()
        assert wait_until(files, version.fingerprint, seconds=SECONDS) < SECONDS
        first = RuleSetVersion.objects.get(number=1)
        put_in_force(version=first, by=make_staff("lee"), now=timezone.now())
        assert wait_until(files, first.fingerprint, seconds=SECONDS) < SECONDS
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_until(files: list[Path], version: str, *, seconds: float) -> float:
    """How long it took until all of them decided by it."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if all(file.exists() and file.read_text() == version for file in files):
            return time.monotonic() - began
        time.sleep(0.05)
    pytest.fail(f"not all decide by {version} after {seconds} seconds")


@pytest.mark.django_db
def test_the_rules_known_last_go_on_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    version = publish()
    rules_in_force.refresh()

    def away() -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(rules_in_force, "refresh", away)
    rules_in_force._try_to_refresh()
    assert rules.load().version == version.fingerprint


@pytest.mark.django_db
def test_a_version_that_todays_code_cannot_read_does_not_stop_the_answers(caplog: pytest.LogCaptureFixture) -> None:
    version = publish()
    broken = add_version(texts={"house.yaml": "- id: [}"}, fingerprint="0" * 12, now=timezone.now(), note="")
    RulesInForce.objects.update(version=version)
    rules_in_force.refresh()
    RulesInForce.objects.update(version=broken, put_by="kim")
    assert rules_in_force.refresh() is False
    assert rules.load().version == version.fingerprint
    assert "cannot be used by this code" in caplog.text


@pytest.mark.django_db
def test_pages_that_show_an_answer_are_purged_once_more_by_whoever_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    """One built by the old rules after publishing purged it would stay for an hour."""
    told: list[set[str]] = []

    class Store:
        def changed(self, tags: set[str]) -> None:
            told.append(tags)

    store: Callable[[], Store] = Store
    monkeypatch.setattr(rules_in_force, "page_store", store)
    publish()
    assert rules_in_force.refresh() is True
    assert told == [{"rules"}]
    assert rules_in_force.refresh() is False
    assert told == [{"rules"}]
