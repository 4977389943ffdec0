"""What is an article, and is it public?"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone

from catalog.kinds import Kind, ProductType
from catalog.models import Product
from reviews.models.author import Author


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Articles readers can see: they have a live revision."""
        return self.filter(status=Article.Status.PUBLISHED, live_revision__isnull=False)


# The place of an article hangs on these; field → its column.
_FIXED_WHILE_PUBLIC = {"kind": "kind", "subject": "subject_id", "author": "author_id"}


def address_taken(title: str, slug: str) -> str:
    return (
        f"Readers find “{title}” at the address “{slug}” until its new one is published or it is retired. "
        "Take another slug for this article."
    )


class Article(models.Model):
    """The article as its editors work on it. Readers see `live_revision`, which never changes (decision 0003)."""

    class ArticleKind(models.TextChoices):
        GUIDE = "guide", "Guide"
        REVIEW = "review", "Review"
        BEST_OF = "best_of", "Best of"

    class Status(models.TextChoices):
        """What readers see of it."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    class Stage(models.TextChoices):
        """Where the working copy stands: a published article is written on while readers see its live revision."""

        WRITING = "writing", "Being written"
        IN_REVIEW = "in_review", "In review"
        SCHEDULED = "scheduled", "Scheduled"

    class Obtained(models.TextChoices):
        """How the reviewed unit came to us (E19)."""

        BOUGHT = "bought", "Bought by us at a shop"
        LOAN = "loan", "Lent by the maker and returned"
        GIFT = "gift", "Given by the maker"
        NOT_TESTED = "not_tested", "Not tested: written from public specifications"

    kind = models.CharField(max_length=8, choices=ArticleKind)
    title = models.CharField(max_length=140)
    slug = models.SlugField(max_length=140, unique=True)
    standfirst = models.CharField(max_length=400, help_text="The paragraph under the title: what it says, for whom.")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="articles")
    reviewer = models.ForeignKey(
        Author,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reviewed",
        help_text="Who checked it.",
    )
    subject = models.ForeignKey(
        Product,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
        help_text="For reviews.",
    )
    obtained = models.CharField(max_length=10, choices=Obtained, blank=True)
    about_kind = models.CharField(
        max_length=12,
        blank=True,
        choices=[(kind.value, kind.label) for kind in Kind],
        help_text="The hub it belongs to.",
    )
    about_type = models.CharField(max_length=20, blank=True, choices=[(item.value, item.label) for item in ProductType])
    seo_title = models.CharField(max_length=70, blank=True)
    seo_description = models.CharField(max_length=170, blank=True)
    use_case = models.SlugField(
        max_length=40, blank=True, help_text="Whose weights rank its products: a use case of the scoring method."
    )
    picture = models.ForeignKey(
        "reviews.Picture",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        help_text="The picture at its top and in shared links.",
    )
    planned_for = models.DateField(null=True, blank=True, help_text="The day it is meant to appear; for the calendar.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When readers stop seeing it by itself.")

    # Raised by every save of the working copy: who saves over a version they have not seen is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    stage = models.CharField(max_length=9, choices=Stage, default=Stage.WRITING, editable=False)
    review_asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    publish_at = models.DateTimeField(null=True, blank=True, editable=False)
    scheduled_version = models.ForeignKey(
        "reviews.DraftVersion", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    # The slug readers know it by; `slug` is the working copy's and counts from the next publication on.
    public_slug = models.CharField(max_length=140, blank=True, editable=False)
    # Raised to withdraw every link to a preview that was given away.
    preview_series = models.PositiveIntegerField(default=0, editable=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    live_revision = models.ForeignKey(
        "reviews.Revision", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    revised_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        permissions = [
            ("publish_article", "Can publish, schedule and retire articles"),
            ("review_article", "Can ask for changes and approve articles"),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_published_has_revision",
                condition=~models.Q(status="published")
                | models.Q(live_revision__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="article_review_has_subject",
                condition=~models.Q(kind="review") | models.Q(subject__isnull=False),
                violation_error_message="A review needs the product it reviews.",
            ),
            models.CheckConstraint(
                name="article_scheduled_has_time_and_version",
                condition=~models.Q(stage="scheduled")
                | models.Q(publish_at__isnull=False, scheduled_version__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["public_slug"], name="article_public_slug_once", condition=~models.Q(public_slug="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where readers find it; of what they do not see, where they would."""
        slug = self.public_slug if self.status == Article.Status.PUBLISHED else ""
        return reverse(f"article-{self.kind.replace('_', '-')}", kwargs={"slug": slug or self.slug})

    def clean(self) -> None:
        """The address is free, and while readers see the article, what its place hangs on stays."""
        if self.slug and (
            other := Article.objects.published().filter(public_slug=self.slug).exclude(pk=self.pk).first()
        ):
            raise ValidationError({"slug": address_taken(other.title, self.slug)})
        public = Article.objects.published().filter(pk=self.pk).first() if self.pk else None
        if public is None:
            return
        moved = {
            name: f"Readers see this article now, so its {name} stays. Retire it first, then change and publish it."
            for name, column in _FIXED_WHILE_PUBLIC.items()
            if getattr(public, column) != getattr(self, column)
        }
        if moved:
            raise ValidationError(moved)

    @property
    def shown(self) -> dict[str, Any]:
        """The article's own fields as readers see them: published, whatever the draft says. Needs `live_revision`."""
        assert self.live_revision is not None, "only a published article shows anything"
        shown: dict[str, Any] = self.live_revision.content["article"]
        return shown
