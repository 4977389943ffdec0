"""Which rules does this process decide with, and how does it learn of others?

Every server process looks at the pointer in the database once a second (`watch`), in a thread of its own, and whoever
publishes looks at once: nobody decides by old rules for longer than two seconds. While the database is away, and where
a stored version cannot be read, the rules known last go on. A process that never looked decides by those that ship
with the code.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from django.db import Error, connection
from redis.exceptions import RedisError

from catalog.page_store import page_store
from recommender import rules
from recommender.models import RuleSetVersion, RulesInForce

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
# Old versions that readers' addresses name, read once each.
_MOST_KEPT = 16


class _Watch:
    """What this process knows. `number` 0: the rules that ship with the code."""

    def __init__(self) -> None:
        self.number = 0
        self.is_away = False
        self.refused = 0
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None


_watch = _Watch()


def watch() -> None:
    """Learn which rules are in force, now and from now on, in a thread of this process and of its forks."""
    _try_to_refresh()
    _follow()
    os.register_at_fork(after_in_child=_follow)


def stop() -> None:
    """Stop looking; the rules stay as they are."""
    _watch.stop.set()
    if _watch.thread is not None:
        _watch.thread.join()
    _watch.stop.clear()
    _watch.thread = None


def forget() -> None:
    """Know nothing, as a process that has just begun (tests, whose database begins anew)."""
    _watch.number = _watch.refused = 0
    ruleset_numbered.cache_clear()


def refresh() -> bool:
    """Decide by the rules that are in force; True when these are others than before. Raises django.db.Error."""
    with _watch.lock:
        found = RulesInForce.objects.values_list("version__number", flat=True).first() or 0
        if found in (_watch.number, _watch.refused):
            return False
        if found == 0:
            rules.decide_with(None)
        elif (ruleset := ruleset_numbered(found)) is not None:
            rules.decide_with(ruleset)
        else:
            _watch.refused = found
            return False
        _watch.number, _watch.refused = found, 0
    _purge()
    return True


def rules_then(fingerprint: str) -> rules.RuleSet | None:
    """The rules of that fingerprint, in force or not; None when nobody has them, or nobody can read them any more."""
    now = rules.load()
    if fingerprint == now.version:
        return now
    if fingerprint == rules.shipped().version:
        return rules.shipped()
    number = RuleSetVersion.objects.filter(fingerprint=fingerprint).values_list("number", flat=True).first()
    return None if number is None else ruleset_numbered(number)


def texts_in_force() -> Mapping[str, str]:
    """File name → YAML of the rules in force, as the database says it now."""
    texts = RulesInForce.objects.values_list("version__texts", flat=True).first()
    return rules.shipped_texts() if texts is None else texts


@lru_cache(maxsize=_MOST_KEPT)
def ruleset_numbered(number: int) -> rules.RuleSet | None:
    """A published version, which never changes; None when today's code cannot read it. One query, once."""
    row = RuleSetVersion.objects.get(number=number)
    try:
        # an address names the fingerprint it had then, whatever today's code would make of the same texts
        return replace(rules.ruleset_of(row.texts), version=row.fingerprint)
    except rules.RulesError as error:
        log.error("Rules %d cannot be used by this code, the rules known last go on: %s", number, error)
        return None


def _purge() -> None:
    """Pages this process built by the old rules after publishing purged them: let them go once more."""
    try:
        page_store().changed({"rules"})
    except RedisError as error:
        log.warning("Kept pages were not told of new rules (%s); they go when Redis is back or when they age.", error)


def _follow() -> None:
    """(Also in a forked child, which inherits what is known but not the thread.)"""
    _watch.lock = threading.Lock()
    _watch.thread = threading.Thread(target=_poll, name="rules in force", daemon=True)
    _watch.thread.start()


def _poll() -> None:
    try:
        while not _watch.stop.wait(POLL_SECONDS):
            _try_to_refresh()
    finally:
        connection.close()  # this thread's own


def _try_to_refresh() -> None:
    try:
        if refresh():
            log.info("Decisions follow rules %s (%s) now.", _watch.number or "shipped", rules.load().version)
        _watch.is_away = False
    except Error as error:
        if not _watch.is_away:
            log.warning(
                "The rules in force cannot be asked for (%s). The rules known last go on.", type(error).__name__
            )
        _watch.is_away = True
        connection.close()
    except Exception:
        # one mistake of ours must not end the thread: this process would decide by old rules for good, in silence
        log.exception("The rules in force were not read; the rules known last go on.")
