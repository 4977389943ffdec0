"""What does a colleague want of the desk?"""

from __future__ import annotations

from reviews.models import DeskPreferences


def save_preferences(*, user_id: int, wants_mail: bool) -> None:
    DeskPreferences.objects.update_or_create(user_id=user_id, defaults={"wants_mail": wants_mail})
