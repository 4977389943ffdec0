"""How does an import come to be, and how is it told what the file's columns mean?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from catalog.http import Door
from catalog.models import FeedImport, Merchant
from catalog.money.currencies import currency_code
from catalog.services.feed_imports.detecting import Found, look, look_again
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.fields import BY_KEY, FIELDS, URL_TEMPLATE, suggested
from catalog.services.feed_imports.files import clean_name, downloaded, keep, max_bytes, opened, too_large, unpack
from catalog.services.feed_imports.layout import DELIMITERS, FORMATS, TABLES, Layout
from catalog.services.reasons import storable
from catalog.targets import TargetError, refuse_foreign

_TO_SET_UP = frozenset({FeedImport.State.DRAFT, FeedImport.State.FAILED, FeedImport.State.CANCELLED})


@transaction.atomic
def start_import(*, merchant: Merchant, uploaded: UploadedFile[Any] | None, url: str, by: str) -> FeedImport:
    """A new import of this merchant, as a draft. Of an upload and an address, exactly one is wanted.

    The upload is stored privately, under a name of ours. Raises `ImportError_` for none or both, for an empty or too
    large file and for what is no http(s) address; nothing is stored then.
    """
    url = url.strip()
    if (uploaded is None) == (not url):
        raise ImportError_("Upload a file, or give the feed's address: one of the two.")
    if url and not url.startswith(("https://", "http://")):
        raise ImportError_("The address must begin with https:// or http://.")
    if len(url) > 2000:
        raise ImportError_("The address is longer than 2,000 characters.")
    feed_import = FeedImport(merchant=merchant, url=url, created_by=by[:150])
    if uploaded is not None:
        size = uploaded.size or 0
        if size == 0:
            raise ImportError_("The file is empty.")
        if size > max_bytes():
            raise too_large(size)
        feed_import.file_name = clean_name(uploaded.name or "upload")
        keep(feed_import, uploaded, suffix=".upload")
        feed_import.sample = {"read_at": timezone.now().isoformat()}
    feed_import.save()
    return feed_import


def detect(*, feed_import: FeedImport, door: Door) -> FeedImport:
    """Fetch the feed if it has only an address, unpack it, and find out what it is; a mapping is suggested.

    Afterwards `format`, `encoding`, `delimiter`, `currency`, `rows_total` (near enough for a progress bar), `mapping`
    and `sample` are set: `sample["columns"]` are the names, `sample["rows"]` about 20 rows of cells in their order,
    `sample["remarks"]` sentences for the editor. A mapping that the editor made stays, as far as its columns are still
    there. Raises `ImportError_`; the import keeps what it had and its `error` says why.
    """
    refuse_unless_in_setup(feed_import)
    try:
        return _detected(feed_import, door)
    except ImportError_ as error:
        feed_import.error = storable(str(error))
        feed_import.save(update_fields=["error", "file", "sha256", "sample"])
        raise


def _detected(feed_import: FeedImport, door: Door) -> FeedImport:
    if not feed_import.file:
        with downloaded(feed_import.url, door) as content:
            keep(feed_import, content, suffix=".download")
        feed_import.sample = {"read_at": timezone.now().isoformat()}
    kind = unpack(feed_import) or ("xlsx" if feed_import.format == "xlsx" else "")
    with opened(feed_import) as file:
        found = look(file, was_sheet=kind == "xlsx", country=feed_import.merchant.country)
    _take(feed_import, found)
    feed_import.currency = found.currency or feed_import.merchant.currency
    if not found.currency:
        feed_import.sample["remarks"].append(
            f"The sample names no one currency; prices without one are taken as {feed_import.currency}, the merchant's."
        )
    kept = {field: name for field, name in feed_import.mapping.items() if field == URL_TEMPLATE or _has(found, name)}
    feed_import.mapping = kept or suggested(found.layout.columns, found.sample)
    feed_import.error = ""
    feed_import.save()
    return feed_import


def _has(found: Found, column: str) -> bool:
    return column in found.layout.columns


def _take(feed_import: FeedImport, found: Found) -> None:
    layout = found.layout
    feed_import.format, feed_import.encoding, feed_import.delimiter = layout.format, layout.encoding, layout.delimiter
    feed_import.rows_total = found.rows_total
    feed_import.sample = {
        "read_at": feed_import.sample.get("read_at") or timezone.now().isoformat(),
        "columns": [storable(name) for name in layout.columns],
        "rows": [[storable(cell) for cell in row] for row in found.sample],
        "has_header": layout.has_header,
        "skip": layout.skip,
        "item": layout.item,
        "remarks": [],
    }
    if layout.format in TABLES and not layout.has_header:
        feed_import.sample["remarks"].append("The file has no header; its columns are numbered.")


def layout_of(feed_import: FeedImport) -> Layout:
    """The shape that detection found, with what the editor corrected."""
    sample: dict[str, Any] = feed_import.sample
    return Layout(
        format=feed_import.format,
        encoding=feed_import.encoding,
        delimiter=feed_import.delimiter or ",",
        has_header=bool(sample.get("has_header", True)),
        skip=int(sample.get("skip", 0)),
        item=str(sample.get("item", "")),
        columns=tuple(sample.get("columns", ())),
    )


def set_mapping(
    *,
    feed_import: FeedImport,
    format: str,  # noqa: A002 - the name of the field
    encoding: str,
    delimiter: str,
    currency: str,
    mapping: dict[str, str],
) -> list[str]:
    """Store what the editor says of the file; returns what is still wrong with it, as sentences (none: it can run).

    What was typed is stored either way, so that nothing is lost. With another format, encoding or delimiter the sample
    is read anew. `mapping`: our field to the file's column, empty texts left out; `url_template` is an address with
    {sku} in it, in place of a column for the page. Raises `ImportError_` when the import is no longer being set up.
    """
    refuse_unless_in_setup(feed_import)
    asked = (format, encoding.strip(), delimiter)
    known = (feed_import.format, feed_import.encoding, feed_import.delimiter)
    problems: list[str] = []
    ours = {*BY_KEY, URL_TEMPLATE}
    feed_import.mapping = {key: text for key, text in mapping.items() if text and key in ours}
    feed_import.currency = currency.strip().upper()[:3]
    if asked != known:
        problems += _read_anew(feed_import, *asked)
    feed_import.state = FeedImport.State.DRAFT
    feed_import.report = {}
    feed_import.save()
    return problems + mapping_problems(feed_import)


def _read_anew(feed_import: FeedImport, kind: str, encoding: str, delimiter: str) -> list[str]:
    layout = replace(layout_of(feed_import), format=kind, encoding=encoding, delimiter=delimiter, item="")
    if kind not in FORMATS:
        return [f"“{kind}” is no format that is read; there are: {', '.join(FORMATS.values())}."]
    if kind in TABLES and delimiter not in DELIMITERS:
        return [f"“{delimiter}” is no delimiter that is read: comma, semicolon, tab or |."]
    try:
        with opened(feed_import) as file:
            found = look_again(file, layout)
    except (ImportError_, UnicodeError) as error:
        return [f"Read like this, the file makes no sense: {error} The former settings stay."]
    _take(feed_import, found)
    return []


def mapping_problems(feed_import: FeedImport) -> list[str]:
    """Why this import cannot run yet, as sentences; none: it can."""
    columns = set(feed_import.sample.get("columns", ()))
    if not columns:
        return ["The file was not looked at yet."]
    mapping: dict[str, str] = feed_import.mapping
    found = [
        f"There is no column “{name}” for {BY_KEY[key].label}."
        for key, name in mapping.items()
        if key in BY_KEY and name not in columns
    ]
    found += [
        f"{field.label}: choose the column. {field.help}"
        for field in FIELDS
        if field.required and field.key not in mapping and not (field.key == "url" and URL_TEMPLATE in mapping)
    ]
    doubled = {name for name in mapping.values() if list(mapping.values()).count(name) > 1 and name in columns}
    found += [f"The column “{name}” is used for two fields. One of them is wrong." for name in sorted(doubled)]
    if template := mapping.get(URL_TEMPLATE, ""):
        found += _template_problems(template, feed_import.merchant)
    return found + _currency_problems(feed_import)


def _template_problems(template: str, merchant: Merchant) -> list[str]:
    if "{sku}" not in template:
        return ["The template for the page's address must hold {sku}, where the merchant's id goes."]
    try:
        refuse_foreign(template.replace("{sku}", "1"), merchant.hosts, merchant=merchant.name)
    except TargetError as error:
        return [str(error)]
    return []


def _currency_problems(feed_import: FeedImport) -> list[str]:
    if not feed_import.currency:
        is_needed = "price" in feed_import.mapping and "currency" not in feed_import.mapping
        return ["Say which currency the prices are in, or choose the column that does."] if is_needed else []
    try:
        currency_code(feed_import.currency)
    except ValueError as error:
        return [f"Currency: {error}."]
    return []


def refuse_unless_in_setup(feed_import: FeedImport) -> None:
    if feed_import.state not in _TO_SET_UP:
        state = feed_import.get_state_display().lower()
        raise ImportError_(f"This import is {state}: it cannot be changed now. Cancel it first, or begin a new one.")
