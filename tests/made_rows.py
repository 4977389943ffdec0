"""Rows of whatever model there is, as many as a test asks for, each pointing at rows of its own.

A list that asks the database once more for each row is seen only when the rows differ in what they point at; and a test
that walks a registry has to make rows of models that were added after it was written. Nothing random: the number says
everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify

from catalog.models import Brand
from tests.factories import make_author, make_click, make_link, make_product

Value = Callable[[int], Any]

# What a model's own rules ask of a column; everything else follows from the column's kind.
VALUES: Mapping[str, Mapping[str, Value]] = {
    "catalog.Offer": {
        "amount": lambda n: Decimal(n + 10),
        "currency": lambda n: "USD",
        "seen_at": lambda n: timezone.now() - timedelta(minutes=n),
        "availability": lambda n: "in_stock",
        "state": lambda n: "ok",
    },
    "catalog.Alert": {
        "kind": lambda n: "below",
        "amount": lambda n: Decimal(n + 10),
        "currency": lambda n: "USD",
    },
    "catalog.ExchangeRate": {"day": lambda n: timezone.localdate() - timedelta(days=n)},
    "catalog.Merchant": {"source": lambda n: "manual", "network": lambda n: "direct"},
    "catalog.NetworkAccount": {"network": lambda n: "direct"},
    "catalog.SpecEvidence": {"spec": lambda n: "weight_g", "value": lambda n: "250"},
    "catalog.ClickTally": {"dimension": lambda n: "site", "key": lambda n: f"key-{n}"},
    "partners.ApiKey": {
        "scopes": lambda n: ["links:read"],
        "prefix": lambda n: f"k{n:07}",
        "former_prefix": lambda n: "",
        "former_digest": lambda n: "",
        "expires_at": lambda n: timezone.now() + timedelta(days=n + 1),
    },
    "partners.Webhook": {
        "address": lambda n: f"https://partner-{n}.example/hooks",
        "kinds": lambda n: ["price.changed"],
    },
    "recommender.RuleSetVersion": {"number": lambda n: n + 1001, "texts": lambda n: {}},
    "reviews.MethodVersion": {"state": lambda n: "retired", "number": lambda n: n + 1},
    "reviews.Article": {"kind": lambda n: "guide"},
    "reviews.Picture": {"merchant": lambda n: None},
    "reviews.Revision": {"content": lambda n: {"article": {"title": f"Title {n}"}, "blocks": []}},
    "reviews.Watch": {
        "condition": lambda n: "price_below",
        "parameters": lambda n: {"amount": "100", "currency": "USD"},
        "block_key": lambda n: "",
    },
}
# Columns that may stay empty and whose rules no single value meets.
LEFT_EMPTY = frozenset({"live_revision", "scheduled_version"})
WORDS_OF: Mapping[str, Value] = {
    "currency": lambda n: "USD",
    "country": lambda n: "US",
    "sha256": lambda n: f"{n:064x}",
    "colour": lambda n: "#26547c",
    "hosts": lambda n: [f"shop-{n}.example"],
    "page_said": lambda n: "",
}


class Rows:
    """Rows by model and number; the same number is the same row."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], models.Model] = {}
        self._own: Mapping[str, Value] = {
            "auth.User": lambda n: User.objects.create(
                username=f"person-{n}", email=f"person-{n}@desk.example", is_staff=True, password="!"
            ),
            "catalog.Click": lambda n: make_click(timezone.now() - timedelta(seconds=n), f"code-{n}", number=n + 1),
            "catalog.Product": lambda n: make_product(f"Model {n}", brand=f"Brand {n}"),
            "catalog.Brand": lambda n: Brand.objects.get_or_create(name=f"Brand {n}", slug=f"brand-{n}")[0],
            "catalog.Link": lambda n: make_link(self.one("catalog.Offer", n), f"code-{n}"),  # type: ignore[arg-type]
            "catalog.Failover": self._failover,
            "reviews.Author": lambda n: make_author(f"Author {n}"),
            "reviews.AuditLine": self._log_line,
        }

    def one(self, label: str, number: int) -> models.Model:
        key = (label, number)
        if key not in self._made:
            own = self._own.get(label)
            self._made[key] = own(number) if own else self._plain(label, number)
        return self._made[key]

    def _plain(self, label: str, number: int) -> models.Model:
        """With what may be empty left empty, unless the table's own rules ask for it."""
        manager = _model(label)._default_manager
        values = self._values(label, number, is_full=False)  # the rows it points at stay, whatever becomes of it
        try:
            with transaction.atomic():
                return manager.create(**values)
        except IntegrityError:
            return manager.create(**self._values(label, number, is_full=True))

    def _values(self, label: str, number: int, *, is_full: bool) -> dict[str, Any]:
        given = VALUES.get(label, {})
        values: dict[str, Any] = {}
        for field in _model(label)._meta.concrete_fields:
            if field.name in given:
                values[field.name] = given[field.name](number)
            elif not (field.primary_key and field.has_default()) and not isinstance(field, models.AutoField):
                value = self._value(field, number, is_full)
                if value is not None:
                    values[field.name] = value
        return values

    def _value(self, field: Any, number: int, is_full: bool) -> Any:
        """What fits the column; None leaves it to its default."""
        if isinstance(field, models.ForeignKey):
            return self._pointed_at(field, number)
        if (field.null and not is_full) or field.has_default() or getattr(field, "auto_now_add", False):
            return None
        if field.name in WORDS_OF:
            return WORDS_OF[field.name](number)
        return _by_kind(field, number)

    def _pointed_at(self, field: Any, number: int) -> models.Model | None:
        label = field.related_model._meta.label
        is_needless = field.null and (label == field.model._meta.label or field.name in LEFT_EMPTY)
        return None if is_needless or label == "contenttypes.ContentType" else self.one(label, number)

    def _failover(self, number: int) -> models.Model:
        link = self.one("catalog.Link", number)
        return _model("catalog.Failover")._default_manager.create(
            link=link,
            from_offer=self.one("catalog.Offer", number),
            to_offer=self.one("catalog.Offer", number + 100_000),
            reason=f"Gone {number}",
            started_at=timezone.now(),
        )

    def _log_line(self, number: int) -> models.Model:
        brand = self.one("catalog.Brand", number)
        return LogEntry.objects.create(
            user=self.one("auth.User", number),  # type: ignore[misc]
            content_type=ContentType.objects.get_for_model(brand),
            object_id=str(brand.pk),
            object_repr=str(brand),
            action_flag=CHANGE,
            change_message=f"Changed {number}.",
        )


