"""The demo's guide has every part that a rule names as its explanation, so that no reason links into nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.utils.text import slugify

from recommender.pages.addresses import GUIDE
from recommender.rules import load

ARTICLE = Path(__file__).parents[2] / "demo" / "articles" / f"{GUIDE}.yaml"


def _headings() -> set[str]:
    article = yaml.safe_load(ARTICLE.read_text(encoding="utf-8"))
    found = set()
    for block in article["blocks"]:
        data = block["data"]
        found.add(slugify(data.get("title", "")))
        found |= {slugify(part.split("</h2>")[0]) for part in data.get("html", "").split("<h2>")[1:]}
    return found


@pytest.mark.parametrize("section", sorted({rule.section for rule in load().rules if rule.basis == "seed"}))
def test_every_section_a_rule_names_is_a_heading_of_the_guide(section: str) -> None:
    assert slugify(section) in _headings()
