"""What a product got by our method, for machines: in all for each use, on each criterion, and by which version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import selectors
from catalog.api.lists import KnownParameters
from reviews.score_table import Method, active_method, overalls_of, scores_of_product


class MethodOut(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="Scores of different versions are not compared.")
    url = serializers.CharField(help_text="How we score, in words.")


class UseCaseOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    overall = serializers.DecimalField(
        max_digits=3, decimal_places=1, allow_null=True, help_text="Out of 10; null while too little is scored."
    )
    missing = serializers.ListField(child=serializers.CharField(), help_text="Criteria that count and have no score.")


class CriterionOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    score = serializers.DecimalField(max_digits=3, decimal_places=1, help_text="Out of 10.")
    evidence = serializers.CharField(help_text="What was heard, measured or read.")
    evidence_url = serializers.CharField(help_text="May be empty.")
    tester = serializers.CharField(help_text="Empty when nobody had the product in hand.")
    scored_on = serializers.DateField()


class ScoresOut(serializers.Serializer[Any]):
    product = serializers.CharField(help_text="The product's slug.")
    method = MethodOut(allow_null=True, help_text="Null as long as there is no method.")
    use_cases = UseCaseOut(many=True, help_text="Empty when nothing of the product is scored.")
    criteria = CriterionOut(many=True)


class ProductScores(KnownParameters):
    """What a product got by the method in force."""

    @extend_schema(responses=ScoresOut)
    def get(self, request: Request, slug: str) -> Response:
        product = get_object_or_404(selectors.products(), slug=slug)
        method = active_method()
        said: dict[str, Any] = {"product": product.slug, "method": None, "use_cases": [], "criteria": []}
        if method is not None:
            said |= _scored(method, product.pk)
        return Response(ScoresOut(said).data)


def _scored(method: Method, product_id: int) -> dict[str, Any]:
    rows = scores_of_product(method, product_id)
    found: dict[str, Any] = {"method": {"version": method.number, "url": settings.SITE_URL + reverse("method")}}
    if not rows:
        return found
    found["use_cases"] = [
        {"key": case.key, "name": case.label, "overall": one.value, "missing": list(one.missing)}
        for case in method.use_cases
        for one in overalls_of({product_id: rows}, case, [product_id]).values()
    ]
    found["criteria"] = [
        {
            "key": criterion.key,
            "name": criterion.label,
            "score": row.value,
            "evidence": row.evidence,
            "evidence_url": row.evidence_url,
            "tester": row.tester.name if row.tester else "",
            "scored_on": row.scored_on,
        }
        for criterion in method.criteria
        if (row := rows.get(criterion.key))
    ]
    return found
