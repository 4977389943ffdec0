"""Which rules has this site decided with, which does it decide with now, how often was which question asked, and for
which answers was a result shown lately?"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RuleSetVersion(models.Model):
    """All rules as they were at one moment. The database lets nobody change or delete one (migration 0001).

    People are named by their user name, so that their accounts may go while the version stays as it is.
    """

    number = models.PositiveIntegerField(unique=True)
    # What an answer's address names: the fingerprint of what the rules say.
    fingerprint = models.CharField(max_length=12, db_index=True)
    # File name → YAML text.
    texts = models.JSONField()
    note = models.TextField(blank=True)
    is_shipped = models.BooleanField(default=False)
    drafted_by = models.CharField(max_length=150, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    published_by = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        default_permissions = ["view"]
        permissions = [
            ("draft_rulesetversion", "Can prepare a draft of the rules"),
            ("publish_rulesetversion", "Can approve, publish and take back rules"),
        ]
        verbose_name = "version of the rules"
        verbose_name_plural = "rules of the adviser"

    def __str__(self) -> str:
        return f"Rules {self.number}"


class RuleSetDraft(models.Model):
    """The one draft. An approval holds for the texts it was given to and goes with the next edit."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    based_on = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField()
    note = models.TextField(blank=True)
    # Everybody who edited it: none of them can approve it.
    edited_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Rises with every edit: who saves over an edit they have not seen is told.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = []
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="rules_one_draft")]

    def __str__(self) -> str:
        return "Draft of the rules"


class RulesInForce(models.Model):
    """The pointer: which version decides. Without a row it is the one that ships with the code."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    put_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = []
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="rules_one_in_force")]

    def __str__(self) -> str:
        return f"Rules {self.version_id} in force"


class StepTally(models.Model):
    """How often people took a step through the questions on a day (in the site's time zone); of nobody in particular.

    `subject` is a question, or of a result its kind; `option` an answer, or of a result its outcome. `version` is the
    fingerprint of the rules that asked.
    """

    class Step(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        SKIPPED = "skipped", "Passed over"
        BACK = "back", "Gone back from"
        READ = "read", "A sentence read"
        RESULT = "result", "Result shown"

    day = models.DateField()
    version = models.CharField(max_length=40)
    step = models.CharField(max_length=8, choices=Step)
    subject = models.CharField(max_length=40, blank=True)
    option = models.CharField(max_length=40, blank=True)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "version", "step", "subject", "option"]
        default_permissions = ["view"]
        verbose_name = "step through the questions"
        verbose_name_plural = "steps through the questions"
        constraints = [
            models.UniqueConstraint(fields=["day", "version", "step", "subject", "option"], name="step_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.step} {self.subject} {self.option}: {self.times}"


class RecentNeeds(models.Model):
    """Which answers a result was lately shown for, each of them once: of nobody, and with no time but the day.

    Only answers that everybody may choose: no amount, no word of one's own. Drafts of the rules are tried on them.
    """

    # The answers as an address has them, in the order of the questions.
    said = models.CharField(max_length=300, unique=True)
    day = models.DateField()

    class Meta:
        ordering = ["-day", "-id"]
        default_permissions = []
        verbose_name = "needs told lately"
        verbose_name_plural = "needs told lately"

    def __str__(self) -> str:
        return f"{self.day}: {self.said}"
