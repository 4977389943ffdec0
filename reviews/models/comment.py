"""What do readers say under an article, and is it shown?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from readers.models import Reader
from reviews.models.article import Article

_SHOWN = models.Q(state="shown")


class Comment(models.Model):
    """A remark, or an answer in its thread. The address is with `readers`; `address_key` is a sum that outlives it."""

    class State(models.TextChoices):
        HELD = "held", "Waiting"
        SHOWN = "shown", "Shown"
        SPAM = "spam", "Spam"
        REFUSED = "refused", "Refused"
        DELETED = "deleted", "Deleted"

    class Kind(models.TextChoices):
        COMMENT = "", "Comment"
        REMARK = "remark", "Remark on a passage"

    class Role(models.TextChoices):
        READER = "", "Reader"
        AUTHOR = "author", "Author"
        STAFF = "staff", "Staff"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    kind = models.CharField(
        max_length=6,
        choices=Kind,
        blank=True,
        default=Kind.COMMENT,
        db_default="",
        help_text="An answer: its thread's.",
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers", help_text="Opens the thread."
    )
    answered = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place = models.PositiveIntegerField(default=0, help_text="Among the answers of its thread, from 1.")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=6, choices=Role, blank=True, default=Role.READER)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reader = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    address_key = models.CharField(max_length=32, blank=True)
    text = models.TextField(help_text="As it was typed.")
    html = models.TextField(help_text="As it is shown.")
    text_key = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State)
    state_before = models.CharField(max_length=8, choices=State, blank=True)
    reasons = models.JSONField(default=list, blank=True, help_text="Why it waits, in the words its writer was told.")
    decision = models.CharField("Why it was decided so", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    # When editors were told by mail that it waits.
    told_at = models.DateTimeField(null=True, blank=True)
    useful = models.PositiveIntegerField(default=0)
    likeness = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="How like spam its words are, in percent; empty: unknown."
    )
    source_id = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Its id on the site it came from.",
    )
    # False once its writer had their data erased: nothing is learned from it any more.
    teaches = models.BooleanField(default=True, db_default=True, editable=False)
    # A sum with the day's salt; emptied when the day is over.
    network = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [
            models.Index(
                "article", "written_at", "id", condition=_SHOWN & models.Q(parent=None), name="comment_threads"
            ),
            models.Index(
                "article",
                models.F("useful").desc(),
                "written_at",
                "id",
                condition=_SHOWN & models.Q(parent=None),
                name="comment_most_useful",
            ),
            models.Index(fields=["parent", "place"], condition=_SHOWN, name="comment_answers"),
            models.Index(fields=["article", "kind", "parent"], condition=_SHOWN, name="comment_counts"),
            models.Index(fields=["written_at", "id"], condition=models.Q(state="held"), name="comment_waiting"),
            models.Index(fields=["text_key"], name="comment_text_key"),
            models.Index(fields=["address_key"], condition=~models.Q(address_key=""), name="comment_address_key"),
            models.Index(fields=["network", "written_at"], condition=~models.Q(network=""), name="comment_network"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source_id"], condition=~models.Q(source_id=""), name="comment_moved_once"
            ),
            models.CheckConstraint(
                name="comment_answer_has_a_place",
                condition=models.Q(parent=None, place=0) | models.Q(parent__isnull=False, place__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"


class CommentVote(models.Model):
    """Somebody found it useful today; who, nobody can tell tomorrow: the row goes with the day's salt."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="votes")
    day = models.DateField(db_index=True)
    voter = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "day", "voter"], name="comment_vote_once_a_day")]

    def __str__(self) -> str:
        return f"{self.comment_id} on {self.day}"


class CommentWord(models.Model):
    """A word or phrase that makes a comment wait, or keeps it out."""

    class Act(models.TextChoices):
        HOLD = "hold", "Has it wait"
        REFUSE = "refuse", "Keeps it out"

    word = models.CharField(max_length=80, unique=True, help_text="A word or a phrase; case does not matter.")
    act = models.CharField("What it does", max_length=6, choices=Act, default=Act.HOLD)

    class Meta:
        ordering = ["word"]
        verbose_name = "word to look at in comments"
        verbose_name_plural = "words to look at in comments"

    def __str__(self) -> str:
        return self.word


class CommentBan(models.Model):
    """Whose comments are not taken: of an address until it is lifted, of a network until its day is over."""

    class Kind(models.TextChoices):
        ADDRESS = "address", "Address"
        NETWORK = "network", "Network, today"

    kind = models.CharField(max_length=7, choices=Kind)
    key = models.CharField(max_length=32, help_text="A sum; nobody can tell the address from it.")
    name = models.CharField(max_length=60, help_text="The name above the comment it was made for.")
    reason = models.CharField(max_length=300)
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is lifted.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="comment_ban_once")]
        verbose_name = "ban from comments"
        verbose_name_plural = "bans from comments"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of “{self.name}”"
