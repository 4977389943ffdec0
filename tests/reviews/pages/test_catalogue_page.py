from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facets.asked import Reading
from catalog.market import forget_market
from catalog.product_index import find_products
from catalog.shopper import NOBODY
from reviews.pages.catalogue.address import read
from reviews.pages.catalogue.filters import Filter
from reviews.pages.catalogue.page import PER_PAGE, CataloguePage, catalogue_page
from reviews.pages.catalogue.said import understood
from tests.factories import make_merchant, make_product, make_review, make_seen_offer
from tests.reviews.html import Reader
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def page_of(query: str = "") -> CataloguePage:
    return catalogue_page(read(QueryDict(query)), now=timezone.now())


def filters_of(page: CataloguePage) -> dict[str, Filter]:
    groups = (one for group in page.filter_groups for one in group.filters)
    return {one.key: one for one in (*page.first_filters, *groups)}


def counts(page: CataloguePage, key: str) -> dict[str, int]:
    return {one.value: one.count for one in (*filters_of(page)[key].options, *filters_of(page)[key].more)}


def names(page: CataloguePage) -> list[str]:
    return [hit.card.name for hit in page.hits]


@pytest.fixture
def three() -> None:
    """Two pairs of headphones of Sony and a headset of Jabra."""
    light = {"wireless": True, "anc": True, "weight_g": 250, "mic_grade": "incidental"}
    make_product("Light", brand="Sony", kind="headphones", type="over-ear", specs=light)
    make_product("Heavy", brand="Sony", kind="headphones", type="over-ear", specs={"wireless": False, "weight_g": 400})
    make_product("Call", brand="Jabra", kind="headset", type="business", specs={"wireless": True, "weight_g": 150})


# --- what is found and counted ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_several_values_of_a_facet_widen_and_several_facets_narrow() -> None:
    assert names(page_of("brand=jabra,sony&sort=name")) == ["Jabra Call", "Sony Heavy", "Sony Light"]
    assert names(page_of("brand=jabra,sony&wireless=yes&sort=name")) == ["Jabra Call", "Sony Light"]
    assert names(page_of("weight_g=200-300")) == ["Sony Light"]


@pytest.mark.usefixtures("three")
def test_beside_each_choice_stands_how_many_it_would_show() -> None:
    page = page_of("brand=sony")
    assert counts(page, "brand") == {"sony": 2, "jabra": 1}
    assert counts(page, "kind") == {"headphones": 2, "headset": 0}
    assert counts(page, "wireless") == {"yes": 1, "no": 1}
    assert filters_of(page)["weight_g"].span == "250–400\N{NO-BREAK SPACE}g"


@pytest.mark.usefixtures("three")
def test_a_choice_that_opens_nothing_stays_and_says_so(client: Client) -> None:
    html = client.get("/products/?brand=jabra").content.decode()
    headphones = html[html.index('name="kind[]" value="headphones"') - 60 :][:140]
    assert 'class="none"' in headphones
    assert "<b>0</b>" in headphones


@pytest.mark.usefixtures("three")
def test_what_people_ask_first_stands_open_and_the_rest_in_the_groups_of_the_sheet() -> None:
    page = page_of()
    first = [one.key for one in page.first_filters]
    assert first == ["kind", "type", "brand", "price", "wireless", "anc", "mic_grade", "score", "stock"]
    assert [group.label for group in page.filter_groups][-5:] == [
        "Fit and build",
        "Sound and quiet",
        "Microphone",
        "Connection",
        "In use",
    ]
    everything = [*first, *(one.key for group in page.filter_groups for one in group.filters)]
    assert len(everything) == len(set(everything))


