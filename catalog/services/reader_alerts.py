"""What do alerts keep about a mail address, and how does its owner get or erase it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.models import Alert


class AlertData:
    """Registered with `readers.personal_data` by the app."""

    key = "alerts"
    label = "Your price and stock alerts"
    stays = ""

    def export(self, address: str) -> Sequence[Mapping[str, Any]]:
        columns = ("product_name", "kind", "amount", "currency", "country", "created_at", "told_at", "times_told")
        return list(Alert.objects.filter(consent__reader__address=address).values(*columns))

    def erase(self, address: str, *, now: datetime) -> int:
        gone, _ = Alert.objects.filter(consent__reader__address=address).delete()
        return gone
