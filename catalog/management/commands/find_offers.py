"""Find a merchant's offers of products we know, in its feed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.models import Merchant
from catalog.services import prices
from catalog.services.discovery import find_offers
from catalog.sources.base import SourceError


class Command(BaseCommand):
    help = "Read a merchant's whole feed and make an offer for every item whose GTIN or part number names a product."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="The merchant's slug.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be made and store nothing.")

    def handle(self, *args: Any, merchant: str, dry_run: bool, **options: Any) -> None:
        row = Merchant.objects.filter(slug=merchant).first()
        if row is None:
            known = ", ".join(Merchant.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no merchant {merchant!r}; known are: {known}.")
        try:
            found = find_offers(merchant=row, now=timezone.now(), door=prices.door(), dry_run=dry_run)
        except SourceError as error:
            raise CommandError(f"{row}: {error}") from error
        for made in found.made:
            self.stdout.write(f"  {made.product}: {made.reading.sku} ({made.reading.title})")
        for refused in found.refused:
            self.stdout.write(f"  refused: {refused}")
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{found.items} items read, {found.known} offered already, {len(found.made)} {would}made, "
            f"{len(found.refused)} refused."
        )
