"""`manage.py serve_mcp [--http HOST:PORT]`: the catalogue and the advice for language models."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework.settings import api_settings


class Command(BaseCommand):
    help = "Serve the tools and articles of the Model Context Protocol, on standard input and output or over HTTP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--http", metavar="HOST:PORT", help="over streamable HTTP instead, at /mcp")
        parser.add_argument("--rate", help="requests per address over HTTP, e.g. 60/min (default: API_RATE)")

    def handle(self, *args: Any, http: str | None, rate: str | None, **options: Any) -> None:
        try:
            from reviews.mcp import serving
        except ModuleNotFoundError as error:
            raise CommandError(f"{error.name} is missing: install the extra `mcp` (`uv sync --extra mcp`).") from error
        if http is None:
            serving.serve_stdio()
            return
        host, _, port = http.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise CommandError(f"--http {http}: write a host and a port, such as 127.0.0.1:8765.")
        allowed = rate if rate is not None else str(api_settings.DEFAULT_THROTTLE_RATES["anon"] or "")
        serving.serve_http(host.strip("[]"), int(port), rate=allowed)
