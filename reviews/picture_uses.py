"""What shows this picture? Working copies, scheduled versions, and every revision readers have seen or see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from reviews.models import Article, BlockPicture, DraftVersion, Picture, Revision, RevisionPicture


@dataclass(frozen=True, slots=True)
class PictureUse:
    """`label` names the place for an editor; `url` is the article's page in the admin."""

    label: str
    url: str


def uses_of(picture: Picture) -> list[PictureUse]:
    """Everything that would miss the picture, by name. Four queries."""
    in_block = Q(content__blocks__contains=[{"pictures": [picture.pk]}])
    kept = DraftVersion.objects.filter(in_block | Q(content__article__picture=picture.pk)).select_related("article")
    revisions = Revision.objects.filter(pictures=picture).select_related("article")
    blocks = BlockPicture.objects.filter(picture=picture).select_related("block__article")
    found = [
        *((row, "its lead picture") for row in Article.objects.filter(picture=picture)),
        *((row.block.article, f"block {row.block.position} of the working copy") for row in blocks),
        *((row.article, "a version that was kept") for row in kept.only("article__title")),
        *(
            (row.article, f"revision {row.number}{', which readers see' if is_live(row) else ''}")
            for row in revisions.defer("content")
        ),
    ]
    return [
        PictureUse(f"“{article.title}” ({where})", reverse("admin:reviews_article_change", args=[article.pk]))
        for article, where in dict.fromkeys(found)
    ]


def is_live(revision: Revision) -> bool:
    article = revision.article
    return article.status == Article.Status.PUBLISHED and article.live_revision_id == revision.pk


def with_use(pictures: QuerySet[Picture]) -> QuerySet[Picture]:
    """The pictures, each with `is_used`: an article leads with it, a block or a revision shows it."""
    return pictures.annotate(
        is_used=Exists(Article.objects.filter(picture=OuterRef("pk")))
        | Exists(BlockPicture.objects.filter(picture=OuterRef("pk")))
        | Exists(RevisionPicture.objects.filter(picture=OuterRef("pk")))
    )
