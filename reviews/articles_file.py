"""How are articles written down so that another site, or this one later, reads the very same articles out of it?

A pure module. The form is JSON, described for people in docs/desk.md ("Articles as a file"). Things are named
by what is the same on every site: products, authors and merchants by slug, pictures by the SHA-256 of their upload.
Paths in messages count from 0, as JSON does: articles[3].blocks[2].data.rows[1].score.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviews.block_fields import Field, PictureRef, Problem, ProductRef, Reference, Rows
from reviews.blocks import BLOCKS

FORM = "earmark-articles"
VERSION = 1
MOST_ARTICLES = 5_000
MOST_BLOCKS = 2_000

# Own fields of an article that are text, empty ones included; the others are read one by one.
TEXTS = (
    "slug", "kind", "title", "standfirst", "obtained", "about_kind", "about_type", "seo_title", "seo_description",
    "use_case",
)  # fmt: skip
# What may be null.
NAMED = ("reviewer", "subject", "picture", "planned_for", "expires_at")
_ARTICLE = {*TEXTS, *NAMED, "author", "blocks", "corrections", "watches"}
_BLOCK = {"key", "kind", "data", "products"}
_WATCH = {"block_key", "condition", "parameters", "passage", "products"}
# Texts of a correction; its day may be null.
CORRECTED = ("kind", "passage", "wrong", "right", "source", "credit")
_AUTHOR = ("slug", "name", "role", "bio", "credentials")
_PICTURE = ("sha256", "alt", "caption", "credit", "licence", "source_url", "focus_x", "focus_y")


class ArticlesFileError(Exception):
    """The file cannot be used at all. The message says where it is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEntry:
    """One article of the file: what it says, or, in `problems`, why it cannot be read."""

    path: str
    slug: str
    said: Mapping[str, Any]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlesFile:
    """`products` by slug, `authors` by slug, `pictures` by SHA-256: what the articles name."""

    articles: tuple[ArticleEntry, ...]
    products: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    authors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pictures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def written(parts: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """The file of these articles, products, authors and pictures; the same parts are always the same bytes."""
    whole = {"form": FORM, "version": VERSION, **parts}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read(content: bytes) -> ArticlesFile:
    """What the file says. An article that cannot be read keeps no other one out. Raises `ArticlesFileError`."""
    whole = _parsed(content)
    if whole.get("form") != FORM:
        raise ArticlesFileError(f'This is not a file of articles: its "form" must be "{FORM}".')
    if whole.get("version") != VERSION or isinstance(whole.get("version"), bool):
        raise ArticlesFileError(
            f"version: {whole.get('version')!r} is not known here; this site reads {VERSION}. Update the older site."
        )
    articles = _listed(whole, "articles")
    if len(articles) > MOST_ARTICLES:
        raise ArticlesFileError(f"articles: {len(articles)} are too many; at most {MOST_ARTICLES} fit in one file.")
    return ArticlesFile(
        articles=_told_apart([_article(f"articles[{place}]", said) for place, said in enumerate(articles)]),
        products=_by(whole, "products", "slug", ("slug",)),
        authors=_by(whole, "authors", "slug", _AUTHOR, lists=("tests", "profile_links")),
        pictures=_by(whole, "pictures", "sha256", _PICTURE),
    )


def picture_content(said: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The file of a picture: out of the JSON itself, or beside it. Raises `ArticlesFileError`."""
    name, inside = said.get("file"), said.get("content")
    if isinstance(name, str):
        if name not in files:
            raise ArticlesFileError(f"file: {name!r} is not in the zip. Upload the whole zip, not its JSON alone.")
        return files[name]
    if not isinstance(inside, str):
        raise ArticlesFileError("content: is missing; it is the picture's file in base64.")
    try:
        return base64.b64decode(inside, validate=True)
    except (binascii.Error, ValueError):
        raise ArticlesFileError("content: is not base64.") from None


def named(fields: Sequence[Field], data: Mapping[str, Any], of: Callable[[Reference, Any], Any]) -> dict[str, Any]:
    """The data with `of(field, value)` in place of everything that a reference holds."""
    changed = dict(data)
    for one in fields:
        value = data.get(one.name)
        if isinstance(one, ProductRef | PictureRef) and value not in (None, ""):
            changed[one.name] = of(one, value)
        elif isinstance(one, Rows) and isinstance(value, list | tuple):
            changed[one.name] = [named(one.columns, row, of) if isinstance(row, Mapping) else row for row in value]
    return changed


def data_problems(path: str, kind: str, data: Mapping[str, Any], product_count: int) -> list[str]:
    """What does not fit the block's kind, by the path of the value. `data` holds ids already."""
    _, found = BLOCKS[kind].fit(data, product_count=product_count)
    return [f"{path}.{spoken_path(problem)}: {problem.message}" for problem in found]


def spoken_path(problem: Problem) -> str:
    """Where in the block's own entry: rows are counted from 0 here, from 1 where editors see them."""
    steps = "".join(f"[{step - 1}]" if isinstance(step, int) else f".{step}" for step in problem.path)
    return f"data{steps}"


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ArticlesFileError(f"The file is not UTF-8 (byte {error.start + 1}). Export it again.") from error
    except json.JSONDecodeError as error:
        raise ArticlesFileError(
            f"The file is not JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError:
        raise ArticlesFileError("The file is nested too deeply to be one of ours.") from None
    except ValueError as error:
        raise ArticlesFileError(f"The file is not JSON: {error}.") from error
    try:
        json.dumps(whole, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ArticlesFileError("The file holds half a character (a lone surrogate). Export it again.") from error
    if not isinstance(whole, dict):
        raise ArticlesFileError("The file must hold one object with form, version and articles.")
    return whole


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _listed(whole: Mapping[str, Any], name: str) -> list[Any]:
    found = whole.get(name, [])
    if not isinstance(found, list):
        raise ArticlesFileError(f"{name}: must be a list.")
    return found


def _by(
    whole: Mapping[str, Any], name: str, key: str, texts: Sequence[str], lists: Sequence[str] = ()
) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for place, said in enumerate(_listed(whole, name)):
        path = f"{name}[{place}]"
        if not isinstance(said, dict):
            raise ArticlesFileError(f"{path}: must be an object.")
        for text in texts:
            if not isinstance(said.get(text), str) or "\x00" in said[text]:
                raise ArticlesFileError(f"{path}.{text}: must be text.")
        for listed in lists:
            if not _is_texts(said.get(listed, [])):
                raise ArticlesFileError(f"{path}.{listed}: must be a list of texts.")
        if said[key] in found:
            raise ArticlesFileError(f"{path}.{key}: {said[key]!r} is there twice.")
        found[said[key]] = said
    return found


def _article(path: str, said: Any) -> ArticleEntry:
    if not isinstance(said, dict):
        return ArticleEntry(path=path, slug="", said={}, problems=(f"{path}: must be an object.",))
    problems = [f"{path}.{name}: is not known here." for name in said if name not in _ARTICLE]
    problems += [f"{path}.{name}: must be text." for name in (*TEXTS, "author") if not _is_text(said.get(name))]
    problems += [
        f"{path}.{name}: must be text or null."
        for name in NAMED
        if said.get(name) is not None and not _is_text(said[name])
    ]
    for name, judge in (
        ("blocks", _block_problems),
        ("corrections", _correction_problems),
        ("watches", _watch_problems),
    ):
        entries = said.get(name, [])
        if not isinstance(entries, list):
            problems.append(f"{path}.{name}: must be a list.")
        elif len(entries) > MOST_BLOCKS:
            problems.append(f"{path}.{name}: has {len(entries)}; at most {MOST_BLOCKS} fit.")
        else:
            for place, entry in enumerate(entries):
                problems += judge(f"{path}.{name}[{place}]", entry)
    slug = said.get("slug")
    return ArticleEntry(path=path, slug=slug if isinstance(slug, str) else "", said=said, problems=tuple(problems))


def _block_problems(path: str, said: Any) -> list[str]:
    if not isinstance(said, dict):
        return [f"{path}: must be an object."]
    problems = [f"{path}.{name}: is not known here." for name in said if name not in _BLOCK]
    if not _is_text(said.get("kind")) or said["kind"] not in BLOCKS:
        problems.append(f"{path}.kind: there is no kind {said.get('kind')!r}; known are {', '.join(BLOCKS)}.")
    if not isinstance(said.get("data"), dict):
        problems.append(f"{path}.data: must be an object.")
    key = said.get("key", "")
    if not _is_text(key) or len(key) > 12:
        problems.append(f"{path}.key: must be text of at most 12 characters.")
    return problems + ([] if _is_texts(said.get("products", [])) else [f"{path}.products: must be a list of slugs."])


def _watch_problems(path: str, said: Any) -> list[str]:
    if not isinstance(said, dict):
        return [f"{path}: must be an object."]
    problems = [f"{path}.{name}: is not known here." for name in said if name not in _WATCH]
    problems += [
        f"{path}.{name}: must be text."
        for name in ("block_key", "condition", "passage")
        if not _is_text(said.get(name))
    ]
    if not isinstance(said.get("parameters"), dict):
        problems.append(f"{path}.parameters: must be an object.")
    return problems + ([] if _is_texts(said.get("products")) else [f"{path}.products: must be a list of slugs."])


def _correction_problems(path: str, said: Any) -> list[str]:
    if not isinstance(said, dict):
        return [f"{path}: must be an object."]
    problems = [f"{path}.{name}: is not known here." for name in said if name not in (*CORRECTED, "day")]
    problems += [f"{path}.{name}: must be text." for name in CORRECTED if not _is_text(said.get(name))]
    is_fit = said.get("day") is None or _is_text(said["day"])
    return problems + ([] if is_fit else [f"{path}.day: must be text or null."])


def _told_apart(entries: Sequence[ArticleEntry]) -> tuple[ArticleEntry, ...]:
    seen: set[str] = set()
    kept: list[ArticleEntry] = []
    for one in entries:
        twice = (f"{one.path}.slug: {one.slug!r} is there twice.",) if one.slug and one.slug in seen else ()
        seen.add(one.slug)
        kept.append(ArticleEntry(path=one.path, slug=one.slug, said=one.said, problems=(*one.problems, *twice)))
    return tuple(kept)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\x00" not in value


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)
