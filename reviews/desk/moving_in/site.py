"""In which order is a whole site taken over, and what is only tried?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from reviews.desk.moving_in.links import Shop, take_over_links
from reviews.desk.moving_in.outcome import Did, Outcome
from reviews.desk.moving_in.pictures import Fetch, Pictures
from reviews.desk.moving_in.posts import POSTS, Wishes, old_site, take_over_post
from reviews.models import Author
from reviews.services.authors import save_author
from reviews.wordpress.short_links import BadLink, ShortLink, thirsty_links
from reviews.wordpress.wxr import WpAuthor, WpItem, WpSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export as it was read, and the links of a file of Pretty Links beside it."""

    site: WpSite
    authors: Sequence[WpAuthor]
    items: Sequence[WpItem]
    pretty_links: Sequence[ShortLink | BadLink] = ()

    @property
    def links(self) -> list[ShortLink | BadLink]:
        return [*thirsty_links(self.items), *self.pretty_links]

    @property
    def posts(self) -> list[WpItem]:
        return [item for item in self.items if item.kind in POSTS]


class _TrialIsOverError(Exception):
    """Takes everything back at the end of a trial."""


def exported(parts: Iterable[WpSite | WpAuthor | WpItem], links: Sequence[ShortLink | BadLink] = ()) -> Export:
    """What `wxr.read` gives, put together."""
    site = WpSite(title="", address="")
    authors: list[WpAuthor] = []
    items: list[WpItem] = []
    for part in parts:
        if isinstance(part, WpSite):
            site = part
        elif isinstance(part, WpAuthor):
            authors.append(part)
        else:
            items.append(part)
    return Export(site=site, authors=authors, items=items, pretty_links=links)


def move_in(
    export: Export, *, fetch: Fetch, shop: Shop, is_public: bool, now: datetime, is_trial: bool = False
) -> Iterator[Outcome]:
    """Authors, links, posts with their pictures and comments; the same again changes nothing.

    Each thing is in a transaction of its own: what is refused is told, the rest goes on.
    """
    authors: dict[str, Author] = {}
    for one in export.authors or [WpAuthor(login="editor", name="Editor")]:
        authors[one.login], outcome = _author(one, export.site)
        yield outcome
    yield from take_over_links(export.links, shop=shop, now=now)
    paths = [(link.former_path, link.code) for link in export.links if isinstance(link, ShortLink)]
    wishes = Wishes(
        authors=authors,
        site=old_site(export.site.address, export.items, paths),
        pictures=Pictures(fetch, credit=export.site.title, is_trial=is_trial),
        is_public=is_public,
        now=now,
    )
    for item in export.posts:
        yield from take_over_post(item, wishes)


def try_moving_in(export: Export, *, fetch: Fetch, shop: Shop, is_public: bool, now: datetime) -> Iterator[Outcome]:
    """The same, with everything taken back at the end. Pictures are looked at, but their files are not stored."""
    try:
        with transaction.atomic():
            yield from move_in(export, fetch=fetch, shop=shop, is_public=is_public, now=now, is_trial=True)
            raise _TrialIsOverError
    except _TrialIsOverError:
        return


def _author(author: WpAuthor, site: WpSite) -> tuple[Author, Outcome]:
    slug = slugify(author.login) or slugify(author.name) or "author"
    there = Author.objects.filter(slug=slug).first()
    if there is not None:
        return there, Outcome(what="author", name=slug, did=Did.THERE)
    made, _ = save_author(
        slug=slug, name=author.name[:80] or slug, role="Author", bio=f"Writes for {site.title or 'this site'}."
    )
    note = "Write the author's own words: role, bio, credentials."
    return made, Outcome(what="author", name=slug, did=Did.MADE, notes=(note,))
