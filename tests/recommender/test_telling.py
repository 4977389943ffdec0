"""An answer is told as its serializers say it, field by field, whether a value is there, is null, or may be missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from recommender.advice import advise
from recommender.answers import needs_from_mapping
from recommender.api import answer
from recommender.api.next_question import next_question
from recommender.api.serializers import NextQuestionOut, RecommendationOut
from recommender.api.telling import teller
from recommender.ranking import Catalogue
from recommender.rules import shipped
from recommender.told import told_of
from tests.recommender.many_products import many_products
from tests.recommender.people import mappings
from tests.reviews.blocks.facts import shown_offer

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PRODUCTS = Catalogue(many_products(40))
OFFERS = {number: (shown_offer(1), shown_offer(2, price=None)) for number in range(0, 40, 2)}
WHY_NOT = {
    **dict.fromkeys(("product", "rival"), "one"),
    **dict.fromkeys(("failed", "unknown", "may_give_up"), ("anc",)),
    **dict.fromkeys(("is_beaten", "steps_back"), False),
    "kind": "headset",
    "verdict": "below",
    "place": 9,
    "behind": ({"key": "price", "points": 0.25, "its": None, "other": 1},),
    "ahead": (),
    "would_win": {"budget": None},
}


def _same(serializer: type[serializers.Serializer[Any]], said: dict[str, Any]) -> None:
    told, defined = teller(serializer())(said), serializer().to_representation(said)
    assert told == defined
    # as texts too: 1, 1.0 and true are the same to Python; sets have no order
    assert json.dumps(told, default=sorted) == json.dumps(defined, default=sorted)


@settings(max_examples=60, deadline=None)
@given(mappings(), st.booleans())
def test_a_recommendation_is_told_as_its_serializers_say(data: dict[str, Any], asks_why: bool) -> None:
    advice = advise(needs_from_mapping(data), PRODUCTS, shipped(), now=NOW)
    _same(RecommendationOut, answer(advice, OFFERS, WHY_NOT if asks_why else None, version="1"))


@pytest.mark.parametrize("mapping", [{}, {"activities": ["gaming_voice"]}, {"activities": ["music"], "budget": None}])
def test_so_is_the_next_question(mapping: dict[str, Any]) -> None:
    needs = needs_from_mapping(mapping)
    _same(NextQuestionOut, next_question(needs, told_of(needs)))


class Inner(serializers.Serializer[Any]):
    name = serializers.CharField(required=False)
    number = serializers.IntegerField(default=3)


class Own(serializers.Serializer[Any]):
    def to_representation(self, instance: Any) -> Any:
        return "in its own way"


class Outer(serializers.Serializer[Any]):
    one = Inner(allow_null=True)
    several = Inner(many=True)
    deep = serializers.CharField(source="one.name", allow_null=True)
    whole = serializers.SerializerMethodField()
    words = serializers.ListField(child=serializers.CharField())
    secret = serializers.CharField(write_only=True)
    own = Own()

    def get_whole(self, value: Any) -> int:
        return len(value)


def test_what_is_missing_null_or_elsewhere_is_told_as_before() -> None:
    said = {"one": None, "several": [{"name": "a"}, {"number": 4.5}, {}], "words": ("a", None, 3), "own": 1}
    _same(Outer, said)
    _same(Outer, said | {"one": {"name": "b"}})


def test_what_has_to_be_there_is_missed() -> None:
    with pytest.raises(KeyError, match="words"):
        teller(Outer())({"one": None, "several": (), "own": 1})