def test_of_many_brands_the_first_stand_open_and_the_rest_behind_a_click(client: Client) -> None:
    for number in range(100):
        make_product("One", brand=f"Brand {number:03}")
    for number in range(3):
        make_product(f"Many {number}", brand="Zeta")
    brand = filters_of(page_of("brand=brand-077"))["brand"]
    assert [one.label for one in brand.options[:2]] == ["Brand 077", "Zeta"]
    assert (len(brand.options), len(brand.more), brand.left_out) == (8, 80, 13)
    assert "/brands/" in client.get("/products/").content.decode()


def test_good_for_a_use_is_by_our_scores_and_they_give_an_order() -> None:
    method = make_method()
    good, poor = make_product("Good"), make_product("Poor")
    give(method, good, sound="8.0", comfort="8.0", carrying="2.0")
    give(method, poor, sound="3.0", comfort="3.0", carrying="9.0")
    page = page_of("use_case=desk")
    assert names(page) == ["Acme Good"]
    assert [(chip.label, chip.value) for chip in page.chips] == [("Good for", "At a desk")]
    by_score = page_of("sort=score:desk")
    assert names(by_score) == ["Acme Good", "Acme Poor"]
    assert [one.label for one in by_score.orders if one.is_chosen] == ["Our score: at a desk"]


# --- the address --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_another_spelling_leads_to_the_one_address_for_good(client: Client) -> None:
    answer = client.get("/products/?wireless=1&brand=sony&brand=jabra")
    assert (answer.status_code, answer["Location"]) == (301, "/products/?brand=jabra,sony&wireless=yes")
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.usefixtures("three")
def test_the_state_is_in_the_address_of_every_link() -> None:
    page = page_of("q=sony&brand=sony&view=table&sort=price")
    assert page.cards_url == "/products/?q=sony&brand=sony&sort=price"
    assert [chip.url for chip in page.chips] == [
        "/products/?brand=sony&sort=price&view=table",
        "/products/?q=sony&sort=price&view=table",
    ]


def test_pages_are_linked_and_keep_what_was_asked() -> None:
    for number in range(PER_PAGE * 6 + 1):
        make_product(f"Model {number:03}", brand="Sony")
    page = page_of("brand=sony")
    assert (page.count, page.page_count, page.first, page.last) == (145, 7, 1, 24)
    assert (page.previous_url, page.next_url) == ("", "/products/?brand=sony&page=2")
    assert [link.number for link in page.pages] == [1, 2, 0, 7]
    assert [link.number for link in page_of("brand=sony&page=4").pages] == [1, 2, 3, 4, 5, 6, 7]
    last = page_of("brand=sony&page=7")
    assert (last.first, last.last, last.next_url) == (145, 145, "")
    assert page_of("brand=sony&page=2").previous_url == "/products/?brand=sony"


@pytest.mark.usefixtures("three")
def test_a_page_past_the_end_says_so_and_links_to_the_last(client: Client) -> None:
    answer = client.get("/products/?page=9")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no page 9: the list has one page." in html
    assert '<a href="/products/">Go to the last one</a>' in html


@pytest.mark.usefixtures("three")
def test_unknown_values_are_named_on_the_page_and_the_rest_still_works(client: Client) -> None:
    html = client.get("/products/?kind=hat<b>&brand=sony&sort=score:fishing").content.decode()
    assert "Kind cannot be “hat&lt;b&gt;”." in html
    assert "There is no use “fishing” to sort by" in html
    assert "2 products" in html
    page = page_of("brand=nonsuch,sony&page=1")
    assert page.problems == ("Brand cannot be “nonsuch”. Choose one of those in the list of filters.",)
    assert page.count == 2


@pytest.mark.usefixtures("three")
def test_only_the_plain_list_is_for_search_engines_and_a_hub_stands_for_its_kind_or_type(client: Client) -> None:
    def of(query: str) -> tuple[bool, str]:
        html = client.get(f"/products/{query}").content.decode()
        canonical = next(one["href"] for one in Reader(html).all("link") if one.get("rel") == "canonical")
        return 'content="noindex"' in html, canonical.split("/", 3)[3]

    assert of("") == (False, "products/")
    assert of("?kind=headset") == (False, "headsets/")
    assert of("?type=business") == (False, "headsets/business/")
    assert of("?kind=headset&type=business") == (False, "headsets/business/")
    assert of("?kind=headset&sort=price") == (True, "products/?kind=headset&sort=price")
    assert of("?brand=sony&wireless=yes") == (True, "products/?brand=sony&wireless=yes")


