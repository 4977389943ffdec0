"""Who makes the salts of visits, and who throws them away?"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import DailySalt
from catalog.salts import SALT_BYTES


@transaction.atomic
def keep_salts(*, now: datetime) -> int:
    """Today's and tomorrow's (UTC) are there afterwards, those of days that are over are gone; how many went.

    A salt that is there is never changed: visits of one day must be hashed alike.
    """
    today = now.date()
    gone, _ = DailySalt.objects.filter(day__lt=today).delete()
    DailySalt.objects.bulk_create(
        [DailySalt(day=day, salt=secrets.token_bytes(SALT_BYTES)) for day in (today, today + timedelta(days=1))],
        ignore_conflicts=True,
    )
    return gone
