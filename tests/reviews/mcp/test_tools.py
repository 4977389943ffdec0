"""What assistants are told, and how they are refused: the tools on the database, without a transport."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Product
from catalog.placements import place_of
from reviews.mcp import server
from reviews.mcp.arguments import RefusedError
from reviews.mcp.tools import BY_NAME, TOOLS
from reviews.places import place_words
from tests.factories import make_merchant, make_product, make_published_article, make_review, make_seen_offer
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def ask(tool: str, **given: Any) -> dict[str, Any]:
    return server.plain(BY_NAME[tool].told(given, now=timezone.now()))


def refusal(tool: str, **given: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        ask(tool, **given)
    return str(refused.value)


def headset(model: str, **specs: Any) -> Product:
    return make_product(model, specs={"form_factor": "over-ear", "wireless": True, **specs}, kind="headphones")


def place_in(url: str) -> str:
    return place_of(url.partition("?p=")[2])


def test_products_are_found_by_words_and_specs_and_their_links_say_that_they_stood_with_an_assistant() -> None:
    light = headset("Light", weight_g=180)
    headset("Heavy", weight_g=390)
    make_seen_offer(light, make_merchant(api_allowed=True), amount="79.50")
    answer = ask("find_products", words="acme", filters={"weight_g": "-250"})
    assert [one["slug"] for one in answer["products"]] == ["acme-light"]
    assert (answer["count"], answer["pages"]) == (1, 1)
    offer = answer["products"][0]["best_offer"]
    assert offer["price"]["amount"] == "79.50"
    assert offer["url"].startswith("http://127.0.0.1:8000/go/")
    assert place_in(offer["url"]) == "lassistant.found.1"
    words = place_words(["lassistant.found.1"])["lassistant.found.1"]
    assert words.text == "An assistant (MCP) › What was found › 1st"
    assert not words.is_gone


def test_an_empty_list_says_what_to_leave_out() -> None:
    headset("Light", weight_g=180)
    answer = ask("find_products", words="light", filters={"weight_g": "-100"})
    assert answer["count"] == 0
    assert {"leave_out": "weight_g", "opens": 1} in answer["ways_out"]


def test_no_filter_and_no_order_can_tell_what_the_terms_keep_from_machines() -> None:
    said = refusal("find_products", filters={"price": "-100"}, sort="price")
    assert "`filters.price`: there is no such filter" in said
    assert "cannot be sorted by “price”" in said
    assert "stock" not in json.dumps(BY_NAME["find_products"].takes.model_json_schema())


@pytest.mark.parametrize(("allowed", "amount"), [(True, "187.31"), (False, None)])
def test_a_price_is_told_only_where_the_terms_let_an_api_tell_it(allowed: bool, amount: str | None) -> None:
    one, two = headset("One"), headset("Two")
    shop = make_merchant(api_allowed=allowed, disclaimer="As of then.", link_label="See it at the shop")
    make_seen_offer(one, shop, amount="187.31")
    make_seen_offer(two, shop, amount="187.31")
    needs = {"activities": [{"name": "music", "weight": 1}]}
    found = [
        ask("find_products", words="one")["products"][0]["best_offer"],
        ask("read_product", slug="acme-one")["offers"][0],
        ask("compare", slugs=["acme-one", "acme-two"])["products"][0]["offers"][0],
        ask("recommend", needs=needs)["products"][0]["offers"][0],
    ]
    for offer in found:
        assert (offer["price"] and offer["price"]["amount"]) == amount
        assert (offer["price_unavailable_because"] == "terms") is not allowed
        assert offer["link_label"] == "See it at the shop"
        assert offer["disclaimer"] == "As of then."
    places = [place_in(offer["url"]) for offer in found]
    assert places == ["lassistant.found.1", "lassistant.products.1", "lassistant.compared.1", "lassistant.advised.1"]


def test_one_product_comes_with_specs_scores_and_the_articles_that_show_it() -> None:
    product = headset("One", weight_g=250)
    make_review(product)
    give(make_method(), product, sound="8.0", comfort="7.0", carrying="6.0")
    answer = ask("read_product", slug="acme-one")
    assert answer["specs"]["weight_g"] is not None
    assert answer["specs"]["anc"] is None, "not known"
    assert answer["scores"]["criteria"][0] == {"label": "Sound", "values": [8.0]}
    assert [one["slug"] for one in answer["articles"]] == ["acme-one-review"]
    assert "commission" in answer["disclosure"]


def test_a_comparison_has_its_rows_in_the_order_asked_for() -> None:
    headset("One", weight_g=250)
    headset("Two", weight_g=200)
    answer = ask("compare", slugs=["acme-two", "acme-one"], only_differences=True)
    rows = {row["label"]: row for group in answer["specs"]["groups"] for row in group["rows"]}
    assert list(rows) == ["Weight"]
    assert [cell["remark"] for cell in rows["Weight"]["values"]] == ["lightest", ""]
    assert answer["url"].endswith("/compare/?products=acme-two,acme-one&only=differences")


def test_advice_cites_its_rules_and_is_the_apis_own(client: Any) -> None:
    headset("One")
    needs = {"activities": [{"name": "calls", "weight": 1}], "mic_need": "required"}
    answer = ask("recommend", needs=needs, why_not="acme-one")
    direct = client.post("/api/v1/recommendations/", {"needs": needs, "why_not": "acme-one"}, "application/json").json()
    assert answer["fired"]
    assert all(reason["because"] for reason in answer["reasons"])
    same = set(direct) - {"as_of", "products"}
    assert {name: answer[name] for name in same} == {name: direct[name] for name in same}
    assert [one["slug"] for one in answer["products"]] == [one["slug"] for one in direct["products"]]


def test_the_next_question_comes_with_its_answers() -> None:
    answer = ask("next_question", text="music on the train")
    assert answer["question"]["answers"]
    again = ask("next_question", text="music on the train", skipped=[answer["question"]["key"]])
    assert again["question"]["key"] != answer["question"]["key"]


def test_articles_are_found_and_read_by_a_former_slug_too() -> None:
    make_published_article("plain", title="Plain words")
    assert ask("find_articles", words="plain")["articles"][0]["resource"] == "earmark://articles/plain"
    assert ask("read_article", slug="plain")["markdown"].startswith("Source: http")
    assert "There is no article `gone`" in refusal("read_article", slug="gone")


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("find_products", {"colour": "red"}, "`colour`: there is no such argument; known are: words, filters"),
        ("find_products", {"filters": {"form_factor": "square"}}, "cannot be “square”"),
        ("find_products", {"page": 0}, "`page`: Input should be greater than or equal to 1"),
        ("find_products", {"country": "ZZ"}, "is no country code"),
        ("find_products", {"currency": "XXX"}, "there are no prices in `XXX`"),
        ("read_product", {}, "`slug` is missing"),
        ("read_product", {"slug": "acme-onne"}, "There is no product `acme-onne`. Did you mean `acme-one`?"),
        ("compare", {"slugs": ["acme-one"]}, "at least 2 items"),
        ("compare", {"slugs": ["acme-one", "acme-one"]}, "more than once"),
        ("compare", {"slugs": [f"x{n}" for n in range(5)]}, "at most 4 items"),
        ("recommend", {"needs": {"mic_need": "some"}}, "`needs.mic_need`"),
        ("recommend", {"give_up": ["everything"]}, "`give_up`"),
        ("recommend", {"needs": {}, "why_not": "no slug!"}, "`why_not`"),
        ("next_question", {"skipped": ["what"]}, "`skipped`"),
        ("find_articles", {"words": ""}, "`words`"),
    ],
)
def test_what_does_not_fit_is_said_kindly_and_by_name(tool: str, given: dict[str, Any], said: str) -> None:
    headset("One")
    assert said in refusal(tool, **given)


def test_no_tool_writes() -> None:
    headset("One")
    headset("Two")
    make_review(Product.objects.get(slug="acme-one"))
    calls: dict[str, dict[str, Any]] = {
        "find_articles": {"words": "one"},
        "read_article": {"slug": "acme-one-review"},
        "find_products": {"words": "one"},
        "read_product": {"slug": "acme-one"},
        "compare": {"slugs": ["acme-one", "acme-two"]},
        "recommend": {"text": "music on the train"},
        "next_question": {"text": "music"},
    }
    assert set(calls) == {tool.name for tool in TOOLS}, "a new tool has to be tried here"
    with CaptureQueriesContext(connection) as captured:
        for tool, given in calls.items():
            ask(tool, **given)
    verbs = {query["sql"].split()[0].strip("(").upper() for query in captured}
    assert verbs <= {"SELECT", "DECLARE"}, verbs
    assert all(shown.annotations and shown.annotations.read_only_hint for shown in map(server._shown, TOOLS))


def test_more_products_ask_no_more_questions() -> None:
    def queries(words: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask("find_products", words=words)
        return len(captured)

    shop = make_merchant()
    for number in range(2):
        make_seen_offer(headset(f"Few {number}"), shop)
    queries("few")
    few = queries("few")
    for number in range(8):
        make_seen_offer(headset(f"Many {number}"), shop)
    queries("many")
    assert queries("many") == few
