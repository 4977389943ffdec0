"""How does an editor go back to the first step of an import, and how is a draft thrown away?"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from catalog.models import FeedImport, Merchant
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.setting_up import refuse_unless_in_setup, start_import


@transaction.atomic
def change_start(
    *, feed_import: FeedImport, merchant: Merchant, uploaded: UploadedFile[Any] | None, url: str, by: str
) -> FeedImport:
    """Another merchant, file or address for an import that is being set up; the mapping stays as far as it fits.

    Another file or address makes a new draft in place of this one; another merchant alone changes it. Raises
    `ImportError_`; nothing is changed then.
    """
    refuse_unless_in_setup(feed_import)
    if feed_import.position:
        raise ImportError_("Rows of this import are stored already. Begin a new import for another file or merchant.")
    url = url.strip()
    if uploaded is None and url == feed_import.url:
        if merchant.pk != feed_import.merchant_id:
            feed_import.merchant, feed_import.report = merchant, {}
            feed_import.save(update_fields=["merchant", "report"])
        return feed_import
    if uploaded is None and not url:
        raise ImportError_("Upload a file, or give the feed's address: one of the two.")
    fresh = start_import(
        merchant=merchant, uploaded=uploaded, url=url if uploaded is None or url != feed_import.url else "", by=by
    )
    fresh.mapping = feed_import.mapping
    fresh.save(update_fields=["mapping"])
    _throw_away(feed_import)
    return fresh


def _throw_away(feed_import: FeedImport) -> None:
    """The row with its file; the file goes only when the row is gone for good."""
    name, storage = feed_import.file.name, feed_import.file.storage
    feed_import.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
