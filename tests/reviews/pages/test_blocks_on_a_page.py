"""What blocks need of their page: cards to lead to, live prices, pictures, and a policy that lets a player in."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html as lxml_html
from pytest_django.fixtures import Settings

from catalog.models import Product
from catalog.placements import token
from reviews.desk.gate import inspect
from reviews.models import Article
from reviews.services.articles import BlockInput
from reviews.services.drafts import draft_content
from tests.factories import (
    make_article,
    make_merchant,
    make_product,
    make_published_article,
    make_ready_picture,
    make_seen_offer,
)

pytestmark = pytest.mark.django_db

PEERTUBE = "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv"


def find(page: Any, selector: str) -> list[Any]:
    """`.pick-name a`: what stands in what, by tag, class or id."""
    path = ""
    for part in selector.split():
        match = re.fullmatch(r"(\w*)([.#]?)([\w-]*)", part)
        assert match
        tag, mark, name = match.groups()
        by = {".": f"[contains(concat(' ', @class, ' '), ' {name} ')]", "#": f"[@id='{name}']"}.get(mark, "")
        path += f"//{tag or '*'}{by}"
    found: list[Any] = page.xpath(f".{path}")
    return found


def page_of(client: Client, article: Article) -> Any:
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 200
    return lxml_html.fromstring(answer.content)


def offered(*models: str) -> list[Product]:
    shop = make_merchant("Shop")
    products = [make_product(model) for model in models]
    for product in products:
        make_seen_offer(product, shop)
    return products


def picks_for(products: list[Product]) -> BlockInput:
    rows = [{"label": f"Best {one.model}", "product": one.pk, "line": "In a line."} for one in products]
    return BlockInput("quick_picks", {"title": "Quick picks", "rows": rows})


def costs(slug: str) -> BlockInput:
    return BlockInput("prose", {"html": f'<p>It costs <a href="price:{slug}">little</a>.</p>'})


def test_quick_picks_lead_to_the_cards_on_the_page_and_to_shops_from_places_of_their_own(client: Client) -> None:
    one, two, three = offered("One", "Two", "Three")
    cards = [BlockInput("product_card", {"text": "Why."}, products=[product]) for product in (one, one, two)]
    article = make_published_article("list", kind="best_of", blocks=[picks_for([one, two, three]), *cards])
    page = page_of(client, article)
    leads = [link.get("href") for link in find(page, ".pick-name a")]
    assert leads == ["#card-acme-one", "#card-acme-two", "/products/acme-three/"]
    assert len(find(page, "#card-acme-one")) == len(find(page, "#card-acme-two")) == 1
    links = [link.get("href") for link in find(page, ".pick-offer a.offer-link")]
    # The disclosure that was put on top is the first block.
    assert links[2] == f"/go/acme-three-shop/?p={token(f'a{article.pk}.2.3')}"


def test_a_rejected_product_is_named_and_not_sold(client: Client) -> None:
    (one,) = offered("One")
    rows = [{"product": one.pk, "reason": "It creaks.\n\nTwice."}]
    article = make_published_article(blocks=[BlockInput("considered", {"title": "Left out", "rows": rows})])
    page = page_of(client, article)
    block = find(page, ".block-considered")[0]
    assert find(block, "a")[0].get("href") == "/products/acme-one/"
    assert not [link for link in find(block, "a") if "/go/" in link.get("href")]
    assert [one.text for one in find(block, "li p")][1:] == ["It creaks.", "Twice."]


def test_a_price_in_running_text_is_a_paid_link_with_its_time_behind_a_disclosure(client: Client) -> None:
    (one,) = offered("One")
    article = make_published_article(blocks=[costs(one.slug)])
    page = page_of(client, article)
    link = find(page, ".block-prose a.price-link")[0]
    assert " ".join(link.text_content().split()) == "$99.00 at Shop paid link"
    assert link.get("rel") == "sponsored nofollow noopener"
    assert link.get("href") == f"/go/acme-one-shop/?p={token(f'a{article.pk}.2.1')}"
    text = " ".join(find(page, ".block-prose")[0].text_content().split())
    assert text.startswith("It costs $99.00 at Shop paid link (seen ")
    assert text.endswith("; new).")
    main = find(page, "main")[0].text_content()
    assert main.index("the shop pays us a commission") < main.index("$99.00")


def test_where_terms_keep_the_price_the_text_says_where_to_see_it(client: Client) -> None:
    one = make_product("One")
    make_seen_offer(one, make_merchant("Shop", prices_allowed=False))
    page = page_of(client, make_published_article(blocks=[costs(one.slug)]))
    text = " ".join(find(page, ".block-prose")[0].text_content().split())
    assert text == "It costs see price at Shop paid link (new)."
    assert "99.00" not in page.text_content()


def test_where_nobody_sells_it_the_words_lead_to_the_product(client: Client) -> None:
    one = make_product("One")
    page = page_of(client, make_published_article(blocks=[costs(one.slug)]))
    link = find(page, ".block-prose a")[0]
    assert (link.text, link.get("href")) == ("little", "/products/acme-one/")


def test_a_merged_product_is_priced_and_picked_as_the_one_it_became(client: Client) -> None:
    one, two, three, other = offered("One", "Two", "Three", "Other")
    picks = picks_for([one, two, three])
    article = make_published_article(blocks=[picks, costs(one.slug)])
    Product.objects.filter(pk=one.pk).update(merged_into=other)
    page = page_of(client, article)
    assert find(page, ".pick-name a")[0].text == "Acme Other"
    assert find(page, ".block-prose a.price-link")[0].get("href").startswith("/go/acme-other-shop/")


def test_a_price_of_a_product_we_do_not_have_is_refused_before_it_is_published() -> None:
    article = make_article(blocks=[costs("no-such-thing")])
    found = inspect(article, draft_content(article), now=timezone.now())
    assert any("price:no-such-thing" in str(remark) for remark in found.refusals)


def test_the_page_asks_as_many_questions_at_many_rows_as_at_few(client: Client) -> None:
    products = offered(*(f"No {number}" for number in range(20)))

    def blocks(of: list[Product]) -> list[BlockInput]:
        rows = [{"product": one.pk, "reason": "No."} for one in of[3:]]
        considered = BlockInput("considered", {"title": "Left out", "rows": rows})
        return [picks_for(of[:3]), considered, *(costs(one.slug) for one in of)]

    many, few = (make_published_article(f"of-{len(of)}", blocks=blocks(of)) for of in (products, products[:4]))

    def asked(article: Article) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, article)
        return len(captured)

    assert asked(many) == asked(few) <= 13


# --- videos ------------------------------------------------------------------------------------------------------


def video(**data: Any) -> BlockInput:
    return BlockInput("video", {"address": PEERTUBE, "title": "Three microphones", **data})


def test_only_a_page_with_a_video_lets_its_player_in_and_asks_nothing_of_its_host(client: Client) -> None:
    with_video = make_published_article("with", blocks=[video(), video(address="https://youtu.be/a1B2c3D4e5F")])
    without = make_published_article("without")
    answer = client.get(with_video.get_absolute_url())
    policy = answer["Content-Security-Policy"]
    assert "frame-src https://tube.example https://www.youtube-nocookie.com" in policy
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy
    page = lxml_html.fromstring(answer.content)
    assert not find(page, "iframe")
    assert not [one for one in page.iter() if one.get("src", "").startswith("http")]
    poster = find(page, "a.video-poster")[0]
    assert poster.get("href") == PEERTUBE
    assert [one for one in find(page, "script") if "js/video" in one.get("src", "")]
    plain = client.get(without.get_absolute_url())
    assert "frame-src" not in plain["Content-Security-Policy"]
    assert b"js/video" not in plain.content


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_keeps_its_policy(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    article = make_published_article("kept-video", blocks=[video()])
    first, second = (client.get(article.get_absolute_url()) for _ in range(2))
    assert second["Cache-Status"] == "earmark; hit"
    assert first["Content-Security-Policy"] == second["Content-Security-Policy"]
    assert "frame-src https://tube.example" in second["Content-Security-Policy"]


def nodes(client: Client, article: Article) -> list[dict[str, Any]]:
    scripts = [one for one in find(page_of(client, article), "script") if one.get("type") == "application/ld+json"]
    found: list[dict[str, Any]] = json.loads(scripts[0].text)["@graph"]
    return found


def test_search_engines_hear_of_a_video_only_when_all_they_ask_is_on_the_page(client: Client) -> None:
    picture = make_ready_picture("A kitchen with three microphones", credit="Ada Field")
    whole = video(text="The same sentence.", poster=picture.pk, uploaded_on="2026-05-31", length="1:04:07")
    told = nodes(client, make_published_article("whole", blocks=[whole]))
    (node,) = [one for one in told if one["@type"] == "VideoObject"]
    assert node["name"] == "Three microphones"
    assert node["duration"] == "PT1H4M7S"
    assert node["uploadDate"] == "2026-05-31T00:00:00+00:00"
    assert node["embedUrl"].startswith("https://tube.example/videos/embed/")
    assert [one["creditText"] for one in told if one["@type"] == "ImageObject"] == ["Ada Field"]
    half = nodes(client, make_published_article("half", blocks=[video(text="The same sentence.")]))
    assert not [one for one in half if one["@type"] in ("VideoObject", "ImageObject")]


def test_every_block_s_example_passes_the_gate_together() -> None:
    """Whatever an editor takes from the gallery can be published."""
    from reviews.blocks import BLOCKS

    products = offered("One", "Two", "Three")
    pictures = [make_ready_picture(f"A headset from side {number}") for number in (1, 2, 3)]
    blocks = []
    for key in ("disclosure", *(key for key in BLOCKS if key not in ("disclosure", "scores"))):
        block = BLOCKS[key]
        data = _with_ids(dict(block.example), products, pictures)
        named = products[: max(block.products.minimum, min(1, block.products.maximum))]
        blocks.append(BlockInput(key, data, products=named))
    article = make_article("everything", blocks=blocks)
    found = inspect(article, draft_content(article), now=timezone.now())
    assert [str(remark) for remark in found.refusals] == []


def _with_ids(data: Any, products: list[Product], pictures: list[Any]) -> Any:
    """Examples name products and pictures 1, 2 and 3."""
    if isinstance(data, dict):
        swapped = {}
        for name, value in data.items():
            if name == "product":
                swapped[name] = products[value - 1].pk
            elif name in ("picture", "poster") and isinstance(value, int):
                swapped[name] = pictures[value - 1].pk
            else:
                swapped[name] = _with_ids(value, products, pictures)
        return swapped
    return [_with_ids(one, products, pictures) for one in data] if isinstance(data, list) else data