# --- what is said -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_what_was_asked_stands_above_the_list_and_each_part_can_be_taken_away() -> None:
    page = page_of("q=light&wireless=yes&weight_g=-300&price=50-")
    assert [(chip.label, chip.value) for chip in page.chips] == [
        ("Words", "“light”"),
        ("Price", "from $50.00"),
        ("Weight", "up to 300\N{NO-BREAK SPACE}g"),
        ("Wireless", "Yes"),
    ]


@pytest.mark.usefixtures("three")
def test_an_empty_list_says_which_filter_to_give_up_and_what_that_opens(client: Client) -> None:
    query = "brand=sony&kind=headset&wireless=yes"
    page = page_of(query)
    assert [(way.said, way.opens, way.url) for way in page.exits] == [
        ("Brand: Sony", 1, "/products/?kind=headset&wireless=yes"),
        ("Kind: Headsets", 1, "/products/?brand=sony&wireless=yes"),
    ]
    html = client.get(f"/products/?{query}").content.decode()
    assert "No product fits" in html
    assert "Without Brand: Sony" in html
    assert 'href="/brands/sony/"' in html


@pytest.mark.usefixtures("three")
def test_what_the_search_did_with_the_words_is_said_with_a_way_to_the_letter() -> None:
    question = read(QueryDict("q=sonny earbuds")).question
    found = find_products(question.asked(NOBODY), start=0, size=1, now=timezone.now())
    reading = Reading(corrected=(("sonny", "sony"),), meant=(("earbuds", "In-ear headphones"),), ignored=("zzz",))
    said = understood(question, replace(found, reading=reading))
    assert said is not None
    assert said.corrected == (("sonny", "sony"),)
    assert said.literal_url == "/products/?q=%22sonny+earbuds%22"
    html = render_to_string("reviews/catalogue_said.html", {"page": replace(page_of(), understood=said)})
    assert "Showing results for <strong>sony</strong> (you wrote <em>sonny</em>)" in html
    assert "<em>earbuds</em> was read as <strong>In-ear headphones</strong>" in html
    assert "No product has <em>zzz</em>" in html
    assert understood(question, replace(found, reading=Reading())) is None


@pytest.mark.usefixtures("three")
def test_a_word_that_is_left_out_is_said_so_only_where_something_is_found_without_it(client: Client) -> None:
    some = client.get("/products/?q=sony+zzzqqq").content.decode()
    assert "No product has <em>zzzqqq</em>; it was left out." in some
    assert "Look for exactly what I wrote" in some
    none = client.get("/products/?q=zzzqqq").content.decode()
    assert "No product has <em>zzzqqq</em> or a word like it." in none
    assert "Look for exactly what I wrote" not in none


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("", "Products"),
        ("kind=headset", "Headsets"),
        ("type=over-ear&brand=sony", "Sony over-ear headphones"),
        ("brand=jabra,sony", "Products"),
    ],
)
@pytest.mark.usefixtures("three")
def test_the_heading_is_what_was_asked_first(query: str, headline: str) -> None:
    assert page_of(query).headline == headline


@pytest.mark.usefixtures("three")
def test_best_match_is_an_order_only_where_words_are_looked_for() -> None:
    assert [(one.key, one.label) for one in page_of().orders][:2] == [
        ("", "With offers first"),
        ("price", "Lowest price"),
    ]
    orders = {one.label: one for one in page_of("q=sony").orders}
    assert (orders["Best match"].key, orders["Best match"].is_chosen) == ("", True)
    assert (orders["With offers first"].key, orders["With offers first"].is_chosen) == ("sold", False)


