"""Who sells, on what terms may we show what they sell, and who pays for a click?"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from catalog import networks, sources
from catalog.links.countries import NAMES
from catalog.terms import LinkStyle, Terms

# What a browser may tell the shop of the page a visitor comes from, most first. “no-referrer” would hide us from any
# programme that looks.
REFERRER_POLICIES = (
    ("unsafe-url", "The page’s address, always"),
    ("no-referrer-when-downgrade", "The page’s address, over https only"),
    ("strict-origin-when-cross-origin", "Our site’s name, over https only"),
    ("origin", "Our site’s name, always"),
    ("no-referrer", "Nothing"),
)


def source_choices() -> list[tuple[str, str]]:
    return [(key, source.label) for key, source in sources.SOURCES.items()]


def network_choices() -> list[tuple[str, str]]:
    return [(key, network.label) for key, network in networks.NETWORKS.items()]


def check_countries(codes: list[str]) -> None:
    """Raises `ValidationError` for each that is no code of ISO 3166-1, with what is meant where that is known."""
    problems = []
    for code in codes:
        if code not in NAMES:
            meant = {"UK": "GB", "EL": "GR"}.get(code.upper()) or (code.upper() if code.upper() in NAMES else "")
            hint = f"write {meant}" if meant else "write two capital letters such as DE or GB"
            problems.append(ValidationError(f"“{code}” is no country code of ISO 3166; {hint}.", code="no_country"))
    if problems:
        raise ValidationError(problems)


class Merchant(models.Model):
    """A shop, with its programme's terms beside it: one row says all that binds us."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    homepage = models.URLField()
    hosts = ArrayField(
        models.CharField(max_length=120),
        help_text="The hosts this merchant owns. Links and page readings never leave them.",
    )
    country = models.CharField(max_length=2, help_text="ISO 3166, for example US.")
    currency = models.CharField(max_length=3, help_text="ISO 4217, for example USD. Readings in another one are held.")
    delivers_to = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        validators=[check_countries],
        help_text=(
            "Codes of ISO 3166 with commas between, for example US, CA. To readers elsewhere its offers say that it "
            "does not deliver there, and come last. Empty: nothing is said."
        ),
    )
    is_active = models.BooleanField(default=True)

    # where prices come from
    source = models.CharField(max_length=30, choices=source_choices)
    source_settings = models.JSONField(default=dict, blank=True, help_text="What the source asks for, e.g. feed_url.")
    refresh_every = models.DurationField(
        default=timedelta(hours=6),
        help_text="How often an offer of this merchant is looked at.",
        validators=[MinValueValidator(timedelta(seconds=10))],
    )
    requests_per_minute = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How fast its host may be asked, by all workers together. Empty: as its source.",
    )
    requests_per_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="The quota the merchant or its network grants us. Empty: as its source."
    )
    # The refresh plan (catalog/schedule.py): a look that is worth at least so much is made.
    least_worth = models.FloatField(null=True, blank=True, editable=False)
    planned_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True)
    consecutive_failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    # One worker at a time asks a merchant; a killed worker's claim is taken over when it is old enough.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    owner_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    feed_etag = models.CharField(max_length=200, blank=True, editable=False)
    feed_last_modified = models.CharField(max_length=60, blank=True, editable=False)
    feed_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    # who pays for a click
    network = models.CharField(max_length=30, choices=network_choices)
    network_settings = models.JSONField(default=dict, blank=True, help_text="What the network asks for, e.g. tag.")
    referrer_policy = models.CharField(
        max_length=32,
        blank=True,
        choices=REFERRER_POLICIES,
        help_text="What its shop may learn of our page, where its programme wants another than its network's.",
    )

    # terms of the programme (see catalog/terms.py; nobody else decides)
    max_price_age = models.DurationField(
        null=True,
        blank=True,
        help_text="A price older than this is not shown. Empty: no limit by the programme.",
    )
    prices_allowed = models.BooleanField(
        default=True, help_text="Off: no price of it is stored or shown, only “see price at …” (no API is granted yet)."
    )
    history_allowed = models.BooleanField(default=False)
    alerts_allowed = models.BooleanField(default=False)
    mail_allowed = models.BooleanField(default=False)
    feeds_allowed = models.BooleanField(default=False)
    api_allowed = models.BooleanField(default=False)
    image_copies_allowed = models.BooleanField(default=False)
    used_allowed = models.BooleanField(default=False)
    conversion_allowed = models.BooleanField(
        default=True, help_text="Beside its price may stand what that is worth in the reader’s currency."
    )
    link_style = models.CharField(
        max_length=8,
        choices=[(style.value, style.label) for style in LinkStyle],
        default=LinkStyle.REDIRECT.value,
    )
    link_label = models.CharField(max_length=40, default="paid link")
    disclaimer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="merchant_currency_is_iso", condition=models.Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="merchant_country_is_iso", condition=models.Q(country__regex=r"^[A-Z]{2}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def referrer(self) -> str:
        """The policy its links carry: its own, else its network's; empty for a network that is gone."""
        network = networks.NETWORKS.get(self.network)
        return self.referrer_policy or (network.referrer_policy if network is not None else "")

    @property
    def terms(self) -> Terms:
        return Terms(
            prices_allowed=self.prices_allowed,
            max_price_age=self.max_price_age,
            history_allowed=self.history_allowed,
            alerts_allowed=self.alerts_allowed,
            mail_allowed=self.mail_allowed,
            feeds_allowed=self.feeds_allowed,
            api_allowed=self.api_allowed,
            image_copies_allowed=self.image_copies_allowed,
            used_allowed=self.used_allowed,
            conversion_allowed=self.conversion_allowed,
            link_style=LinkStyle(self.link_style),
            link_label=self.link_label,
            disclaimer=self.disclaimer,
        )
