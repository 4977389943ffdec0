"""What may a machine send to have items brought in: a file in a form or as it is, or a feed's address?

How it is to be read stands in the address of the door, whichever way the file comes. What is not said is found out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import IO, Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.request import Request
from rest_framework.settings import api_settings

from catalog.api.product_input import WORDS
from catalog.feeds import MEGABYTE
from catalog.services.feed_imports import FIELDS, FORMATS, URL_TEMPLATE
from catalog.services.feed_imports.files import max_bytes, too_large
from catalog.tables import TABLES
from partners.safe_repeats import TooMuch
from readers.exact_input import ExactInput, refuse_unknown

_SLUG = r"^[-a-zA-Z0-9_]+$"
_COLUMN = "column_"
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
# As these a file comes by itself. What it is, is found out from its bytes: shops' servers name it in many ways.
FILE_TYPES = (
    "application/octet-stream",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "text/xml",
    "application/xml",
    "application/x-ndjson",
    "application/jsonl",
    "application/gzip",
    "application/x-gzip",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
# In the schema for the file that is the body.
RAW = {"type": "string", "format": "binary", "minLength": 1}


class FileBody(BaseParser):
    """The body is the file. It goes to the disk as it comes, and no further than a file may be large."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles[Any, Any]:
        kept = TemporaryUploadedFile("upload", media_type or "", 0, None)
        # Django closes the files of a request at its end: those that it knows.
        of: Any = (parser_context or {})["request"]._request
        of._post, of._files = QueryDict(), MultiValueDict({"file": [kept]})
        size = 0
        while step := stream.read(MEGABYTE):
            size += len(step)
            _refuse_large(size)
            kept.write(step)
        kept.seek(0)
        kept.size = size
        return DataAndFiles({}, {"file": kept})


FILE_PARSERS: tuple[type[BaseParser], ...] = (
    MultiPartParser,
    *(type("FileBody", (FileBody,), {"media_type": media_type}) for media_type in FILE_TYPES),
)
# Or a feed's address, as JSON.
PARSERS: tuple[type[BaseParser], ...] = (*FILE_PARSERS, *cast(Any, api_settings.DEFAULT_PARSER_CLASSES))


class FileIn(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="CSV, TSV, Excel (.xlsx), XML or JSON lines, also packed as .gz or .zip.")


class FeedAddressIn(ExactInput):
    url = serializers.RegexField(
        r"^https?://[!-~]+$",
        max_length=2000,
        help_text="It is fetched once, by a worker, and told to nobody: addresses of feeds have keys in them.",
    )


class ReadingOptions(ExactInput):
    """How a file is to be read. What is left out is found out."""

    start = serializers.ChoiceField(
        ["yes", "no"],
        default="no",
        help_text="`yes`: stored as soon as it was tried, if nothing stayed unclear. `no`: it waits for `start/`.",
    )
    file_format = serializers.ChoiceField(list(FORMATS), required=False)
    encoding = serializers.RegexField(r"^[-a-zA-Z0-9_]+$", max_length=30, required=False, help_text="Such as utf-8.")
    delimiter = serializers.ChoiceField(list(_DELIMITERS), required=False)
    currency = serializers.RegexField(
        r"^[A-Z]{3}$", required=False, help_text="ISO 4217: of prices that name none themselves."
    )
    url_template = serializers.RegexField(
        r"^https?://[!-~]+$",
        max_length=500,
        required=False,
        help_text="The address of an item's page with {sku} where its id goes, where no column has it.",
    )

    def get_fields(self) -> dict[str, Any]:
        """One more for each of our fields: which of the file's columns means it."""
        columns = {
            f"{_COLUMN}{field.key}": serializers.RegexField(
                WORDS, max_length=100, required=False, help_text=f"The file's column for: {field.label}. {field.help}"
            )
            for field in FIELDS
        }
        return {**super().get_fields(), **columns}


class ImportOptions(ReadingOptions):
    """Whose items, and how the file is to be read."""

    merchant = serializers.RegexField(_SLUG, max_length=80, help_text="The merchant's slug.")
    file_name = serializers.RegexField(
        WORDS, max_length=200, required=False, help_text="How the desk shows it, where it comes without a name."
    )


class TableOptions(ExactInput):
    """Of what the table is."""

    kind = serializers.ChoiceField(list(TABLES))
    file_name = serializers.RegexField(
        WORDS, max_length=200, required=False, help_text="How the desk shows it, where it comes without a name."
    )


def options_of(request: Request, kind: type[ExactInput]) -> dict[str, Any]:
    """What stands in the address. Raises `ValidationError`."""
    sent = kind(data=request.query_params)
    sent.is_valid(raise_exception=True)
    found: dict[str, Any] = sent.validated_data
    return found


def told_by(options: Mapping[str, Any]) -> dict[str, Any]:
    """The same as `unattended.prepare_import` takes it, in JSON's kinds."""
    columns = {name.removeprefix(_COLUMN): text for name, text in options.items() if name.startswith(_COLUMN)}
    if template := options.get("url_template"):
        columns[URL_TEMPLATE] = template
    settings = {name: options[name] for name in ("encoding", "currency") if name in options}
    if file_format := options.get("file_format"):
        settings["format"] = file_format
    if delimiter := options.get("delimiter"):
        settings["delimiter"] = _DELIMITERS[delimiter]
    return {**settings, "columns": columns}


def file_of(request: Request, name: str = "") -> tuple[UploadedFile[Any] | None, str]:
    """The file or the address that was sent. `name`: for a file without one. Raises `ValidationError`, `TooMuch`."""
    sent = request.data
    uploaded = request.FILES.get("file")
    if uploaded is None and "application/json" in (request.content_type or ""):
        address = FeedAddressIn(data=sent)
        address.is_valid(raise_exception=True)
        return None, str(address.validated_data["url"])
    refuse_unknown(sent, ("file",))
    if not isinstance(uploaded, UploadedFile):
        raise ValidationError({"file": ["Send the file as the field “file” of a form, or as the body itself."]})
    _refuse_large(uploaded.size or 0)
    if name:
        uploaded.name = name
    return uploaded, ""


def what_came(request: Request) -> bytes:
    """The same for the same: a digest of the address' options, the fields and the file, read a piece at a time."""
    found = hashlib.sha256(repr(sorted(request.query_params.lists())).encode())
    uploaded = request.FILES.get("file")
    if uploaded is None:
        found.update(repr(request.data).encode())
    else:
        for step in uploaded.chunks():
            found.update(step)
        uploaded.seek(0)
    return found.digest()


def _refuse_large(size: int) -> None:
    if size > max_bytes():
        raise TooMuch(str(too_large(size)))
