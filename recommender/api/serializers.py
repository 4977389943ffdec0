"""Which words go in at the API's door and which come out? Explicit serializers, the source of the schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.api.products import OfferOut
from readers.exact_input import ExactInput
from recommender import vocabulary
from recommender.api.needs_input import BudgetIn, NeedsField, NeedsIn
from recommender.features import FEATURES
from recommender.questions import BY_KEY

MOST_TEXT = 2000


class RecommendationIn(ExactInput):
    needs = NeedsField(required=False)
    text = serializers.CharField(
        required=False, max_length=MOST_TEXT, help_text="In English. Fills what `needs` leave open."
    )
    give_up = serializers.MultipleChoiceField(
        choices=[*FEATURES, "type"],
        required=False,
        help_text="Demands the shopper agreed to drop, as offered in `relaxations`. Safety is never dropped.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # declared here, where the class after this one can leave it out
        help_text = "A product's slug: what keeps it from the first place?"
        return {**super().get_fields(), "why_not": serializers.SlugField(required=False, help_text=help_text)}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "needs" not in data and "text" not in data:
            raise serializers.ValidationError({"needs": ["Send `needs`, `text`, or both."]})
        return data


class ReasonOut(serializers.Serializer[Any]):
    rule_id = serializers.CharField()
    because = serializers.CharField()
    basis = serializers.CharField()
    section = serializers.CharField(help_text="The part of the guide that explains it.")
    contribution = serializers.FloatField(help_text="Positive towards a headset, negative towards headphones.")


class OverriddenOut(serializers.Serializer[Any]):
    rule_id = serializers.CharField()
    by = serializers.CharField()
    reason = serializers.CharField()


class UtilityOut(serializers.Serializer[Any]):
    low = serializers.FloatField(help_text="0 to 1, every unknown fact at its worst. Products are ranked by it.")
    high = serializers.FloatField(help_text="0 to 1, every unknown fact at its best.")
    coverage = serializers.FloatField(help_text="The share of the criteria whose facts are known.")


class AdvisedProductOut(serializers.Serializer[Any]):
    rank = serializers.IntegerField()
    kind = serializers.ChoiceField(vocabulary.KINDS)
    is_confirmed = serializers.BooleanField(help_text="False: it fails no demand, but see `not_confirmed`.")
    slug = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    url = serializers.URLField()
    fits = serializers.ListField(child=serializers.CharField())
    not_confirmed = serializers.ListField(child=serializers.CharField())
    lacks = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField(
        allow_null=True, help_text="What our reviews give it for this use, out of 10; null: not scored. See `/method/`."
    )
    utility = UtilityOut()
    offers = OfferOut(many=True)


class RelaxationOut(serializers.Serializer[Any]):
    """Giving up `give_up` (and raising the budget to `budget`, when it is set) opens this many products."""

    kind = serializers.ChoiceField(vocabulary.KINDS)
    give_up = serializers.ListField(child=serializers.CharField())
    budget = BudgetIn(allow_null=True)
    opens = serializers.IntegerField()
    best = serializers.CharField(help_text="The slug of the best product it opens.")


class FlipOut(serializers.Serializer[Any]):
    """An edit of the needs, in their own words, after which the kind is `kind`."""

    kind = serializers.ChoiceField(vocabulary.KINDS)
    changes = serializers.DictField()


class TurnOut(serializers.Serializer[Any]):
    """An edit of the needs after which another product stands first (or, without one, another type)."""

    product = serializers.CharField(allow_null=True, help_text="Its slug.")
    type = serializers.CharField(allow_blank=True)
    cost = serializers.IntegerField(help_text="How much a shopper would have to change: 10 little, 18 a lot.")
    changes = serializers.DictField()


class OptionOut(serializers.Serializer[Any]):
    """What may be kept or added instead of buying what is listed."""

    key = serializers.ChoiceField(["keep_microphone", "add_microphone", "keep_headphones"])
    rule_id = serializers.CharField()
    because = serializers.CharField()
    product = serializers.CharField(allow_null=True, help_text="The slug of the headphones that go with it.")
    microphone = BudgetIn(allow_null=True, help_text="What the microphone would take of the budget.")
    is_within = serializers.BooleanField(allow_null=True, help_text="Both together cost no more than the budget.")
    is_cheaper = serializers.BooleanField(allow_null=True, help_text="Both together cost less than the first product.")


class WayOutOut(serializers.Serializer[Any]):
    """Where nothing fits and nothing may be given up: what no product has beside the rest, and what would help."""

    missing = serializers.ListField(child=serializers.CharField())
    changes = serializers.ListField(child=serializers.DictField(), help_text="Edits of the needs, the easiest first.")


class LeadOut(serializers.Serializer[Any]):
    criterion = serializers.CharField(source="key")
    points = serializers.FloatField(help_text="Of the whole utility, 0 to 1.")
    its = serializers.FloatField(allow_null=True)
    other = serializers.FloatField(allow_null=True)


class WhyNotOut(serializers.Serializer[Any]):
    """What keeps the product that was asked about from the first place."""

    product = serializers.CharField(help_text="Its slug.")
    kind = serializers.ChoiceField(vocabulary.KINDS)
    verdict = serializers.ChoiceField(["first", "listed", "below", "unconfirmed", "out"])
    place = serializers.IntegerField(allow_null=True)
    failed = serializers.ListField(child=serializers.CharField(), help_text="Demands it does not meet.")
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Demands we cannot confirm.")
    may_give_up = serializers.ListField(child=serializers.CharField())
    rival = serializers.CharField(allow_null=True, help_text="The slug of the product that stands first.")
    behind = LeadOut(many=True)
    ahead = LeadOut(many=True)
    is_beaten = serializers.BooleanField(help_text="The first product is nowhere worse.")
    steps_back = serializers.BooleanField(help_text="It would be shown, had the list not been made more varied.")
    would_win = serializers.DictField(allow_null=True, help_text="The easiest edit of the needs that puts it first.")


class RecommendationOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField([*vocabulary.KINDS, "either"])
    types = serializers.ListField(child=serializers.CharField(), help_text="Best first.")
    facets = serializers.ListField(child=serializers.CharField())
    must_have = serializers.ListField(child=serializers.CharField())
    nice_to_have = serializers.DictField(child=serializers.FloatField(), help_text="Feature to weight, 0 to 1.")
    excluded = serializers.ListField(child=serializers.CharField())
    fired = serializers.ListField(child=serializers.CharField(), help_text="Ids of the rules that contributed.")
    overridden = serializers.ListField(child=serializers.CharField(), help_text="Ids that matched and were defeated.")
    advisories = serializers.ListField(child=serializers.CharField())
    outcome = serializers.ChoiceField(["match", "relaxed", "clarify"])
    question = serializers.CharField(allow_null=True, help_text="What would settle it, or make the answer surer.")
    margin = serializers.FloatField()
    reasons = ReasonOut(many=True, help_text="At most four, the weightiest first.")
    defeated = OverriddenOut(many=True)
    flips = FlipOut(many=True)
    turns = TurnOut(many=True, help_text="At most three, the easiest first.")
    type_turn = TurnOut(allow_null=True)
    options = OptionOut(many=True)
    way_out = WayOutOut(allow_null=True, help_text="Null while there is a product or a demand to give up.")
    why_not = WhyNotOut(allow_null=True, help_text="Null when none was asked for.")
    products = AdvisedProductOut(many=True)
    relaxations = RelaxationOut(many=True)
    needs = NeedsIn(help_text="The needs as they were understood, normalised.")
    unknown_activities = serializers.ListField(child=serializers.CharField())
    rules_version = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="Prices and stock are those that may be shown at this moment, UTC.")


class NextQuestionIn(RecommendationIn):
    """The needs so far, or what was said in words."""

    skipped = serializers.MultipleChoiceField(
        choices=tuple(BY_KEY), required=False, help_text="Questions that were passed over: they are not asked again."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: one for name, one in super().get_fields().items() if name in ("needs", "text", "skipped")}


class AnswerOut(serializers.Serializer[Any]):
    value = serializers.CharField()
    text = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)
    needs = serializers.DictField(help_text="What this answer adds to the needs; null takes a field away.")


class QuestionOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    most = serializers.IntegerField(help_text="How many answers may be chosen.")
    answers = AnswerOut(many=True, help_text="Empty where an amount is asked for.")
    expected_change = serializers.FloatField(help_text="How much its answer is expected to change the advice.")


class NextQuestionOut(serializers.Serializer[Any]):
    question = QuestionOut(allow_null=True, help_text="Null when no question is worth asking any more.")
    is_sure = serializers.BooleanField(help_text="The kind is known: no single answer more is likely to turn it.")
    kind = serializers.ChoiceField([*vocabulary.KINDS, "either"], help_text="As far as is known now.")
    left = serializers.IntegerField(help_text="How many questions are still worth asking, as far as can be seen.")
    needs = NeedsIn(help_text="The needs as they were understood, normalised.")
    rules_version = serializers.CharField()


class FieldProblemOut(serializers.Serializer[Any]):
    field = serializers.CharField()
    problem = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField(), required=False)


class ProblemOut(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # declared here: as an attribute it would hide the serializer's own `errors`
        return {**super().get_fields(), "errors": FieldProblemOut(many=True, required=False)}
