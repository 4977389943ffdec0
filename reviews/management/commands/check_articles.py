"""Look at what readers see, now, as the nightly checks do."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviews.desk.gate.remarks import Remark
from reviews.desk.live_checks import check_article
from reviews.desk.other_pages import check_other_pages
from reviews.models import Article


class Command(BaseCommand):
    help = (
        "Check live articles by the publish gate, keep the findings and print them; ends with an error when one would "
        "be refused today. With --pages also the pages that are no articles: lists, hubs, products, quiz results."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="Only these articles; without any, all that readers see.")
        parser.add_argument("--pages", action="store_true", help="Also pages that are no articles.")
        parser.add_argument("--warnings", action="store_true", help="Print warnings as well.")
        parser.add_argument("--most-products", type=int, default=200, help="At most so many product pages (200).")

    def handle(self, *args: Any, slugs: list[str], pages: bool, warnings: bool, **options: Any) -> None:
        looked = refused = 0
        for name, refusals, hints in self._looked_at(slugs, pages, options["most_products"]):
            looked += 1
            refused += bool(refusals)
            for remark in (*refusals, *(hints if warnings else ())):
                self.stdout.write(f"{name}: {remark} [{remark.check}]")
        if refused:
            raise CommandError(f"{refused} of {looked} pages would be refused.")
        self.stdout.write(f"{looked} pages looked at; none would be refused.")

    def _looked_at(
        self, slugs: list[str], pages: bool, most_products: int
    ) -> Iterator[tuple[str, tuple[Remark, ...], tuple[Remark, ...]]]:
        rows = Article.objects.published().order_by("pk")
        if slugs:
            rows = rows.filter(slug__in=slugs)
            if unknown := sorted(set(slugs) - set(rows.values_list("slug", flat=True))):
                raise CommandError(f"Readers see no article called {', '.join(unknown)}.")
        for pk, slug in rows.values_list("pk", "slug"):
            seen = check_article(article_id=pk, now=timezone.now())
            yield slug, seen.refusals, seen.warnings
        if pages:
            for address, seen in check_other_pages(most_products=most_products):
                yield address, seen.refusals, seen.warnings
