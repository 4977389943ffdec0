"""Hand out a key for the API from a shell, where there is no desk yet."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.models import ApiKey
from partners.scopes import SCOPES
from partners.services.api_keys import LIVES_AT_MOST, issue_key


class Command(BaseCommand):
    help = "Make a key for the API and print it once; only a digest of it is kept. Scopes: " + ", ".join(SCOPES) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="Whose it is and for what.")
        parser.add_argument("scopes", nargs="+", choices=list(SCOPES), metavar="scope", help="What it may do.")
        parser.add_argument("--days", type=int, default=365, help="How long it opens doors (365; at most 731).")
        parser.add_argument("--contact", default="", help="Whom to ask before it ends.")

    def handle(self, *args: Any, name: str, scopes: list[str], days: int, contact: str, **options: Any) -> None:
        if not 1 <= days <= LIVES_AT_MOST.days:
            raise CommandError(f"--days is {days}; it makes sense from 1 to {LIVES_AT_MOST.days}.")
        if len(name) > 80 or len(contact) > 120:
            raise CommandError("The name has 80 characters at most, the contact 120.")
        if ApiKey.objects.filter(name=name).exists():
            raise CommandError(f"There is a key named “{name}” already. Rotate it at the desk, or choose another name.")
        ends = timezone.now() + timedelta(days=days)
        _, secret = issue_key(name=name, contact=contact, scopes=sorted(set(scopes)), expires_at=ends)
        self.stdout.write(secret)
        self.stderr.write(f"It is printed once, and opens doors until {timezone.localtime(ends):%d %B %Y, %H:%M}.")
