"""With what is a visit hashed today, so that its repeats are found and tomorrow nobody can tell whose it was (L10)?

Salts are made and thrown away by `services.salts`; every process of the site reads them. A day begins at midnight UTC.
A process that cannot read a day's salt makes one of its own, which finds the repeats that it sees itself.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from catalog.models import DailySalt

SALT_BYTES = 16


class Salts:
    """Today's salt and tomorrow's, so that nothing has to be asked at midnight."""

    def __init__(self) -> None:
        self._stored: dict[date, bytes] = {}
        self._own: dict[date, bytes] = {}
        self._day = -1
        self._keyed = hashlib.blake2b()
        self._name = ""

    def read(self, now: datetime) -> None:
        """Ask the database for what is not known yet; at most one query. Raises django.db.Error."""
        days = [now.date(), now.date() + timedelta(days=1)]
        self._stored = {day: salt for day, salt in self._stored.items() if day in days}
        if len(self._stored) < len(days):
            rows = DailySalt.objects.filter(day__in=days).values_list("day", "salt")
            found = {day: bytes(salt) for day, salt in rows}
            if found != self._stored:
                self._stored = found
                self._day = -1  # today's may be among them

    def visit(self, seconds: float, address: str, user_agent: str) -> tuple[str, str]:
        """The visit's hash (16 hexadecimal digits) and its day (`20261126`); `seconds` since 1970 (UTC)."""
        day = int(seconds // 86_400)
        if day != self._day:
            self._begin(day)
        keyed = self._keyed.copy()
        keyed.update(f"{address}\t{user_agent}".encode("utf-8", "replace"))
        return keyed.hexdigest(), self._name

    def _begin(self, day: int) -> None:
        date_ = date(1970, 1, 1) + timedelta(days=day)
        salt = self._stored.get(date_)
        if salt is None:
            self._own = {date_: self._own.get(date_) or secrets.token_bytes(SALT_BYTES)}
            salt = self._own[date_]
        else:
            self._own = {}
        self._keyed, self._name, self._day = hashlib.blake2b(digest_size=8, key=salt), f"{date_:%Y%m%d}", day
