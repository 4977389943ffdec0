"""Which links let somebody without an account act: a writer on their comment, an editor from a letter?

They are signed and expire; what they lead to is a page, and only its button acts.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse

EDIT_WINDOW = timedelta(minutes=15)
# The page of one's comment says longer how it stands than it can be changed.
MINE_LIFE = timedelta(days=7)
LETTER_LIFE = timedelta(hours=48)

_MINE = "reviews.comment.mine"
_LETTER = "reviews.comment.letter"


def mine_url(comment_id: int, *, wants_mail: bool = False) -> str:
    """`wants_mail`: whoever sent it asked to be told by mail, and reads there what becomes of that."""
    url = reverse("comment-mine", kwargs={"token": signing.dumps(comment_id, salt=_MINE)})
    return f"{url}?mail" if wants_mail else url


def comment_of_mine(token: str) -> int | None:
    """Whose link it is; None where it was made up, cut off or is too old."""
    found = _read(token, salt=_MINE, life=MINE_LIFE)
    return found if isinstance(found, int) else None


def letter_url(comment_id: int, user_id: int) -> str:
    return reverse("comment-letter", kwargs={"token": signing.dumps([comment_id, user_id], salt=_LETTER)})


def comment_of_letter(token: str) -> tuple[int, int] | None:
    """The comment, and the editor to whom the letter went."""
    found = _read(token, salt=_LETTER, life=LETTER_LIFE)
    return (found[0], found[1]) if isinstance(found, list) and len(found) == 2 else None


def _read(token: str, *, salt: str, life: timedelta) -> object:
    try:
        return signing.loads(token, salt=salt, max_age=life)
    except signing.BadSignature:
        return None
