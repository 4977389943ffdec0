"""Who followed which link, from where on the site, and when? Without knowing who *who* is.

No address, no cookie, no visitor id (`compliance.md` 28): a click is a time, a link code, the place on the page it came
from, a country, a kind of device, and a guess whether a person or a machine made it. The table is partitioned by month
(see the migration) so that retention is dropping a partition, not deleting rows.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Click(models.Model):
    class Agent(models.TextChoices):
        PERSON = "person", "Person"
        BOT = "bot", "Bot"
        PREFETCH = "prefetch", "Prefetch or preview"
        STAFF = "staff", "Staff or test"

    # UUIDv7: made where the click happens, ordered by time, the key that makes shipping idempotent.
    id = models.UUIDField(primary_key=True)
    clicked_at = models.DateTimeField(help_text="The time in the id, to the millisecond.")
    code = models.CharField(max_length=40)
    is_known = models.BooleanField(default=True, help_text="False for a code that leads nowhere (L22).")
    placement = models.CharField(max_length=60, blank=True, help_text="Opaque: who wrote it can read it.")
    agent = models.CharField(max_length=8, choices=Agent)
    agent_reason = models.CharField(max_length=60, blank=True)
    is_repeat = models.BooleanField(default=False, help_text="The same visitor followed the same link within the hour.")
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=3, blank=True)
    form = models.CharField(max_length=8, blank=True, help_text="phone, tablet, desktop")
    system = models.CharField(max_length=8, blank=True)
    is_direct = models.BooleanField(default=False, help_text="A link straight to the merchant, told by the browser.")
    offer_id = models.BigIntegerField(null=True, blank=True, help_text="Where it led.")
    route_id = models.BigIntegerField(null=True, blank=True)
    referrer_path = models.CharField(max_length=300, blank=True, help_text="Path on this site only; never another's.")

    class Meta:
        ordering = ["-clicked_at"]
        managed = False
        db_table = "catalog_click"

    def __str__(self) -> str:
        return f"{self.code} at {self.clicked_at:%Y-%m-%d %H:%M:%S}"


class CountedVisit(models.Model):
    """A click that counted, kept for a day at most, so that its visitor's next one on the same link is a repeat.

    `visit` is a hash of the link's code, address and user agent, with a salt of the day that is thrown away (L10); it
    never stands beside the click itself, and one visitor's visits on two links have nothing in common. When it was, the
    id says. Made and deleted only together with the clicks of a shipment.
    """

    pk = models.CompositePrimaryKey("visit", "click_id")
    visit = models.BigIntegerField()
    click_id = models.UUIDField()

    class Meta:
        ordering = ["click_id"]
        indexes = [BrinIndex(fields=["click_id"], name="counted_visit_forgotten", pages_per_range=16)]

    def __str__(self) -> str:
        return f"{self.click_id}"


class UnknownCode(models.Model):
    """A code somebody asked for that leads nowhere (L22). The list is bounded; the clicks themselves are not."""

    code = models.CharField(max_length=40, primary_key=True)
    clicks = models.PositiveIntegerField()
    people_clicks = models.PositiveIntegerField(help_text="Without machines, prefetches, staff and repeats.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    referrer_path = models.CharField(
        max_length=300, blank=True, help_text="The page of ours the link was last followed from: a link to be mended."
    )

    class Meta:
        ordering = ["-last_at"]
        verbose_name = "code that leads nowhere"
        verbose_name_plural = "codes that lead nowhere"

    def __str__(self) -> str:
        return f"/go/{self.code}/"
