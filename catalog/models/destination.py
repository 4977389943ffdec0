"""Does an offer's page still exist and still pay us, and where do its links lead while it does not?"""

from __future__ import annotations

from typing import Self

from django.db import models

from catalog.models.link import Link
from catalog.models.offer import Offer


class DestinationQuerySet(models.QuerySet["Destination"]):
    def failing(self) -> Self:
        """Confirmed failures that no editor called right."""
        return self.filter(state__in=Destination.FAILING).exclude(decision=Destination.Decision.ACCEPTED)


class Destination(models.Model):
    """What the last looks at the page behind an offer's links found."""

    class State(models.TextChoices):
        NEW = "new", "Not looked at yet"
        FINE = "fine", "Leads to the offer"
        SUSPECT = "suspect", "Failed once"
        BROKEN = "broken", "Leads nowhere"
        SOLD_OUT = "sold_out", "Says it is sold out"
        UNTAGGED = "untagged", "Our tag is lost on the way"
        ELSEWHERE = "elsewhere", "Ends on a foreign host"
        BARRED = "barred", "Does not let us look"

    class Decision(models.TextChoices):
        """What an editor said of this failure; it is forgotten when another one, or none, is found."""

        ACCEPTED = "accepted", "It is right as it is"
        MUTED = "muted", "Known, say no more"

    # Strands readers: the page is gone, says it is sold out, or is not the merchant's.
    STRANDING = (State.BROKEN, State.SOLD_OUT, State.ELSEWHERE)
    FAILING = (*STRANDING, State.UNTAGGED)

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="destination")
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    suspected = models.CharField(max_length=10, choices=State, blank=True, help_text="What the first strike said.")
    strikes = models.PositiveSmallIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    final_address = models.CharField(max_length=2000, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True, db_index=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When the digest named it.")
    confirmed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the failure was last seen with our own eyes."
    )
    hops = models.JSONField(
        default=list, blank=True, editable=False, help_text="The chain of the last look: method, address, status."
    )
    page_said = models.CharField(max_length=300, blank=True, editable=False, help_text="The words that decided.")
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.CharField(max_length=150, blank=True, editable=False)

    objects = DestinationQuerySet.as_manager()

    class Meta:
        ordering = ["offer"]

    def __str__(self) -> str:
        return f"{self.offer}: {self.get_state_display()}"


class Failover(models.Model):
    """A link leads to another permitted offer while its own fails. Ended rows are the audit; nothing is deleted."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="failovers")
    from_offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="failovers_from")
    to_offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="failovers_to")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)
    is_reverted = models.BooleanField(
        default=False, help_text="An editor took it back: it is not made again while the same failure lasts."
    )
    reverted_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["link"], name="failover_once_per_link", condition=models.Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="failover_leads_elsewhere",
                condition=~models.Q(from_offer=models.F("to_offer")),
                violation_error_message="A failover leads to another offer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link} leads to {self.to_offer} instead of {self.from_offer}"
