"""A published guide whose order a draft of the method would turn round."""

from __future__ import annotations

from dataclasses import replace

from catalog.models import Product
from reviews.desk.publishing import publish_article
from reviews.models import Article, MethodVersion
from reviews.services.articles import BlockInput, edit_article
from reviews.services.methods import prepare_version, save_version
from tests.factories import make_article, make_product
from tests.reviews.scored import CRITERIA, USE_CASES, give, make_method


def make_weighed_guide(slug: str = "weighed", *, draft: MethodVersion | None = None) -> tuple[Article, MethodVersion]:
    """Heavy sounds better, Light is carried better; the draft (made here, unless given) lets carrying count more."""
    is_first = draft is None
    mark = "" if is_first else f" {slug}"
    heavy, light = make_product(f"Heavy{mark}"), make_product(f"Light{mark}")
    method = make_method() if is_first else MethodVersion.objects.get(state="active")
    give(method, heavy, sound="9.0", comfort="9.0", carrying="8.0")
    give(method, light, sound="8.0", comfort="8.0", carrying="9.8")
    guide = make_article(
        slug,
        kind="best_of",
        blocks=[BlockInput("disclosure", {}), card(heavy), card(light)],
    )
    guide.use_case = "everyday"
    edit_article(article=guide, blocks=[BlockInput("disclosure", {}), card(heavy), card(light)])
    publish_article(article=guide)
    if draft is None:
        draft = prepare_version()
        wanted = {"sound": 40, "comfort": 20, "carrying": 40}
        save_version(
            version=draft,
            summary="How.",
            change_note="Carrying counts more.",
            criteria=CRITERIA,
            use_cases=(replace(USE_CASES[0], weights=wanted), USE_CASES[1]),
        )
    return guide, draft


def card(product: Product) -> BlockInput:
    return BlockInput("product_card", {"text": "Why."}, products=[product])
