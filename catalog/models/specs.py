"""What is known about how a product is built, and who says so?

One typed column per property (no attribute-value tables: rules, filters and charts read these columns), and for
each known value one `SpecEvidence` row. Every property has three states: known true, known false (or a value),
and NULL, which means *unknown* and is never read as false.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from catalog.models.product import Product


class MicGrade(models.TextChoices):
    """How good the built-in microphone is meant to be (contradiction A7 of the truth table)."""

    NONE = "none", "No microphone"
    INCIDENTAL = "incidental", "Inline or in-bud microphone for the odd call"
    COMMUNICATION = "communication", "Communication microphone"


class MicForm(models.TextChoices):
    BOOM = "boom", "Boom"
    BOOM_DETACHABLE = "boom-detachable", "Detachable boom"
    BUILT_IN = "built-in", "In the cup or bud"
    INLINE = "inline", "In the cable"


class FormFactor(models.TextChoices):
    OVER_EAR = "over-ear", "Over the ear"
    ON_EAR = "on-ear", "On the ear"
    IN_EAR = "in-ear", "In the ear canal"
    EARBUD = "earbud", "At the ear canal"
    OPEN_EAR = "open-ear", "Beside the ear"


class Enclosure(models.TextChoices):
    CLOSED = "closed", "Closed back"
    OPEN = "open", "Open back"
    SEMI_OPEN = "semi-open", "Semi-open back"


class SoundBalance(models.TextChoices):
    """Where bass, mids and treble stand against neutral, in the words of those who listen or measure."""

    NEUTRAL = "neutral", "Neutral"
    WARM = "warm", "More bass"
    BRIGHT = "bright", "More treble"
    V_SHAPED = "v-shaped", "More bass and treble"
    MID_FORWARD = "mid-forward", "Voices to the front"


class Ears(models.TextChoices):
    ONE = "one", "One ear"
    TWO = "two", "Both ears"


class Latency(models.TextChoices):
    WIRED = "wired", "Cable: none to speak of"
    LOW = "low", "Low-latency radio"
    ORDINARY = "ordinary", "Ordinary Bluetooth"


class Connector(models.TextChoices):
    """Spelled as in the recommender's vocabulary (`connectors`)."""

    JACK_3_5MM = "jack_3_5mm", "3.5 mm jack"
    JACK_6_35MM = "jack_6_35mm", "6.35 mm jack"
    DUAL_3_5MM = "dual_3_5mm", "Two 3.5 mm jacks"
    BALANCED_4_4MM = "balanced_4_4mm", "4.4 mm balanced"
    USB_A = "usb_a", "USB-A"
    USB_C = "usb_c", "USB-C"
    LIGHTNING = "lightning_or_usb_c", "Lightning"
    XLR = "xlr", "XLR"
    GA_DUAL_PLUG = "ga_dual_plug", "General-aviation dual plug"
    HELICOPTER_U174 = "helicopter_u174", "Helicopter U-174"
    QD = "qd", "Quick disconnect"


class Radio(models.TextChoices):
    BLUETOOTH = "bluetooth", "Bluetooth"
    DECT = "dect", "DECT"
    RF_24GHZ = "rf_24ghz", "2.4 GHz radio"


class Platform(models.TextChoices):
    """Spelled as in the recommender's vocabulary (`platforms`)."""

    PC = "pc", "Computer"
    PHONE = "phone", "Phone"
    TABLET = "tablet", "Tablet"
    TV = "tv", "Television"
    DAP = "dap", "Music player"
    XBOX = "xbox", "Xbox"
    PLAYSTATION = "playstation", "PlayStation"
    SWITCH = "switch", "Switch"
    DESK_PHONE = "desk_phone", "Desk phone"
    AIRCRAFT_INTERCOM = "aircraft_intercom", "Aircraft intercom"


def _known(**kwargs: object) -> models.BooleanField[bool | None, bool | None]:
    return models.BooleanField(null=True, blank=True, **kwargs)  # type: ignore[arg-type]


