from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import selectors as catalog
from catalog.models import Product, SpecEvidence
from reviews.pages.compare import ComparePage, compare_page
from reviews.pages.compare_address import Asked
from tests.factories import make_merchant, make_product, make_seen_offer
from tests.reviews.html import Reader, paid_links
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def headphones(model: str, **specs: Any) -> Product:
    return make_product(model, kind="headphones", type="over-ear", specs=specs)


def page_of(*slugs: str, **asked: Any) -> ComparePage:
    wanted = Asked(slugs=slugs, **asked)
    return compare_page(wanted, catalog.products_by_slug(slugs), now=timezone.now())


def html_of(client: Client, query: str) -> str:
    answer = client.get(f"/compare/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def cells(page: ComparePage) -> dict[str, list[tuple[str, str]]]:
    assert page.specs is not None
    return {row.label: [(c.value, c.remark) for c in row.cells] for group in page.specs.groups for row in group.rows}


# --- the address ---------------------------------------------------------------------------------------------------


def test_what_a_form_sends_leads_for_good_to_the_one_spelling_in_the_reader_s_order(client: Client) -> None:
    headphones("One"), headphones("Two")
    answer = client.get("/compare/?p=acme-two&p=acme-one")
    assert answer.status_code == 301
    assert answer["Location"] == "/compare/?products=acme-two,acme-one"


def test_a_merged_record_leads_to_the_one_that_took_it_over_and_the_view_is_kept(client: Client) -> None:
    one, old = headphones("One"), headphones("Old")
    headphones("Two")
    Product.objects.filter(pk=old.pk).update(merged_into=one)
    answer = client.get("/compare/?products=acme-two,acme-old&only=differences")
    assert answer.status_code == 301
    assert answer["Location"] == "/compare/?products=acme-two,acme-one&only=differences"


@pytest.mark.parametrize(
    ("query", "says", "shown"),
    [
        ("products=acme-one,no-such", "There is no product “no-such”", ["Acme One"]),
        ("products=acme-one", "only Acme One is chosen", ["Acme One"]),
        ("products=acme-one,acme-two,acme-one", "shown once: Acme One", ["Acme One", "Acme Two"]),
        ("products=acme-one,acme-two&only=x", "is not understood", ["Acme One", "Acme Two"]),
    ],
)
def test_what_does_not_fit_is_said_and_the_rest_works(client: Client, query: str, says: str, shown: list[str]) -> None:
    headphones("One", weight_g=250), headphones("Two")
    html = html_of(client, query)
    assert says in html
    heads = re.findall(r'<th scope="col"><a href="[^"]+">([^<]+)</a>', html)
    assert heads == shown
    assert '<meta name="robots" content="noindex">' in html


def test_more_than_five_are_cut_and_the_others_named(client: Client) -> None:
    for number in range(1, 8):
        headphones(f"M{number}")
    html = html_of(client, "products=" + ",".join(f"acme-m{number}" for number in range(1, 8)))
    assert "At most 5 fit side by side; left out: Acme M6 and Acme M7." in html
    assert (
        'rel="canonical" href="http://127.0.0.1:8000/compare/?products=acme-m1,acme-m2,acme-m3,acme-m4,acme-m5"' in html
    )
    assert 'id="add-q"' not in html


def test_a_product_that_is_written_as_code_stays_text(client: Client) -> None:
    assert "<script>alert" not in html_of(client, "products=<script>alert(1)</script>&q=<script>alert(2)</script>")


def test_the_bare_page_offers_a_beginning_and_is_found_by_searchers(client: Client) -> None:
    headphones("One")
    html = html_of(client, "")
    assert "/compare/?products=acme-one" in html
    assert "noindex" not in html


def test_moving_and_removing_are_links_that_keep_the_view() -> None:
    headphones("One"), headphones("Two"), headphones("Three")
    page = page_of("acme-one", "acme-two", "acme-three", only_differences=True)
    first, middle, last = page.columns
    assert (first.left_url, last.right_url) == ("", "")
    assert first.right_url == middle.left_url == "/compare/?products=acme-two,acme-one,acme-three&only=differences"
    assert middle.remove_url == "/compare/?products=acme-one,acme-three&only=differences"


# --- the table -----------------------------------------------------------------------------------------------------


def test_the_best_value_is_said_in_a_word_and_a_sign(client: Client) -> None:
    headphones("One", weight_g=Decimal(250)), headphones("Two", weight_g=Decimal(190))
    assert cells(page_of("acme-one", "acme-two"))["Weight"] == [
        ("250\N{NO-BREAK SPACE}g", ""),
        ("190\N{NO-BREAK SPACE}g", "lightest"),
    ]
    assert '<strong class="best">lightest' in html_of(client, "products=acme-one,acme-two")


def test_only_differences_leaves_the_others_out_by_name() -> None:
    headphones("One", weight_g=250, anc=True, foldable=True), headphones("Two", weight_g=190, anc=True)
    page = page_of("acme-one", "acme-two", only_differences=True)
    assert list(cells(page)) == ["Weight"]
    assert page.specs is not None
    assert page.specs.same == ("Active noise cancelling",)
    assert page.specs.open_labels == ("Folds",)
    assert not page.is_indexed


def test_unknown_is_said_in_words_and_what_nobody_knows_is_one_line(client: Client) -> None:
    headphones("One", anc=True), headphones("Two")
    html = html_of(client, "products=acme-one,acme-two")
    assert '<span class="fact-unknown">Unknown</span>' in html
    assert "Not known to us of any of them:" in html
    assert "Unknown does not mean no." in html


def test_kinds_are_compared_only_on_measures_they_share(client: Client) -> None:
    headphones("One", mic_grade="none", high_fidelity=True, mic_noise_cancelling=False)
    make_product("Talk", kind="headset", type="gaming", specs={"mic_mute": True, "mic_grade": "communication"})
    page = page_of("acme-one", "acme-talk")
    assert "Mute switch" not in cells(page)
    assert "Made for critical listening" not in cells(page)
    assert [value for value, _ in cells(page)["Microphone"]] == ["No microphone", "Communication microphone"]
    html = html_of(client, "products=acme-one,acme-talk")
    assert "Only headsets are judged on" in html
    assert "Acme One has none." in html


def test_each_value_says_how_it_is_known(client: Client) -> None:
    one = headphones("One", anc=True, weight_g=Decimal(250), wireless=True, foldable=True)
    headphones("Two")
    for spec, value, measured in (("anc", "", False), ("weight_g", "", True), ("wireless", "No", False)):
        SpecEvidence.objects.create(
            product=one, spec=spec, value=value, source="Maker", checked_on="2026-05-01", is_measured=measured
        )
    page = page_of("acme-one", "acme-two")
    assert page.specs is not None
    known = {row.label: row.cells[0].known_by for group in page.specs.groups for row in group.rows}
    assert known == {
        "Active noise cancelling": "said by a source",
        "Weight": "measured",
        "Wireless": "sources disagree",
        "Folds": "",
    }
    assert "(measured)" in html_of(client, "products=acme-one,acme-two")


def test_scores_are_of_one_method_and_missing_ones_are_said(client: Client) -> None:
    one, two = headphones("One"), headphones("Two")
    method = make_method()
    give(method, one, sound="8.0", comfort="7.0", carrying="6.0")
    give(method, two, sound="9.0")
    page = page_of("acme-one", "acme-two")
    assert page.scores is not None
    assert [(row.label, [cell.score for cell in row.cells]) for row in page.scores.criteria][:2] == [
        ("Sound", [Decimal("8.0"), Decimal("9.0")]),
        ("Comfort", [Decimal("7.0"), None]),
    ]
    assert page.scores.criteria[0].cells[1].remark == "highest"
    html = html_of(client, "products=acme-one,acme-two")
    assert "Not scored" in html
    assert "Too little scored" in html
    assert '<meter min="0" max="10" value="9.0" aria-hidden="true">' in html


def test_the_disclosure_stands_before_the_first_offer_and_each_says_its_place(client: Client) -> None:
    one, two = headphones("One"), headphones("Two")
    shop = make_merchant()
    make_seen_offer(one, shop, amount="99.00"), make_seen_offer(two, shop, amount="149.00")
    make_seen_offer(one, make_merchant("Other"), amount="109.00")
    html = html_of(client, "products=acme-two,acme-one")
    assert html.index("commission") < html.index('rel="sponsored')
    assert [link.place for link in paid_links(html)] == ["lcompare.products.1", "lcompare.products.2"]
    assert "1 more offer" in html


def test_structured_data_lists_what_the_table_shows(client: Client) -> None:
    headphones("One"), headphones("Two")
    listed = Reader(html_of(client, "products=acme-two,acme-one")).node("ItemList")
    assert [item["name"] for item in listed["itemListElement"]] == ["Acme Two", "Acme One"]


# --- adding --------------------------------------------------------------------------------------------------------


def test_a_product_is_found_by_name_and_added_by_a_link(client: Client) -> None:
    headphones("One"), headphones("Two"), headphones("Three")
    html = html_of(client, "products=acme-one&q=thr")
    assert '<a rel="nofollow" href="/compare/?products=acme-one,acme-three">Add Acme Three</a>' in html
    assert "No other product has “xyzzyq”" in html_of(client, "products=acme-one&q=xyzzyq")


def test_others_of_its_type_are_offered_but_none_that_is_there() -> None:
    headphones("One"), headphones("Two"), headphones("Three")
    make_product("Bud", kind="headphones", type="in-ear")
    page = page_of("acme-one", "acme-two")
    assert [one.name for one in page.similar] == ["Acme Three"]


# --- how it is made ------------------------------------------------------------------------------------------------


def test_more_products_ask_no_more_questions_and_the_template_none() -> None:
    shop, method = make_merchant(), make_method()
    for number in range(1, 6):
        product = headphones(f"M{number}", weight_g=200 + number)
        make_seen_offer(product, shop)
        give(method, product, sound="8.0", comfort="7.0", carrying="6.0")
        SpecEvidence.objects.create(product=product, spec="weight_g", source="Maker", checked_on="2026-05-01")

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(*[f"acme-m{number}" for number in range(1, count + 1)])
        return len(captured)

    assert queries(2) == queries(4)
    page = page_of("acme-m1", "acme-m2", "acme-m3")
    with CaptureQueriesContext(connection) as captured:
        render_to_string("reviews/compare.html", {"page": page})
    assert len(captured) == 0


def test_figures_that_are_drawn_are_drawn_for_each_product_by_one_measure(client: Client) -> None:
    headphones("One", weight_g=254), headphones("Two", weight_g=60)
    html = html_of(client, "products=acme-one,acme-two")
    assert html.count('class="spec-picture"') == 2
    assert "four eggs" in html
    assert "an egg." in html
    assert "On the scale" not in html
