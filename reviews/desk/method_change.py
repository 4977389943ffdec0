"""What happens when a version of the method comes into force?

One transaction: the method, and the articles that have to be looked at.

What is published stays as it is and names the version it was scored by. Articles whose scores or order would be others
today get an open finding, which the night's check keeps as long as it is true.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from reviews.models import Finding, MethodVersion
from reviews.reports.moves import MovesReport, moves_report
from reviews.services.methods import activate_version

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A key of the gate's checks (`reviews.desk.gate.checks`), so that the night finds its row again.
CHECK = "method-changed"


@transaction.atomic
def activate_method(*, version: MethodVersion, now: datetime, by: User | None = None) -> MovesReport:
    """Activates the draft and flags the articles it touches; who moved where. `now` is aware. Raises `MethodError`."""
    report = moves_report(version)
    activate_version(version=version, now=now, by=by)
    touched = [
        *((guide.article_id, _of_guide(version, guide.moved)) for guide in report.touched),
        *((review.article_id, _of_review(version, review.words)) for review in report.reviews),
    ]
    Finding.objects.filter(check_key=CHECK, resolved_at__isnull=True, article__in=[pk for pk, _ in touched]).update(
        resolved_at=now
    )
    Finding.objects.bulk_create(
        Finding(article_id=pk, check_key=CHECK, is_refusal=False, message=said, first_seen_at=now, last_seen_at=now)
        for pk, said in dict(touched).items()
    )
    return report


def _of_guide(version: MethodVersion, moved: int) -> str:
    said = f"{moved} of its products would move" if moved else "its products would score otherwise"
    return f"By Method {version.number} {said}. Look at its order and its words, and publish it again."


def _of_review(version: MethodVersion, words: str) -> str:
    return f"By Method {version.number} its overall {words if 'would' in words else f'goes {words}'}. Publish it again."