class AudioSpecs(models.Model):
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="specs")

    # form
    form_factor = models.CharField(max_length=12, choices=FormFactor, null=True, blank=True)
    enclosure = models.CharField(max_length=12, choices=Enclosure, null=True, blank=True)
    ears = models.CharField(max_length=4, choices=Ears, null=True, blank=True)
    weight_g = models.DecimalField(
        max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    foldable = _known()
    durable = _known(help_text="Built for rough or daily professional use.")
    water_rating = models.CharField(
        max_length=8,
        null=True,
        blank=True,
        help_text="IPX4, IP57 …; the word 'none' when the maker denies any.",
    )

    # microphone
    mic_grade = models.CharField(max_length=14, choices=MicGrade, null=True, blank=True)
    mic_form = models.CharField(max_length=16, choices=MicForm, null=True, blank=True)
    mic_noise_cancelling = _known(help_text="The people you talk to hear less of your surroundings.")
    mic_mute = _known()
    sidetone = _known()

    # sound and quiet
    driver_mm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    driver_type = models.CharField(max_length=30, null=True, blank=True)
    frequency_low_hz = models.PositiveIntegerField(null=True, blank=True)
    frequency_high_hz = models.PositiveIntegerField(null=True, blank=True)
    impedance_ohm = models.PositiveIntegerField(null=True, blank=True)
    sound_balance = models.CharField(max_length=12, choices=SoundBalance, null=True, blank=True)
    accurate_sound = _known(help_text="Made for monitoring: tells what is there.")
    high_fidelity = _known(help_text="Made for critical listening.")
    anc = _known(help_text="You hear less of your surroundings (active).")
    passive_isolation = _known(help_text="Strong isolation without electronics.")
    isolation_db = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=(
            "How much quieter it makes what is around you, in dB, everything on: measured, or as rated (NRR, SNR)."
        ),
    )
    transparency = _known(help_text="Lets the surroundings in on purpose.")
    volume_limited = _known()
    hearing_protection = _known(help_text="Rated as hearing protection (NRR/SNR).")

    # connection
    wireless = _known()
    radios = ArrayField(models.CharField(max_length=12, choices=Radio), null=True, blank=True)
    connectors = ArrayField(models.CharField(max_length=20, choices=Connector), null=True, blank=True)
    platforms = ArrayField(models.CharField(max_length=20, choices=Platform), null=True, blank=True)
    latency = models.CharField(max_length=10, choices=Latency, null=True, blank=True)
    multipoint = _known()
    battery_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)

    # wear and use
    comfort_long_wear = _known()
    glasses_friendly = _known()
    child_size = _known()
    hygiene_wipeable = _known()
    professional_look = _known()
    rgb = _known()
    certifications = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    release_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "audio specs"
        constraints = [
            models.CheckConstraint(
                name="specs_frequency_range",
                condition=models.Q(frequency_low_hz__isnull=True)
                | models.Q(frequency_high_hz__isnull=True)
                | models.Q(frequency_low_hz__lt=models.F("frequency_high_hz")),
                violation_error_message="The lowest frequency must be below the highest.",
            )
        ]

    def __str__(self) -> str:
        return f"Specs of {self.product_id}"


# The evidence of a value that an editor typed in; imports leave such values alone.
EDITOR = "editor"


class SpecEvidence(models.Model):
    """Who says that a spec has its value, and when that was last looked at."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="evidence")
    spec = models.CharField(max_length=40, help_text="The column of AudioSpecs this is about, or `kind`.")
    value = models.CharField(
        max_length=120,
        blank=True,
        help_text="What this source says, where it says something else than the sheet or should be quoted.",
    )
    source = models.CharField(max_length=200)
    source_url = models.URLField(blank=True)
    checked_on = models.DateField()
    is_measured = models.BooleanField(
        default=False, help_text="Measured by us or another tester, not the maker's word."
    )
    tester = models.CharField(max_length=80, blank=True, help_text="Who measured or checked it.")
    sample = models.CharField(
        max_length=80, blank=True, help_text="Which unit was tested, e.g. bought May 2026, black."
    )
    firmware = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="When it has to be looked at again.")

    class Meta:
        ordering = ["spec"]
        verbose_name = "claim ledger entry"
        verbose_name_plural = "claim ledger"
        constraints = [models.UniqueConstraint(fields=["product", "spec", "source"], name="evidence_once")]
        indexes = [models.Index(fields=["due_on"], condition=models.Q(due_on__isnull=False), name="evidence_due")]

    def __str__(self) -> str:
        return f"{self.spec}: {self.source}"