# --- cards, table, comparison -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_a_card_says_what_helps_to_choose_and_nothing_unknown() -> None:
    hits = {hit.card.name: hit.traits for hit in page_of().hits}
    assert hits["Sony Light"] == ("Wireless", "Noise cancelling", "250\N{NO-BREAK SPACE}g")
    assert hits["Sony Heavy"] == ("Wired", "400\N{NO-BREAK SPACE}g")


@pytest.mark.usefixtures("three")
def test_the_table_has_the_columns_that_were_chosen(client: Client) -> None:
    html = client.get("/products/?view=table&cols=score,weight_g&sort=weight_g").content.decode()
    table = html[html.index("<table") : html.index("</table>")]
    assert table.count('<th scope="col"') == 3
    assert 'aria-sort="ascending">Weight' in table
    assert "sort=score" in table
    assert [table.index(name) for name in ("Jabra Call", "Sony Light", "Sony Heavy")] == sorted(
        table.index(name) for name in ("Jabra Call", "Sony Light", "Sony Heavy")
    )
    assert "not scored" in table
    assert "Best offer" not in table


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("view", ["cards", "table"])
def test_what_is_ticked_is_sent_to_the_comparison(client: Client, view: str) -> None:
    html = client.get("/products/" + ("?view=table" if view == "table" else "")).content.decode()
    form = next(one for one in Reader(html).all("form") if one.get("id") == "compare")
    assert form["action"] == "/compare/"
    ticks = [one["value"] for one in Reader(html).all("input") if one.get("name") == "p[]"]
    assert sorted(ticks) == ["jabra-call", "sony-heavy", "sony-light"]


# --- what every page owes -----------------------------------------------------------------------------------------


def test_the_disclosure_stands_before_the_first_paid_link(client: Client) -> None:
    make_seen_offer(make_product(), make_merchant())
    for view in ("", "?view=table"):
        html = client.get(f"/products/{view}").content.decode()
        assert html.index("commission") < html.index('rel="sponsored')


def test_machines_read_what_the_page_shows(client: Client) -> None:
    make_review(make_product("One"))
    make_product("Two")
    reader = Reader(client.get("/products/").content.decode())
    listed = reader.node("ItemList")
    assert listed["numberOfItems"] == 2
    assert [one["name"] for one in listed["itemListElement"]] == names(page_of())
    assert [one["name"] for one in reader.node("BreadcrumbList")["itemListElement"]] == ["Home", "Products"]


@pytest.mark.parametrize("query", ["", "view=table", "q=few&wireless=yes"])
def test_as_many_questions_are_asked_at_two_hundred_products_as_at_two(query: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = page_of(query)
        with CaptureQueriesContext(connection) as rendering:
            render_to_string("reviews/catalogue.html", {"page": page})
        assert len(rendering) == 0
        return len(captured)

    shop, asked = make_merchant(), []
    for start, end in ((0, 2), (2, 20), (20, 200)):
        for number in range(start, end):
            make_seen_offer(make_product(f"Few {number}", specs={"wireless": True}), shop)
        asked.append(queries())
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.django_db
def test_the_list_is_narrowed_by_prices_of_shops_that_may_deliver_there(client: Client) -> None:
    make_seen_offer(make_product("Near"), make_merchant("Home", delivers_to=["US"]), amount="50.00")
    make_seen_offer(make_product("Far"), make_merchant("Both", delivers_to=["DE", "US"]), amount="100.00")
    forget_market()

    def listed(query: str) -> str:
        return client.get(f"/products/?price={query}").content.decode()

    at_home, there = listed("-60&country=US&currency=USD"), listed("-60&country=DE&currency=USD")
    assert "Acme Near" in at_home
    assert "No product fits" in there
    assert "of shops that may deliver to Germany" in there
    assert "Acme Far" in listed("-100&country=DE&currency=USD")
    assert "may deliver to" not in listed("-60")
