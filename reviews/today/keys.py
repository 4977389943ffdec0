"""Which partners' keys end soon, so that their machines would be shut out?"""

from __future__ import annotations

from django.urls import reverse

from partners.models import ApiKey
from partners.services.key_endings import ending_soon
from reviews.today.base import MOST_OF_A_KIND, Asker, Found, Item, Kind, days_ago, found


def _used(key: ApiKey, asker: Asker) -> str:
    return f"Last used {days_ago(key.last_used_on, asker.today)}." if key.last_used_on else "It was never used."


def _ending(asker: Asker) -> Found:
    rows = ending_soon(now=asker.now)
    return found(
        [
            Item(
                title=f"API key of {key.name}",
                detail=f"It ends {days_ago(key.expires_at, asker.today)}. {_used(key, asker)}",
                url=reverse("admin:partners_apikey_change", args=[key.pk]),
                act="Decide",
                met_by="A partner's machine",
                due=key.expires_at,
                is_mine=key.made_by_id == asker.user_id,
            )
            for key in rows[:MOST_OF_A_KIND]
        ],
        rows.count(),
    )


ENDING_KEYS = Kind(
    key="keys", label="Ending keys", needs="partners.change_apikey", find=_ending, none="No key ends soon."
)
