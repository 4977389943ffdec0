"""What do the demo's files say: which products, authors and articles are there?

`catalogue.jsonl` has one product per line, `authors.yaml` a list of authors, `articles/*.yaml` one article each. A
file that cannot be read is named, with what is wrong in it. Nothing here touches the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from demo.processes import DemoError

T = TypeVar("T")

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE / "catalogue.jsonl"
AUTHORS = HERE / "authors.yaml"
ARTICLES = HERE / "articles"


class ContentError(DemoError):
    """A file of the demo's content cannot be used. The message names the file, the place and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorText:
    slug: str
    name: str
    role: str
    bio: str
    credentials: str = ""
    # the subjects the author writes about
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockText:
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    # slugs, in the order in which they are shown
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """`author` and `reviewer` are authors' slugs, `subject` is a product's, `picture` a file's name in `pictures/`."""

    slug: str
    kind: str
    title: str
    standfirst: str
    author: str
    blocks: tuple[BlockText, ...]
    reviewer: str = ""
    subject: str = ""
    obtained: str = ""
    about_kind: str = ""
    about_type: str = ""
    use_case: str = ""
    seo_title: str = ""
    seo_description: str = ""
    picture: str = ""


def catalogue(path: Path = CATALOGUE) -> list[dict[str, Any]]:
    """The rows of the catalogue, in the format of `catalog.services.importing`."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ContentError(f"{path.name}, line {number} is not JSON: {error}.") from error
        if not isinstance(row, dict):
            raise ContentError(f"{path.name}, line {number} is not an object with keys.")
        rows.append(row)
    return rows


def checked_on(rows: list[dict[str, Any]]) -> date:
    """The day on which the catalogue was last gone through: the latest `checked_on` of its rows."""
    return max(date.fromisoformat(row["checked_on"]) for row in rows)


def authors(path: Path = AUTHORS) -> list[AuthorText]:
    found = []
    for entry in _yaml(path, list):
        if isinstance(entry, dict) and "fields" in entry:
            entry["fields"] = tuple(entry["fields"])
        found.append(_made(AuthorText, entry, path))
    return found


def articles(folder: Path = ARTICLES) -> list[ArticleText]:
    """By file name, so that every run goes the same way."""
    return [_article(path) for path in sorted(folder.glob("*.yaml"))]


def _article(path: Path) -> ArticleText:
    entry = _yaml(path, dict)
    blocks = entry.get("blocks")
    if not isinstance(blocks, list):
        raise ContentError(f"{path.name} has no list of `blocks`.")
    entry["blocks"] = tuple(_block(block, f"{path.name}, block {number}") for number, block in enumerate(blocks, 1))
    return _made(ArticleText, entry, path)


def _block(entry: Any, where: str) -> BlockText:
    if isinstance(entry, dict) and "products" in entry:
        entry["products"] = tuple(entry["products"])
    return _made(BlockText, entry, where)


def _yaml(path: Path, shape: type[T]) -> T:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name} is not YAML: {error}") from error
    if not isinstance(found, shape):
        raise ContentError(f"{path.name} holds {type(found).__name__} where {shape.__name__} belongs.")
    return found


def _made(shape: type[T], entry: Any, where: Path | str) -> T:
    try:
        return shape(**entry)
    except TypeError as error:  # an unknown key, a missing one, or no mapping at all
        raise ContentError(f"{getattr(where, 'name', where)}: {error}") from error
