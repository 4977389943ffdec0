"""How fast may a network's API be asked for an account, by all our workers together?"""

from __future__ import annotations

import hashlib
import threading

from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from catalog.http import Door
from catalog.models import NetworkAccount
from catalog.networks.reports.base import Reports
from catalog.services.pace import PacedDoor, _storage


class AccountDoor(PacedDoor):
    """A door that keeps the pace of an account's network; accounts of one user at the network share it."""

    def __init__(self, door: Door, account: NetworkAccount, reports: Reports) -> None:
        self._door = door
        self._account = _whose(account, reports)
        self._limits = []
        if reports.per_minute:
            item = RateLimitItemPerMinute(reports.per_minute, namespace="reports")
            self._limits.append((MovingWindowRateLimiter(_storage()), item, "minute"))
        self._lock = threading.Lock()
        self._gates: dict[str, float] = {}
        self.requests = 0
        self.closed_for: float | None = None


def _whose(account: NetworkAccount, reports: Reports) -> str:
    """Whose quota is used: the value of a setting, which never stands in Redis itself, or the account's own."""
    value = str((account.report_settings or {}).get(reports.quota_of) or "") if reports.quota_of else ""
    if not value:
        return f"our account at {account.network}, number {account.pk}"
    return f"our account at {account.network}, {hashlib.sha256(value.encode()).hexdigest()[:12]}"