def _model(label: str) -> type[models.Model]:
    from django.apps import apps

    return apps.get_model(label)


def _by_kind(field: Any, number: int) -> Any:
    return next((value(field, number) for kinds, value in _KINDS if isinstance(field, kinds)), None)


def _words(field: Any, number: int) -> str:
    if field.choices:
        return str(next(key for key, _ in field.flatchoices if key))
    text = f"{field.name.replace('_', ' ')} {number}"
    match field:
        case models.SlugField():
            text = slugify(text)
        case models.EmailField():
            text = f"{slugify(text)}@desk.example"
        case models.URLField():
            text = f"https://{slugify(text)}.example/"
    if field.name == "url":
        text = f"https://shop-{number}.example/p/{number}"
    if field.name == "address":
        text = f"reader-{number}@mail.example"
    # The number stands last and tells the rows apart: what is too long loses its beginning.
    return text if field.max_length is None else text[-field.max_length :]


# The narrower kind before the wider one.
_KINDS: tuple[tuple[Any, Callable[[Any, int], Any]], ...] = (
    (models.UUIDField, lambda field, n: UUID(int=n + 1)),
    (models.GenericIPAddressField, lambda field, n: "192.0.2.1"),
    (models.FileField, lambda field, n: f"made/{n}.bin"),
    ((ArrayField, models.JSONField), lambda field, n: []),
    (models.DurationField, lambda field, n: timedelta(hours=1)),
    (models.DateTimeField, lambda field, n: timezone.now() - timedelta(minutes=n)),
    (models.DateField, lambda field, n: timezone.now().date()),
    (models.DecimalField, lambda field, n: Decimal(n % 9 + 1)),
    (models.BooleanField, lambda field, n: False),
    ((models.FloatField, models.IntegerField), lambda field, n: n + 1),
    ((models.CharField, models.TextField), _words),
)
