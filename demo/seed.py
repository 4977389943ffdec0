"""How does the demo's content get into an empty, a half-filled or a full database? `python -m demo.seed`.

Everything goes through the services that the site itself uses. What is there already is left alone, and so is what
somebody has edited since: a second run changes nothing and says so.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from config import env
from config.acting import Actor, acting
from demo.processes import DemoError


class SeedError(DemoError):
    """The content cannot be put in. The message says why and what to do; what was done before it stays."""


def main() -> int:
    """Puts in what is missing and returns 0. Django is set up and migrated. Raises `DemoError`."""
    refuse_real_site()
    # Not before Django is set up: these reach models.
    from django.utils import timezone

    from demo import (
        claims,
        desk,
        drawn_pictures,
        earnings,
        followers,
        links,
        method,
        mishaps,
        night,
        past,
        planned,
        remarks,
        stock,
        writing,
    )

    steps: list[tuple[str, Callable[[], int]]] = [
        ("catalogue", stock.fill_catalogue),
        ("merchants", stock.fill_merchants),
        ("offers and their links", stock.fill_offers),
        ("links with routes of their own", links.fill_links),
        ("earlier prices of one shop", lambda: past.fill_past(now=timezone.now())),
        ("a link that leads nowhere", lambda: mishaps.fill_mishaps(now=timezone.now())),
        ("earlier clicks and what they earned", lambda: earnings.fill_earnings(now=timezone.now())),
        ("authors", writing.fill_authors),
        ("scoring method with its scores", lambda: method.fill_method(now=timezone.now())),
        ("pictures in all their sizes", drawn_pictures.fill_pictures),
        ("articles", writing.fill_articles),
        ("claims that have to stay true", lambda: claims.fill_claims(now=timezone.now())),
        ("what the checks say of them", lambda: night.fill_findings(now=timezone.now())),
        ("accounts of the newsroom", writing.fill_accounts),
        ("a review that is asked for", lambda: desk.fill_desk(now=timezone.now())),
        ("an article on the timetable, and a correction", lambda: planned.fill_planned(now=timezone.now())),
        ("who wants to be told of prices and comments", lambda: followers.fill_followers(now=timezone.now())),
        ("what readers say", lambda: remarks.fill_remarks(now=timezone.now())),
    ]
    with acting(lambda: Actor("command", "demo")):
        changed = sum(_step(label, work) for label, work in steps)
    print("    Everything was there already; nothing was changed." if not changed else "    The demo's content is in.")
    return 0


def refuse_real_site() -> None:
    """Invented merchants and a password that everybody knows do not belong into a real site's database."""
    if env.text("DATABASE_URL") and os.environ.get("EARMARK_DEMO") != "1":
        raise SeedError(
            "DATABASE_URL names a server of your own, and the demo brings invented merchants and an account whose "
            "password is public.\nUnset DATABASE_URL to use the embedded database, or set EARMARK_DEMO=1 if that "
            "server is meant for the demo."
        )


def _step(label: str, work: Callable[[], int]) -> int:
    """Says what was done, in one line that appears before the work begins."""
    print(f"    {label} …", end="", flush=True)
    started = time.monotonic()
    try:
        changed = work()
    except Exception:
        print(" failed", flush=True)
        raise
    said = f"{changed} new or changed" if changed else "in place"
    print(f" {said} ({time.monotonic() - started:.1f} s)", flush=True)
    return changed


def _from_the_command_line() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config import embedded

    try:
        refuse_real_site()
        embedded.join()
        import django

        django.setup()
        return main()
    except (DemoError, embedded.EmbeddedServiceError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(_from_the_command_line())
