"""Who without an account may look at an article before it is published, at what exactly, and until when?

Whoever has the link. It is signed and names the article, its end and, where it shows one state for good, the frozen
version; nothing is stored for it but that version. All links of an article end at once when its series is raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.db.models import F

from reviews.models import Article, DraftVersion
from reviews.services.drafts import draft_content, is_same

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LASTS = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "7d": timedelta(days=7)}
LASTS_WORDS = {"1h": "1 hour", "1d": "1 day", "7d": "7 days"}
_SALT = "reviews.preview"
# Far longer than any that we make: what is longer is not looked at.
LONGEST = 400
_WITH_PEOPLE = ("author", "reviewer", "live_revision")


class PreviewError(Exception):
    """The link shows nothing. `is_over`: it once did. The message says why, for whoever holds the link."""

    def __init__(self, message: str, *, is_over: bool) -> None:
        super().__init__(message)
        self.is_over = is_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a link shows. `frozen_at` (aware) is None where it shows the newest state of the working copy."""

    article: Article
    content: Mapping[str, Any]
    until: datetime
    frozen_at: datetime | None


@transaction.atomic
def share_preview(*, article: Article, by: User | None, lasts: str, is_frozen: bool, now: datetime) -> str:
    """The token of a link that ends after `lasts` (a key of `LASTS`).

    `is_frozen`: it shows the working copy as it is now; otherwise as it is whenever it is looked at.
    """
    version = _frozen(article, by, now).pk if is_frozen else 0
    until = int((now + LASTS[lasts]).timestamp())
    return _signer().sign_object([article.pk, article.preview_series, version, until])


@transaction.atomic
def withdraw_previews(*, article: Article) -> None:
    """Ends every link to a preview of this article that was given away."""
    Article.objects.filter(pk=article.pk).update(preview_series=F("preview_series") + 1)
    article.refresh_from_db(fields=["preview_series"])


def open_preview(token: str, *, now: datetime) -> Opened:
    """What the link shows now. Raises `PreviewError`."""
    article_id, series, version_id, end = _read(token)
    article = Article.objects.select_related(*_WITH_PEOPLE).filter(pk=article_id).first()
    if article is None:
        raise PreviewError("The article that this link showed was deleted.", is_over=True)
    if series != article.preview_series:
        raise PreviewError("This link was withdrawn by the editors.", is_over=True)
    until = datetime.fromtimestamp(end, UTC)
    if now >= until:
        raise PreviewError(f"This link ended on {until:%-d %B %Y at %H:%M} UTC.", is_over=True)
    if not version_id:
        return Opened(article=article, content=draft_content(article), until=until, frozen_at=None)
    version = article.draft_versions.filter(pk=version_id).first()
    if version is None:
        raise PreviewError("The version that this link showed was deleted.", is_over=True)
    return Opened(article=article, content=version.content, until=until, frozen_at=version.created_at)


def _read(token: str) -> tuple[int, int, int, int]:
    try:
        if len(token) > LONGEST:
            raise signing.BadSignature
        article_id, series, version, until = _signer().unsign_object(token)
    except (signing.BadSignature, UnicodeError):
        raise PreviewError("This is not a link to a preview, or it was not copied whole.", is_over=False) from None
    return article_id, series, version, until


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT)


def _frozen(article: Article, by: User | None, now: datetime) -> DraftVersion:
    """The same state is frozen once, however often it is given away."""
    content = draft_content(article)
    latest = article.draft_versions.filter(why=DraftVersion.Why.SHARED).first()
    if latest is not None and is_same(latest.content, content):
        return latest
    return DraftVersion.objects.create(
        article=article, content=content, why=DraftVersion.Why.SHARED, created_at=now, created_by=by
    )
