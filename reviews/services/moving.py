"""How do articles get in from a file of articles? Drafts only: nothing is ever published by it.

Each article is in one transaction with the authors and pictures that it brings; what is refused is told, the others go
on. An author, a picture or a product that is here already stays as it is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction

from catalog.models import Merchant, Product
from reviews.articles_file import (
    TEXTS,
    ArticleEntry,
    ArticlesFile,
    ArticlesFileError,
    data_problems,
    named,
    picture_content,
    read,
)
from reviews.block_fields import PictureRef, Reference
from reviews.blocks import BLOCKS
from reviews.exported_articles import article_said, canonical, watch_said
from reviews.models import Article, Author, Picture, Watch
from reviews.packed_articles import unpacked
from reviews.picture_files import PictureFileError, read_kept
from reviews.services.articles import ArticleError, BlockInput, edit_article
from reviews.services.authors import save_author
from reviews.services.corrections import take_in_corrections
from reviews.services.moved_products import products_meant
from reviews.services.pictures import add_picture, files_of
from reviews.services.watches import WatchError, WatchInput, save_watch

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_Time = TypeVar("_Time")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Did(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "the same"
    SKIPPED = "there already, left alone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became, or would become, of one article. `changed`: its fields, blocks, watches. `pictures` were added."""

    slug: str
    did: Did
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    pictures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file that can be read; its articles are judged one by one."""

    said: ArticlesFile
    files: Mapping[str, bytes]
    products: Mapping[str, Product]

    def product(self, path: str, slug: str, problems: list[str]) -> Product | None:
        found = self.products.get(slug)
        if found is None:
            problems.append(f"{path}: there is no product {slug!r} here. Import it first, or take it out.")
        return found


class _TrialIsOverError(Exception):
    def __init__(self, moved: Moved) -> None:
        self.moved = moved


def opened(content: bytes) -> OpenFile:
    """The upload as JSON or zip. Raises `ArticlesFileError`."""
    parts = unpacked(content)
    said = read(parts.listed)
    return OpenFile(said=said, files=parts.files, products=products_meant(said))


def import_articles(
    file: OpenFile, *, now: datetime, by: User | None = None, updates: bool = True, is_trial: bool = False
) -> Iterator[Moved]:
    """One `Moved` for each article, in the file's order. `updates`: articles that are here become what the file says.

    A trial does the same and takes it back; it stores no picture's file. Importing the same twice changes nothing.
    """
    for entry in file.said.articles:
        if entry.problems:
            yield Moved(slug=entry.slug or entry.path, did=Did.REFUSED, problems=entry.problems)
        elif not updates and Article.objects.filter(slug=entry.slug).exists():
            yield Moved(slug=entry.slug, did=Did.SKIPPED)
        else:
            yield _Import(file, entry, now=now, by=by, is_trial=is_trial).run()


class _Import:
    """One article on its way in; `problems` are collected, so that all of them are told at once."""

    def __init__(self, file: OpenFile, entry: ArticleEntry, *, now: datetime, by: User | None, is_trial: bool) -> None:
        self.file, self.entry, self.now, self.by, self.is_trial = file, entry, now, by, is_trial
        self.problems: list[str] = []
        self.added: list[Picture] = []

    def run(self) -> Moved:
        try:
            with transaction.atomic():
                moved = self._stored()
                if self.is_trial:
                    raise _TrialIsOverError(moved)
        except _TrialIsOverError as over:
            return over.moved
        except ArticleError as error:
            if not self.is_trial:  # the rows went with the transaction; their files go here
                for name in (name for picture in self.added for name in files_of(picture)):
                    default_storage.delete(name)
            return Moved(slug=self.entry.slug, did=Did.REFUSED, problems=tuple(error.problems))
        return moved

    def _stored(self) -> Moved:
        said, path = self.entry.said, self.entry.path
        article = Article.objects.select_for_update().filter(slug=self.entry.slug).first()
        before = article_said(article) if article else None
        article = article or Article()
        for name in TEXTS:
            setattr(article, name, said[name])
        author = self._author(f"{path}.author", said["author"])
        reviewer = said.get("reviewer")
        subject = said.get("subject")
        picture = said.get("picture")
        article.reviewer = self._author(f"{path}.reviewer", reviewer) if reviewer else None
        article.subject = self.file.product(f"{path}.subject", subject, self.problems) if subject else None
        article.picture = self._picture(f"{path}.picture", picture) if picture else None
        article.planned_for = self._time(f"{path}.planned_for", said.get("planned_for"), date.fromisoformat)
        article.expires_at = self._time(f"{path}.expires_at", said.get("expires_at"), _aware)
        blocks = [self._block(f"{path}.blocks[{place}]", one) for place, one in enumerate(said.get("blocks", []))]
        if author is None or self.problems:
            raise ArticleError(self.problems)
        article.author = author
        try:
            edit_article(article=article, blocks=blocks)
        except ArticleError as error:
            raise ArticleError([f"{path}: {problem}" for problem in error.problems]) from error
        self._watches(article)
        self._corrections(article)
        after = article_said(article)
        pictures = tuple(one.pk for one in self.added)
        if before is None:
            return Moved(slug=article.slug, did=Did.NEW, pictures=pictures)
        changed = tuple(name for name in after if canonical(after[name]) != canonical(before[name]))
        return Moved(slug=article.slug, did=Did.CHANGED if changed else Did.SAME, changed=changed, pictures=pictures)

    def _time(self, path: str, said: str | None, of: Callable[[str], _Time]) -> _Time | None:
        try:
            return of(said) if said else None
        except ValueError:
            self.problems.append(f"{path}: {said!r} is no such time; write 2026-03-01, or 2026-03-01T09:00:00+00:00.")
            return None

    def _author(self, path: str, slug: str) -> Author | None:
        there = Author.objects.filter(slug=slug).first()
        if there is not None:
            return there
        said = self.file.said.authors.get(slug)
        if said is None:
            self.problems.append(f"{path}: there is no author {slug!r} here, and the file's authors do not have one.")
            return None
        try:
            texts = {name: said[name] for name in ("slug", "name", "role", "bio", "credentials")}
            made, _ = save_author(**texts, tests=said.get("tests", []), profile_links=said.get("profile_links", []))
        except ValidationError as error:
            self.problems.append(f"{path}: author {slug!r}: {' '.join(error.messages)}")
            return None
        return made

    def _picture(self, path: str, sha: str) -> Picture | None:
        there = Picture.objects.filter(sha256=sha).first()
        if there is not None:
            return there
        said = self.file.said.pictures.get(sha)
        if said is None or not _SHA256.fullmatch(sha):
            self.problems.append(f"{path}: there is no picture {sha[:80]!r} here, and the file does not bring it.")
            return None
        try:
            made = self._made(said)
        except (ArticlesFileError, PictureFileError) as error:
            self.problems.append(f"{path}: picture {sha[:12]}: {error}")
        except ValidationError as error:
            self.problems.append(f"{path}: picture {sha[:12]}: {' '.join(error.messages)}")
        except InvalidOperation:
            self.problems.append(f"{path}: picture {sha[:12]}: focus_x and focus_y are numbers like 0.5.")
        else:
            self.added.append(made)
            return made
        return None

    def _made(self, said: Mapping[str, Any]) -> Picture:
        upload = read_kept(picture_content(said, self.file.files), sha256=said["sha256"])
        texts = {name: said[name] for name in ("alt", "caption", "credit", "licence", "source_url")}
        picture = Picture(
            **texts,
            focus_x=Decimal(said["focus_x"]),
            focus_y=Decimal(said["focus_y"]),
            merchant=Merchant.objects.filter(slug=said.get("merchant") or "").first(),
            product=self.file.products.get(said.get("product") or ""),
        )
        if not self.is_trial:
            return add_picture(picture=picture, upload=upload, by=self.by)
        picture.full_clean(exclude=["original", "sha256"])
        picture.sha256, picture.width, picture.height = upload.sha256, upload.width, upload.height
        picture.save()
        return picture

    def _block(self, path: str, said: Mapping[str, Any]) -> BlockInput:
        def of(field: Reference, value: Any) -> Any:
            where = f"{path}.data ({field.label})"
            if not isinstance(value, str):
                self.problems.append(f"{where}: must be a slug of a product or the SHA-256 of a picture.")
                return None
            is_picture = isinstance(field, PictureRef)
            found = self._picture(where, value) if is_picture else self.file.product(where, value, self.problems)
            return found.pk if found else None

        before = len(self.problems)
        data = named(BLOCKS[said["kind"]].fields, said["data"], of)
        products = self._named(f"{path}.products", said.get("products", []))
        if len(self.problems) == before:
            self.problems += data_problems(path, said["kind"], data, len(products))
        return BlockInput(said["kind"], data, products, key=said.get("key", ""))

    def _named(self, path: str, slugs: Sequence[str]) -> list[Product]:
        found = [self.file.product(f"{path}[{place}]", slug, self.problems) for place, slug in enumerate(slugs)]
        return [product for product in found if product is not None]

    def _watches(self, article: Article) -> None:
        """Those that are the same stay with all they know; the others go or come."""
        wanted: dict[str, tuple[str, WatchInput]] = {}
        for place, said in enumerate(self.entry.said.get("watches", [])):
            path = f"{self.entry.path}.watches[{place}]"
            products = self._named(f"{path}.products", said["products"])
            words = {name: said[name] for name in ("condition", "parameters", "passage", "block_key")}
            here = canonical({**said, "products": [product.slug for product in products]})
            wanted[here] = (path, WatchInput(products=products, **words))
        for row in Watch.objects.filter(article=article).prefetch_related("watch_products__product"):
            slugs = {link.product_id: link.product.slug for link in row.watch_products.all()}
            if wanted.pop(canonical(watch_said(row, slugs)), None) is None:
                row.delete()
        for path, given in wanted.values():
            try:
                save_watch(given, article=article, now=self.now, by=self.by)
            except WatchError as error:
                self.problems += [f"{path}: {problem}" for problem in error.problems]
            except ValidationError as error:
                self.problems += [f"{path}: {message}" for message in error.messages]
        if self.problems:
            raise ArticleError(self.problems)

    def _corrections(self, article: Article) -> None:
        """A file of before there were any says nothing of them."""
        said, path = self.entry.said.get("corrections"), f"{self.entry.path}.corrections"
        if said is None:
            return
        if problems := take_in_corrections(article=article, said=said, now=self.now, by=self.by):
            raise ArticleError([f"{path}{problem}" for problem in problems])


def _aware(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError("without a zone")
    return at
