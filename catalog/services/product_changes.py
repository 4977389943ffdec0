"""When are changes of products forgotten, of which every process has heard?"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from catalog.product_changes import KEPT


def forget_product_changes(*, now: datetime) -> int:
    """How many are gone that nobody goes on from any more."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_productchange WHERE changed_at < %s", [now - KEPT])
        return int(cursor.rowcount)
