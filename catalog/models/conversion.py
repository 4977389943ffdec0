"""What did a click earn, who said so, and what did they say before?"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from catalog import networks
from catalog.models.feed_import import private_files
from catalog.models.merchant import Merchant


def network_choices() -> list[tuple[str, str]]:
    return [(key, network.label) for key, network in networks.NETWORKS.items()]


class NetworkAccount(models.Model):
    """Our account at a network: how its reports are asked for, and how far they were read."""

    name = models.CharField(max_length=80, unique=True)
    network = models.CharField(max_length=20, choices=network_choices)
    report_settings = models.JSONField(
        default=dict, blank=True, help_text="What the network's reports ask for; secrets by the name of their variable."
    )
    is_active = models.BooleanField(
        default=True, help_text="Whether its reports are asked for. What it sends by itself is taken either way."
    )
    polled_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it last answered.")
    polled_until = models.DateTimeField(null=True, blank=True, editable=False)
    cursor = models.CharField(max_length=120, blank=True, editable=False)
    next_poll_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    consecutive_failures = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    last_troubles = models.JSONField(
        default=list, blank=True, editable=False, help_text="Rows of the last answer that could not be read."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Postback(models.Model):
    """What a network sent us, word for word, until it is understood."""

    account = models.ForeignKey(NetworkAccount, on_delete=models.CASCADE, related_name="postbacks")
    received_at = models.DateTimeField()
    method = models.CharField(max_length=4)
    content_type = models.CharField(max_length=120, blank=True)
    query = models.TextField(blank=True)
    body = models.TextField(blank=True)
    signature = models.CharField(max_length=200, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["received_at"], name="postback_waits", condition=models.Q(processed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.account} at {self.received_at:%Y-%m-%d %H:%M:%S}"


class Conversion(models.Model):
    """A purchase as its network now sees it: the sum of its events. Joined, it holds a copy of the click's columns."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        REVERSED = "reversed", "Reversed"

    class Joining(models.TextChoices):
        """What the purchase is joined to, or why to nothing."""

        CLICK = "click", "A click of ours"
        PLACE = "place", "A tracking id's place"
        NO_SUB_ID = "no_sub_id", "The network reports no sub-id"
        FOREIGN = "foreign", "The sub-id is none of ours"
        UNKNOWN = "unknown", "No click has this sub-id (yet)"
        TOO_OLD = "too_old", "The click is older than clicks are kept"

    account = models.ForeignKey(NetworkAccount, on_delete=models.PROTECT, related_name="conversions")
    network_key = models.CharField(max_length=120, help_text="The network's own name of the purchase.")
    status = models.CharField(max_length=8, choices=Status)
    is_provisional = models.BooleanField(
        default=False, help_text="Only an unsigned message says so; the network's report has not confirmed it yet."
    )
    sale_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    commission_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3)
    occurred_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sub_id = models.CharField(max_length=255, blank=True)
    tracking_id = models.CharField(max_length=120, blank=True)
    merchant_reference = models.CharField(max_length=120, blank=True, help_text="The network's number of the merchant.")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, blank=True, related_name="conversions")

    joining = models.CharField(max_length=10, choices=Joining, default=Joining.NO_SUB_ID)
    # of the click
    click_id = models.UUIDField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    placement = models.CharField(max_length=60, blank=True)
    offer_id = models.BigIntegerField(null=True, blank=True)
    product_id = models.BigIntegerField(null=True, blank=True)
    route_id = models.BigIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    form = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ["-occurred_at"]
        indexes = [
            models.Index(fields=["occurred_at"], name="conversion_by_time"),
            # The day it is reported under: its click's, or its own.
            models.Index(Coalesce("clicked_at", "occurred_at"), name="conversion_by_click"),
            models.Index(fields=["occurred_at"], name="conversion_waits", condition=models.Q(joining="unknown")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "network_key"], name="conversion_once_per_account"),
            models.CheckConstraint(
                name="conversion_currency_is_iso", condition=models.Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network_key} ({self.get_status_display()})"


class ConversionEvent(models.Model):
    """One thing a network said about a purchase. Appended, never changed (a trigger refuses it)."""

    class Origin(models.TextChoices):
        POSTBACK = "postback", "Postback"
        POLL = "poll", "Report asked for"
        IMPORT = "import", "Report uploaded"

    conversion = models.ForeignKey(Conversion, on_delete=models.PROTECT, related_name="events")
    event_key = models.CharField(max_length=160, help_text="The network's own name of this statement: said once.")
    status = models.CharField(max_length=8, choices=Conversion.Status)
    # The amounts after this event; or, when `is_correction`, what is added to those before.
    is_correction = models.BooleanField(default=False)
    sale_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    commission_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3)
    occurred_at = models.DateTimeField(null=True, help_text="When somebody bought, as this statement has it.")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    sub_id = models.CharField(max_length=255, blank=True)
    tracking_id = models.CharField(max_length=120, blank=True)
    merchant_reference = models.CharField(max_length=120, blank=True)
    is_provisional = models.BooleanField(default=False, help_text="Nobody proved that the network said it.")
    origin = models.CharField(max_length=8, choices=Origin)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["happened_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["conversion", "event_key"], name="conversion_event_once")]

    def __str__(self) -> str:
        return f"{self.conversion_id}: {self.status} at {self.happened_at:%Y-%m-%d %H:%M}"


class ReportFile(models.Model):
    """A report of a network that an editor uploads: read for trial, then stored in one piece or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits to be read"
        READ = "read", "Read for trial: nothing is stored yet"
        QUEUED = "queued", "Waits to be stored"
        STORING = "storing", "Being stored"
        DONE = "done", "Stored"
        FAILED = "failed", "Cannot be used"

    account = models.ForeignKey(NetworkAccount, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="reports/%Y/%m/", storage=private_files, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # {"statements": 12, "purchases_new": 3, …, "troubles": [], "notes": [], "sums": []}
    report = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.account}: {self.file_name}"


class ExchangeRate(models.Model):
    """So many units of the currency were worth one euro on that day (the form the European Central Bank publishes)."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    per_euro = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=20, default="ECB", help_text="Who published it.")

    class Meta:
        ordering = ["-day", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["day", "currency"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(name="exchange_rate_is_positive", condition=models.Q(per_euro__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.currency} on {self.day}"
