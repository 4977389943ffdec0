"""How does a partner's machine bring a merchant's items in: send, see what it would do, start, stop?

By the desk's own services, in a worker (`catalog.services.feed_imports`). How far it is: `catalog.api.imports`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from catalog.api.import_input import (
    PARSERS,
    RAW,
    FeedAddressIn,
    FileIn,
    ImportOptions,
    ReadingOptions,
    file_of,
    options_of,
    told_by,
    what_came,
)
from catalog.api.imports import ImportDetailOut, ImportList
from catalog.models import FeedImport, Merchant
from catalog.services.feed_imports import ImportError_, start_import
from catalog.services.feed_imports.unattended import give_up, note_prepared_later, start_prepared
from catalog.tasks import prepare_import, run_feed_import
from partners.key_doors import ScopedView, key_behind
from partners.preconditions import DoesNotFitError
from partners.safe_repeats import IDEMPOTENCY_KEY, safe_to_repeat, safe_to_repeat_by

# So many slugs of merchants are named to whoever sent one that there is not.
_NAMED = 50


class ImportListDoor(ImportList):
    """Imports, the newest first."""

    scopes = {**ImportList.scopes, "POST": "imports:write"}
    parser_classes = PARSERS

    @extend_schema(
        request={"multipart/form-data": FileIn, "application/json": FeedAddressIn, "application/octet-stream": RAW},
        responses={202: ImportDetailOut},
        parameters=[ImportOptions, IDEMPOTENCY_KEY],
        filters=False,
    )
    @safe_to_repeat_by(what_came)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand in a merchant's items: a file in a form, as the body itself (also as text/csv, application/xml,
        application/x-ndjson, application/gzip …), or a feed's address. A worker finds out what it is and tries it on
        its first rows; `Location` is where to see what it would do. Nothing is stored before `start/`, or with
        `start=yes` before that."""
        options = options_of(request, ImportOptions)
        uploaded, url = file_of(request, options.get("file_name", ""))
        merchant = _merchant(options["merchant"])
        try:
            made = start_import(merchant=merchant, uploaded=uploaded, url=url, by=f"API key {key_behind(request)}")
        except ImportError_ as error:
            raise ValidationError({"file" if uploaded else "url": [str(error)]}) from None
        return _prepared(request, made, options)


class ImportAct(ScopedView):
    """Something is done with one import."""

    def import_of(self, pk: int) -> FeedImport:
        """The import, locked until the transaction ends. Raises `Http404`."""
        rows = FeedImport.objects.select_related("merchant").select_for_update(of=("self",))
        return get_object_or_404(rows, pk=pk)


class ImportTry(ImportAct):
    """Try an import anew."""

    scopes = {"POST": "imports:write"}

    @extend_schema(request=None, responses={202: ImportDetailOut}, parameters=[ReadingOptions, IDEMPOTENCY_KEY])
    @safe_to_repeat_by(what_came)
    def post(self, request: Request, pk: int) -> Response:
        """Read the file it has in another way, and try that: what is said takes the place of what was found out."""
        options = options_of(request, ReadingOptions)
        return _prepared(request, self.import_of(pk), options)


class ImportStart(ImportAct):
    """Start an import."""

    scopes = {"POST": "imports:write"}

    @extend_schema(request=None, responses={202: ImportDetailOut}, parameters=[IDEMPOTENCY_KEY])
    @safe_to_repeat
    def post(self, request: Request, pk: int) -> Response:
        """Store what it would do. One that was cancelled or failed goes on where it stopped."""
        found = self.import_of(pk)
        _or_does_not_fit(lambda: start_prepared(feed_import=found))
        run_feed_import.delay_on_commit(found.pk)  # type: ignore[attr-defined]
        return _told(request, found)


class ImportCancel(ImportAct):
    """Cancel an import."""

    scopes = {"POST": "imports:write"}

    @extend_schema(request=None, responses={202: ImportDetailOut}, parameters=[IDEMPOTENCY_KEY])
    @safe_to_repeat
    def post(self, request: Request, pk: int) -> Response:
        """Stop it, after the rows in hand where it runs. What was stored stays. Of one that is cancelled nothing
        changes; one that came to its end is not cancelled any more (409)."""
        found = self.import_of(pk)
        _or_does_not_fit(lambda: give_up(feed_import=found, now=timezone.now()))
        return _told(request, found)


def _merchant(slug: str) -> Merchant:
    """Raises `DoesNotFitError` that names the slugs there are: nowhere else does the API tell them."""
    found = Merchant.objects.filter(slug=slug).first()
    if found is None:
        slugs = list(Merchant.objects.order_by("slug").values_list("slug", flat=True)[: _NAMED + 1])
        known = ", ".join(slugs[:_NAMED]) + (" and more" if len(slugs) > _NAMED else "")
        raise DoesNotFitError({"merchant": [f"There is no merchant with this slug. Known are: {known or 'none'}."]})
    return found


def _prepared(request: Request, found: FeedImport, options: dict[str, Any]) -> Response:
    _or_does_not_fit(lambda: note_prepared_later(found))
    prepare_import.delay_on_commit(found.pk, told_by(options), start=options["start"] == "yes")  # type: ignore[attr-defined]
    return _told(request, found)


def _or_does_not_fit(act: Callable[[], object]) -> None:
    try:
        act()
    except ImportError_ as error:
        raise DoesNotFitError({"import": [str(error)]}) from None


def _told(request: Request, found: FeedImport) -> Response:
    found.refresh_from_db()
    address = reverse("api-import", kwargs={"pk": found.pk}, request=request)
    return Response(ImportDetailOut(found).data, status=202, headers={"Location": address})
