"""The result says what would put another product first, what may be kept, and why any product is not first."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
RESULT = "/choose/result/"


def _pair(model: str, amount: str, **specs: Any) -> str:
    product = make_product(
        model, kind="headphones", type="over-ear", specs={"form_factor": "over-ear", "wireless": False, **specs}
    )
    make_seen_offer(product, make_merchant(f"Shop of {model}"), amount=amount)
    return product.slug


def _page(client: Client, **asked: Any) -> str:
    response = client.get(RESULT, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_what_would_put_another_product_first_leads_there(client: Client) -> None:
    _pair("Cheap", "40", high_fidelity=False)
    _pair("Dear", "55", high_fidelity=True, comfort_long_wear=True)
    html = _page(client, do="music", budget="50", currency="USD")
    assert "What would put another product first" in html
    assert "With 10 % more to spend" in html


def test_why_a_product_is_not_in_the_list_is_said_with_the_change_that_helps(client: Client) -> None:
    _pair("Cheap", "40")
    slug = _pair("Dear", "55", high_fidelity=True, comfort_long_wear=True)
    html = _page(client, do="music", budget="50", currency="USD", why=slug)
    assert "It costs more than your budget." in html
    assert "With 10 % more to spend, it would come first." in html


def test_the_first_choice_is_told_to_be_it_and_a_stranger_not_known(client: Client) -> None:
    slug = _pair("Only", "40")
    assert "is our first choice" in _page(client, do="music", why=slug)
    assert "We know no product “nobody knows”" in _page(client, do="music", why="nobody-knows")


def test_an_address_may_be_pasted_whole_and_nonsense_is_named(client: Client) -> None:
    slug = _pair("Only", "40")
    assert "is our first choice" in _page(client, do="music", why=f"https://site.example/products/{slug}/")
    assert "is our first choice" in _page(client, do="music", why=slug.replace("-", " ").title())
    assert "names no product" in _page(client, do="music", why="<b>")


def test_words_that_name_one_product_are_that_product(client: Client) -> None:
    _pair("Alpha 500", "40")
    _pair("Beta 700", "60")
    html = _page(client, do="music", why="beta 700")
    assert "Why the Acme Beta 700" in html
    assert 'value="Acme Beta 700"' in html
    assert "Acme Beta 700" in _page(client, do="music", why="Beta & 700")


def test_words_that_name_several_ask_which_and_lead_to_each(client: Client) -> None:
    slugs = [_pair("Alpha 500", "40"), _pair("Alpha 700", "60")]
    html = _page(client, do="music", why="alpha")
    assert "Which one do you mean?" in html
    asked = html[html.index('id="why-not"') :]
    addresses = re.findall(r'href="(/choose/result/\?[^"]+)#why-not"', asked)
    assert len(addresses) == len(slugs)
    for address in addresses:
        assert "Which one do you mean?" not in client.get(address.replace("&amp;", "&")).content.decode()


def test_a_product_without_a_use_is_asked_for_the_use(client: Client) -> None:
    html = _page(client, why=_pair("Only", "40"))
    assert "Tell us first what it is for." in html
    assert "Best type" not in html
    assert "Prices and stock as of" not in html


def test_every_listed_product_but_the_first_says_why_it_is_not(client: Client) -> None:
    slugs = {_pair(f"M{number}", f"{40 + number}") for number in range(3)}
    html = _page(client, do="music")
    asked = re.findall(r'href="([^"]+)#why-not">Why is it not first', html)
    assert len(asked) == len(slugs) - 1
    for address in asked:
        assert "Why the Acme M" in client.get(address.replace("&amp;", "&")).content.decode()


def test_the_best_fit_stands_at_the_top_and_only_where_it_is_confirmed(client: Client) -> None:
    slug = _pair("Only", "40")
    assert f'Best fit of the models we know: <a href="/products/{slug}/">Acme Only</a>' in _page(client, do="music")
    assert "Best fit of the models we know" not in _page(client, do="music", connection="wireless", quiet="me")


def test_what_would_change_the_best_type_leads_there(client: Client) -> None:
    html = _page(client, do="music")
    found = re.search(r'<a href="([^"]+)">([^<]+, the best type would be ([a-z-]+) headphones)\.</a>', html)
    assert found
    assert f"Best type: {found[3]} headphones" in _without_facets(client.get(found[1].replace("&amp;", "&")))


def _without_facets(response: Any) -> str:
    return re.sub(r"Best type: (?:[a-z-]+, )+", "Best type: ", response.content.decode())


def test_the_address_of_an_answer_gives_it_again(client: Client) -> None:
    _pair("Only", "40")
    html = _page(client, do="music", hours="3")
    found = re.search(r'href="([^"]+)">the address of this answer</a>', html)
    assert found
    assert "v=" in found[1]
    again = client.get(found[1].replace("&amp;", "&")).content.decode()
    assert (
        again[again.index("<h1>") : again.index("Prices and stock")]
        == (html[html.index("<h1>") : html.index("Prices and stock")])
    )


def test_a_desk_in_peace_may_add_a_microphone_instead(client: Client) -> None:
    _pair("Good", "40")
    html = _page(client, do="video_meetings", where="quiet_home", mic="none", budget="150", currency="USD")
    assert "Add a USB microphone" in html
    assert "both together stay within your budget" in html
    assert "rule OWN-32" in html


def test_a_call_centre_is_not_told_to_add_one(client: Client) -> None:
    assert "Add a USB microphone" not in _page(client, do="call_centre")
