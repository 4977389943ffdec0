"""Which states of an article do we still have, and what is in each of them?

A state is named in addresses: `now` (the working copy), `r12` (public revision 12), `d7` (a frozen draft, by its id).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.models import Product
from reviews.block_fields import PictureRef, ProductRef, references
from reviews.blocks import BLOCKS
from reviews.comparing import Names
from reviews.models import Article, Author, DraftVersion, Picture, Revision
from reviews.services.drafts import draft_content

NOW = "now"
_NAME = re.compile(r"([rd])([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`note` is public for a revision; `is_live`: readers see it now."""

    name: str
    title: str
    at: datetime
    who: str
    note: str = ""
    is_live: bool = False

    @property
    def is_working_copy(self) -> bool:
        return self.name == NOW


class VersionError(LookupError):
    """There is no such state of this article."""


def versions_of(article: Article) -> list[Version]:
    """The working copy, then what was published and what was frozen, newest first. Two queries; no content is read."""
    found = [*_revisions(article), *_drafts(article)]
    return [_working_copy(article), *sorted(found, key=lambda version: version.at, reverse=True)]


def version_called(article: Article, name: str) -> tuple[Version, Mapping[str, Any]]:
    """The state of this name with its content. Raises `VersionError`."""
    if name == NOW:
        return _working_copy(article), draft_content(article)
    parts = _NAME.fullmatch(name)
    row: Revision | DraftVersion | None = None
    if parts is not None and parts[1] == "r":
        row = article.revisions.select_related("created_by").filter(number=int(parts[2])).first()
    elif parts is not None:
        row = article.draft_versions.select_related("created_by").filter(pk=int(parts[2])).first()
    if row is None:
        raise VersionError(f"“{name}” is no version of this article.")
    return (_revision(article, row) if isinstance(row, Revision) else _draft(row)), row.content


def names_in(*contents: Mapping[str, Any], labels: Mapping[str, str]) -> Names:
    """How editors call what these contents name. Three queries, whatever the number of blocks."""
    products: set[int] = set()
    pictures: set[int] = set()
    people: set[str] = set()
    for content in contents:
        told = content["article"]
        people |= {told[name] for name in ("author", "reviewer") if told.get(name)}
        products |= {told["subject"]} if told.get("subject") else set()
        pictures |= {told["picture"]} if told.get("picture") else set()
        for block in content["blocks"]:
            products |= {*block["products"], *referred(block, ProductRef)}
            pictures |= set(referred(block, PictureRef))
    rows = Product.objects.select_related("brand").filter(pk__in=products)
    shown = Picture.objects.filter(pk__in=pictures).only("pk", "alt")
    return Names(
        products={row.pk: row.name for row in rows},
        pictures={row.pk: f"“{row}” (picture {row.pk})" for row in shown},
        people=dict(Author.objects.filter(slug__in=people).values_list("slug", "name")),
        labels=labels,
    )


def referred(block: Mapping[str, Any], kind: type[ProductRef] | type[PictureRef]) -> list[int]:
    """The ids of this kind that the data of a block names."""
    known, data = BLOCKS.get(block["kind"]), block["data"]
    return references(known.fields, data, kind) if known and isinstance(data, Mapping) else []


def _working_copy(article: Article) -> Version:
    return Version(name=NOW, title="Working copy", at=article.updated_at, who="")


def _revisions(article: Article) -> Iterator[Version]:
    rows: Iterable[Revision] = article.revisions.select_related("created_by").defer("content")
    for row in rows:
        yield _revision(article, row)


def _revision(article: Article, row: Revision) -> Version:
    is_live = article.live_revision_id == row.pk and article.status == Article.Status.PUBLISHED
    return Version(
        name=f"r{row.number}",
        title=f"Revision {row.number}",
        at=row.created_at,
        who=str(row.created_by or ""),
        note=row.note,
        is_live=is_live,
    )


def _drafts(article: Article) -> Iterator[Version]:
    for row in article.draft_versions.select_related("created_by").defer("content"):
        yield _draft(row)


def _draft(row: DraftVersion) -> Version:
    return Version(
        name=f"d{row.pk}", title=f"Draft: {row.get_why_display()}", at=row.created_at, who=str(row.created_by or "")
    )
