"""How are needs written at the API's door? The schema's words for what `recommender.answers` reads."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recommender import vocabulary
from recommender.answers import MAX_BUDGET, MAX_WEIGHT, Needs, needs_from_mapping
from recommender.field_values import MAX_ACTIVITIES, MAX_NAMES

# Something remains when blanks are taken for hyphens.
_NAME = r"[^\s_-]"


class ActivityIn(serializers.Serializer[Any]):
    name = serializers.RegexField(
        _NAME,
        max_length=80,
        help_text=f"Open vocabulary. Known names: {', '.join(vocabulary.ACTIVITIES)}.",
    )
    weight = serializers.FloatField(
        default=1,
        allow_null=True,
        min_value=0,
        max_value=float(MAX_WEIGHT),
        help_text="Normalised over all activities.",
    )


class Activities(serializers.ListField):
    """What somebody does with it: objects, bare names, or an object of name to weight."""


class ActivitiesInTheSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Told in one form, taken in three."""

    target_class = Activities

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        one = auto_schema.resolve_serializer(ActivityIn, direction).ref
        if direction == "response":
            return {"type": "array", "items": one}
        name = {"type": "string", "pattern": _NAME, "maxLength": 80}
        weight = {"type": ["number", "null"], "minimum": 0, "maximum": float(MAX_WEIGHT)}
        several = {"type": "array", "items": {"anyOf": [one, name]}, "maxItems": MAX_ACTIVITIES}
        by_name = {"type": "object", "propertyNames": name, "additionalProperties": weight}
        return {"anyOf": [several, by_name | {"maxProperties": MAX_ACTIVITIES}, {"type": "null"}]}


class BudgetIn(serializers.Serializer[Any]):
    max = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=float(MAX_BUDGET))
    currency = serializers.RegexField(
        r"^[A-Za-z]{3}$", required=False, help_text="ISO 4217. Prices in other currencies are not compared with it."
    )


class UserIn(serializers.Serializer[Any]):
    age = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=120)
    glasses = serializers.BooleanField(required=False, allow_null=True)
    hearing_aids = serializers.BooleanField(required=False, allow_null=True)


class HearingIn(serializers.Serializer[Any]):
    limit = serializers.ChoiceField(vocabulary.HEARING_LIMITS, required=False, allow_null=True)
    condition = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=200)


class NeedsIn(serializers.Serializer[Any]):
    """Every field may be missing or null: that means unknown."""

    activities = Activities(child=ActivityIn(), required=False, allow_null=True)
    environment = serializers.MultipleChoiceField(choices=vocabulary.ENVIRONMENTS, required=False, allow_null=True)
    platforms = serializers.MultipleChoiceField(choices=vocabulary.PLATFORMS, required=False, allow_null=True)
    connectors = serializers.MultipleChoiceField(choices=vocabulary.CONNECTORS, required=False, allow_null=True)
    budget = BudgetIn(required=False, allow_null=True)
    mic_need = serializers.ChoiceField([*vocabulary.MIC_NEEDS, "unknown"], required=False, allow_null=True)
    has_separate_mic = serializers.BooleanField(required=False, allow_null=True)
    will_use_separate_mic = serializers.BooleanField(required=False, allow_null=True)
    isolation = serializers.ChoiceField(vocabulary.ISOLATION, required=False, allow_null=True)
    awareness = serializers.ChoiceField(vocabulary.AWARENESS, required=False, allow_null=True)
    wear_hours_per_day = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=24)
    portability = serializers.ChoiceField(vocabulary.PORTABILITY, required=False, allow_null=True)
    connection = serializers.ChoiceField(vocabulary.CONNECTION, required=False, allow_null=True)
    sound_priority = serializers.ChoiceField(vocabulary.SOUND_PRIORITY, required=False, allow_null=True)
    forms = serializers.MultipleChoiceField(
        choices=vocabulary.FORMS, required=False, allow_null=True, help_text="One of them will do."
    )
    avoid_forms = serializers.MultipleChoiceField(choices=vocabulary.FORMS, required=False, allow_null=True)
    ears = serializers.ChoiceField(vocabulary.EARS, required=False, allow_null=True)
    foldable = serializers.BooleanField(required=False, allow_null=True)
    water_resistant = serializers.BooleanField(required=False, allow_null=True)
    features = serializers.MultipleChoiceField(
        choices=vocabulary.ASKED_FEATURES, required=False, allow_null=True, help_text="What it must have, all of them."
    )
    avoid_features = serializers.MultipleChoiceField(
        choices=vocabulary.REFUSED_FEATURES, required=False, allow_null=True, help_text="What it must not have."
    )
    avoid_brands = serializers.ListField(
        child=serializers.CharField(max_length=200, allow_blank=True, allow_null=True),
        max_length=MAX_NAMES,
        required=False,
        allow_null=True,
    )
    user = UserIn(required=False, allow_null=True)
    hearing = HearingIn(required=False, allow_null=True)


@extend_schema_field(NeedsIn)
class NeedsField(serializers.Field[Needs, Any, Any, Any]):
    """Needs as the engine reads them. Its `NeedsError` names every fault with the values that would do."""

    def to_internal_value(self, data: Any) -> Needs:
        return needs_from_mapping(data)
