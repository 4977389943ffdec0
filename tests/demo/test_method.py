"""The demo's method: two versions that were in use, a draft that would move somebody, and where scores come from."""

from __future__ import annotations

import pytest
from django.utils import timezone

from demo import method, stock
from reviews.models import MethodVersion, Score
from reviews.score_table import active_method, method_of, overalls

pytestmark = pytest.mark.django_db


def test_the_demo_scores_from_published_facts_and_a_second_run_changes_nothing() -> None:
    stock.fill_catalogue()
    assert method.fill_method(now=timezone.now()) == 3
    states = MethodVersion.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["retired", "active", "draft"]
    assert not Score.objects.filter(tester__isnull=False).exists(), "nobody tested anything for the demo"
    assert not Score.objects.filter(evidence="").exists()

    active = active_method()
    assert active is not None
    draft = method_of(MethodVersion.objects.get(state="draft"))
    ids = sorted(set(Score.objects.values_list("product", flat=True)))
    before, after = (overalls(one, one.use_cases[1], ids) for one in (active, draft))
    assert before != after, "the draft moves somebody"

    rows = list(Score.objects.order_by("pk").values())
    assert method.fill_method(now=timezone.now()) == 0
    assert list(Score.objects.order_by("pk").values()) == rows
