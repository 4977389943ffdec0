"""How does an author get into the masthead? The only place outside the admin that saves one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from catalog.services.page_changes import announce
from reviews.models import Author


@transaction.atomic
def save_author(
    *,
    slug: str,
    name: str,
    role: str,
    bio: str,
    credentials: str = "",
    tests: Sequence[str] = (),
    profile_links: Sequence[str] | None = None,
) -> tuple[Author, bool]:
    """The author with this slug, made what is given, and whether that changed anything; the same again does not.

    `tests` are the fields the author tests in, printed beside the name: leave it empty for who tests nothing.
    Without `profile_links` those that are there stay. Raises `ValidationError`; nothing is saved then.
    """
    author = Author.objects.select_for_update().filter(slug=slug).first() or Author(slug=slug)
    wanted: dict[str, object] = {
        "name": name,
        "role": role,
        "bio": bio,
        "credentials": credentials,
        "tests": list(tests),
    }
    if profile_links is not None:
        wanted["profile_links"] = list(profile_links)
    changed = author.pk is None or any(getattr(author, key) != value for key, value in wanted.items())
    if changed:
        for key, value in wanted.items():
            setattr(author, key, value)
        author.full_clean()
        author.save()
        announce(f"author:{author.pk}")
    return author, changed
