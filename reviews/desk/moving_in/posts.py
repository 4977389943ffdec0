"""How does a post of the old site become an article here, with its pictures, its address and what readers said?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import Truncator, slugify

from catalog.models import Link
from reviews.desk.moving_in.outcome import Did, Outcome
from reviews.desk.moving_in.pictures import NoPictureError, Pictures
from reviews.desk.publishing import PublishError, publish_article
from reviews.models import Article, Author, Comment, FormerPath
from reviews.services.articles import ArticleError, BlockInput, save_article
from reviews.services.moved_comments import OldComment, take_over_comment
from reviews.wordpress.post_blocks import PostBlock, blocks_of
from reviews.wordpress.wxr import WpComment, WpItem

# Pages are about the site itself: an imprint, a contact form. They stay where they are.
POSTS = frozenset({"post"})
_NOT_TAKEN = {
    "trash": "It lay in the trash.",
    "auto-draft": "It was never saved.",
    "inherit": "It is a copy of another.",
}
# WordPress' words for a comment that was approved, and one that waits. Spam and the trash stay where they are.
_APPROVED, _WAITING = ("1", "approved"), ("0", "hold")


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSite:
    """What the posts' links are held against. Paths have their first slash and not their last."""

    hosts: frozenset[str]
    # path of a post → slug of its article
    posts: Mapping[str, str]
    # path of a short link → slug of the product that it leads to
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`is_public`: publish what was public, on its day, where the gate lets it through."""

    authors: Mapping[str, Author]
    site: OldSite
    pictures: Pictures
    is_public: bool
    now: datetime


def old_site(address: str, items: Iterable[WpItem], paths_of_links: Iterable[tuple[str, str]]) -> OldSite:
    """`paths_of_links` are the former path and the code here of each short link."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    paths = {"/" + path.strip("/"): code for path, code in paths_of_links}
    rows = Link.objects.filter(code__in=paths.values()).values_list("code", "offer__product__slug")
    products = dict(rows)
    return OldSite(
        hosts=frozenset({host, f"www.{host}"}) if host else frozenset(),
        posts={"/" + item.path.strip("/"): slug_of(item) for item in items if item.kind in POSTS and item.path},
        links={path: products[code] for path, code in paths.items() if code in products},
    )


def slug_of(item: WpItem) -> str:
    """The slug here; WordPress writes other letters than ASCII as per cent codes, which no slug has."""
    return (slugify(item.slug) or slugify(item.title) or f"post-{item.post_id}")[:140].strip("-")


def take_over_post(item: WpItem, wishes: Wishes) -> Iterator[Outcome]:
    """The article and its comments, in one transaction. An article that is here already stays as it is."""
    if item.status in _NOT_TAKEN:
        yield Outcome(what="article", name=item.title or item.slug, did=Did.REFUSED, notes=(_NOT_TAKEN[item.status],))
        return
    slug = slug_of(item)
    there = Article.objects.filter(slug=slug).first()
    if there is not None:
        yield Outcome(what="article", name=slug, did=Did.THERE)
        yield from _comments(there, item.comments, wishes)
        return
    notes: list[str] = []
    try:
        with transaction.atomic():
            article = _draft(item, slug, wishes, notes)
            said = list(_comments(article, item.comments, wishes))
    except ArticleError as error:
        yield Outcome(what="article", name=slug, did=Did.REFUSED, notes=(*error.problems, *notes))
        return
    if wishes.is_public and item.status == "publish":
        notes += _published(article, item, wishes)
    yield Outcome(what="article", name=slug, did=Did.MADE, notes=tuple(notes))
    yield from said


def _draft(item: WpItem, slug: str, wishes: Wishes, notes: list[str]) -> Article:
    parts = blocks_of(item.html, link=_Links(wishes.site, notes))
    notes += parts.lost
    blocks = [made for block in parts.blocks if (made := _block(block, item, wishes, notes))]
    title = " ".join(item.title.split()) or slug.replace("-", " ").capitalize()
    if len(title) > 140:
        notes.append(f"The title was cut: it has {len(title)} characters, 140 fit.")
    seo_title = item.meta.get("_yoast_wpseo_title", "")
    article = save_article(
        slug=slug,
        kind=Article.ArticleKind.GUIDE,
        title=Truncator(title).chars(140),
        standfirst=_standfirst(item, title),
        author=wishes.authors[item.author] if item.author in wishes.authors else next(iter(wishes.authors.values())),
        blocks=blocks,
        # With % it is a pattern of the plug-in's, not a title.
        seo_title="" if "%" in seo_title else Truncator(seo_title).chars(70),
        seo_description=Truncator(item.meta.get("_yoast_wpseo_metadesc", "")).chars(170),
    )
    path = "/" + item.path.strip("/")
    if item.path and path != article.get_absolute_url().rstrip("/") and len(path) <= 300:
        FormerPath.objects.update_or_create(path=path, defaults={"article": article, "code": ""})
    return article


def _standfirst(item: WpItem, title: str) -> str:
    """The excerpt, else how the text begins."""
    words = " ".join(strip_tags(item.excerpt or item.html).split())
    return Truncator(words).chars(400) or title


def _block(block: PostBlock, item: WpItem, wishes: Wishes, notes: list[str]) -> BlockInput | None:
    if block.kind != "picture":
        return BlockInput(block.kind, block.data)
    try:
        picture, note = wishes.pictures.take_over(block.picture_url, alt=block.alt, title=item.title)
    except NoPictureError as error:
        notes.append(str(error))
        return None
    if note:
        notes.append(note)
    return BlockInput("picture", {**block.data, "picture": picture}) if picture else None


@dataclass
class _Links:
    """What stands in the new text for an address of the old one."""

    site: OldSite
    notes: list[str]
    told: set[str] = field(default_factory=set)

    def __call__(self, address: str) -> str:
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        is_own = not parts.netloc or (parts.hostname or "") in self.site.hosts
        if not is_own:
            return address
        path = "/" + parts.path.strip("/")
        if product := self.site.links.get(path):
            return f"product:{product}"
        if slug := self.site.posts.get(path):
            return f"article:{slug}"
        if path != "/" and path not in self.told:
            self.told.add(path)
            self.notes.append(f"The link to {path} leads nowhere here; its words stay.")
        return ""


def _published(article: Article, item: WpItem, wishes: Wishes) -> list[str]:
    try:
        publish_article(article=article, now=item.published_at or wishes.now)
    except PublishError as error:
        return ["It stays a draft:", *error.problems]
    return []


def _comments(article: Article, comments: Iterable[WpComment], wishes: Wishes) -> Iterator[Outcome]:
    """Those that are not here yet, in the threads they stood in."""
    known = {row.source_id: row for row in Comment.objects.filter(article=article).exclude(source_id="")}
    for comment in comments:
        number = comment.comment_id[:40]
        if comment.state not in (*_APPROVED, *_WAITING) or number in known:
            continue
        made = take_over_comment(
            OldComment(
                source_id=number,
                name=comment.name,
                html=comment.text,
                address=_valid(comment.email, validate_email),
                written_at=comment.written_at or article.published_at or wishes.now,
                is_approved=comment.state in _APPROVED,
            ),
            article=article,
            answered=known.get(comment.parent_id[:40]),
        )
        if made is not None:
            known[number] = made
            yield Outcome(what="comment", name=f"{article.slug} #{comment.comment_id}", did=Did.MADE)


def _valid(text: str, check: Callable[[str], None]) -> str:
    try:
        check(text)
    except ValidationError:
        return ""
    return text[:200]
