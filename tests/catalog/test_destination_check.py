"""What was seen on the way to an offer, judged; and what is held true after each look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.destination_check import (
    FAILURES,
    Expected,
    Finding,
    Hop,
    Seen,
    Standing,
    State,
    after,
    expected,
    judge,
    next_look,
)
from catalog.destination_page import PageSaid
from catalog.models import Destination
from catalog.networks import NETWORKS
from catalog.reading import Availability
from catalog.targets import destination

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFERED = "https://shop.example/gear/acme-one"


def wanted(network: str = "direct", settings: dict[str, str] | None = None, offered: str = OFFERED) -> Expected:
    hosts = ["shop.example"]
    settings = settings or {}
    tagged = destination(offered, hosts=hosts, merchant="Shop", network=network, settings=settings)
    return expected(
        merchant="Shop", hosts=hosts, offered=offered, names="Acme One", tagged=tagged, payer=NETWORKS[network]
    )


def seen(*addresses: str, status: int = 200, page: PageSaid | None = None, **more: Any) -> Seen:
    way = [Hop(method="GET", address=address, status=302) for address in addresses[:-1]]
    end = Hop(method="GET", address=addresses[-1], status=status)
    return Seen(hops=(*way, end), page=page or PageSaid(headline="Acme One", lines=("Acme One",)), **more)


def test_the_words_are_the_models() -> None:
    assert {state.value for state in State} == set(Destination.State.values)
    assert {state.value for state in FAILURES} == set(Destination.FAILING)


def test_the_item_on_the_shops_host_is_fine() -> None:
    assert judge(seen(OFFERED), wanted()).state is State.FINE


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503])
def test_an_error_is_broken(status: int) -> None:
    finding = judge(seen(OFFERED, status=status), wanted())
    assert finding.state is State.BROKEN
    assert str(status) in finding.detail


@pytest.mark.parametrize("status", [401, 403, 429, 451, 999])
def test_a_shop_that_does_not_let_us_look_is_unknown_and_not_broken(status: int) -> None:
    assert judge(seen(OFFERED, status=status), wanted()).state is State.BARRED


def test_a_page_that_asks_for_a_human_is_unknown_whatever_its_status() -> None:
    for status in (200, 403, 404, 503):
        page = PageSaid(headline="Are you a robot?", is_barrier=True)
        assert judge(seen(OFFERED, status=status, page=page), wanted()).state is State.BARRED


def test_a_page_that_says_it_is_not_there_is_broken_though_it_answers_200() -> None:
    finding = judge(seen(OFFERED, page=PageSaid(is_gone=True, words="Page not found")), wanted())
    assert (finding.state, finding.words) == (State.BROKEN, "Page not found")


@pytest.mark.parametrize("path", ["/", "/de/", "/en-gb", "/index.html", "/home", ""])
def test_the_front_page_instead_of_the_item_is_broken(path: str) -> None:
    finding = judge(seen(OFFERED, f"https://www.shop.example{path}"), wanted())
    assert finding.state is State.BROKEN
    assert "front page" in finding.detail


@pytest.mark.parametrize("path", ["/404", "/errors/404.html", "/not-found/", "/search?q=acme+one", "/sorry.html"])
def test_an_error_page_or_a_search_instead_of_the_item_is_broken(path: str) -> None:
    assert judge(seen(OFFERED, f"https://shop.example{path}"), wanted()).state is State.BROKEN


def test_another_address_of_the_same_item_is_fine() -> None:
    for path in ("/en/gear/acme-one-black", "/p/184467", "/gear/acme-one/"):
        page = PageSaid(headline="Acme One – black", lines=("Acme One – black",))
        assert judge(seen(OFFERED, f"https://shop.example{path}", page=page), wanted()).state is State.FINE, path


def test_a_category_that_does_not_name_the_item_is_broken() -> None:
    page = PageSaid(headline="All headphones", lines=("All headphones",))
    assert judge(seen(OFFERED, "https://shop.example/headphones/", page=page), wanted()).state is State.BROKEN


def test_a_foreign_host_at_the_end_is_said_with_what_to_do() -> None:
    finding = judge(seen(OFFERED, "https://parked.example/?d=shop.example"), wanted())
    assert finding.state is State.ELSEWHERE
    assert "parked.example" in finding.detail
    assert "add it to the merchant's hosts" in finding.detail


def test_a_host_that_only_ends_like_the_shops_is_foreign() -> None:
    assert judge(seen("https://notshop.example/gear/acme-one"), wanted()).state is State.ELSEWHERE


@pytest.mark.parametrize("stock", [Availability.OUT_OF_STOCK, Availability.DISCONTINUED])
def test_sold_out_is_said_by_the_page(stock: Availability) -> None:
    finding = judge(seen(OFFERED, page=PageSaid(availability=stock, words="Ausverkauft")), wanted())
    assert (finding.state, finding.words) == (State.SOLD_OUT, "Ausverkauft")


def test_our_parameter_must_be_there_at_the_end() -> None:
    ours = wanted("direct", {"parameter": "ref", "value": "earmark"})
    assert judge(seen(f"{OFFERED}?ref=earmark"), ours).state is State.FINE
    lost = judge(seen(f"{OFFERED}?ref=earmark", f"{OFFERED}"), ours)
    assert lost.state is State.UNTAGGED
    assert "ref=earmark" in lost.detail
    stolen = judge(seen(f"{OFFERED}?ref=earmark", f"{OFFERED}?ref=somebody"), ours)
    assert stolen.state is State.UNTAGGED
    assert "became somebody" in stolen.detail


def test_parameters_of_the_shops_own_may_go() -> None:
    ours = wanted("direct", {"parameter": "ref", "value": "earmark"}, offered=f"{OFFERED}?colour=black")
    assert judge(seen(f"{OFFERED}-black?ref=earmark"), ours).state is State.FINE


def test_amazons_tag_is_looked_for_by_its_value() -> None:
    offered = "https://www.amazon.com/dp/B000000001"
    tagged = f"{offered}?tag=earmark-20"
    ours = expected(
        merchant="Amazon",
        hosts=["amazon.com"],
        offered=offered,
        names="Acme One",
        tagged=tagged,
        payer=NETWORKS["amazon"],
    )
    end = "https://www.amazon.com/Acme-One/dp/B000000001"
    assert judge(seen(tagged, f"{end}?tag=earmark-20&th=1"), ours).state is State.FINE
    assert judge(seen(tagged, f"{end}?tag=other-20"), ours).state is State.UNTAGGED
    assert judge(seen(tagged, end), ours).state is State.UNTAGGED


AWIN = {"publisher_id": "123456", "advertiser_id": "789"}
OVER_AWIN = "https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&ued=https%3A%2F%2Fshop.example"


def test_a_network_that_carries_visitors_must_arrive_with_its_own_click_id() -> None:
    ours = wanted("awin", AWIN)
    assert judge(seen(OVER_AWIN, f"{OFFERED}?awc=789_1_abc"), ours).state is State.FINE
    lost = judge(seen(OVER_AWIN, f"{OFFERED}?awc=789_1_abc", OFFERED), ours)
    assert lost.state is State.UNTAGGED
    assert "awc" in lost.detail
    assert judge(seen(OVER_AWIN, f"{OFFERED}?awc="), ours).state is State.UNTAGGED


def test_a_closed_programme_is_not_paid_wherever_the_link_ends() -> None:
    closed = "https://www.awin1.com/closedMerchant.html"
    stuck = judge(seen(OVER_AWIN, closed), wanted("awin", AWIN))
    assert stuck.state is State.ELSEWHERE
    assert "Not paid" in stuck.detail
    carried_on = judge(seen(OVER_AWIN, closed, f"{OFFERED}?awc=1"), wanted("awin", AWIN))
    assert carried_on.state is State.UNTAGGED


def test_a_link_that_stays_on_the_networks_host_is_no_offer() -> None:
    finding = judge(seen(OVER_AWIN, "https://www.awin1.com/oops"), wanted("awin", AWIN))
    assert finding.state is State.ELSEWHERE
    assert "own host" in finding.detail


def test_a_circle_and_a_host_that_does_not_answer_are_broken() -> None:
    assert judge(seen(OFFERED, OFFERED, is_circle=True), wanted()).state is State.BROKEN
    assert judge(seen(OFFERED, status=0, failure="No connection to shop.example."), wanted()).state is State.BROKEN


def test_what_robots_may_not_see_is_unknown() -> None:
    assert judge(Seen(hops=(), barred="robots.txt asks"), wanted()).state is State.BARRED


# -- two strikes ---------------------------------------------------------------------------------


def finding(state: State) -> Finding:
    return Finding(state=state, detail="")


@pytest.mark.parametrize("state", sorted(FAILURES))
def test_one_look_makes_nothing_more_than_a_suspicion(state: State) -> None:
    once = after(Standing(state=State.FINE), finding(state), now=NOW)
    assert (once.state, once.suspected, once.strikes) == (State.SUSPECT, state, 1)


def test_a_second_look_within_the_hour_is_no_second_strike() -> None:
    once = after(Standing(), finding(State.BROKEN), now=NOW)
    assert after(once, finding(State.BROKEN), now=NOW + HOUR - timedelta(seconds=1)) == once
    twice = after(once, finding(State.BROKEN), now=NOW + HOUR)
    assert (twice.state, twice.strikes, twice.failing_since) == (State.BROKEN, 2, NOW)


def test_a_good_look_between_two_bad_ones_begins_anew() -> None:
    once = after(Standing(), finding(State.BROKEN), now=NOW)
    well = after(once, finding(State.FINE), now=NOW + HOUR)
    assert well == Standing(state=State.FINE)
    assert after(well, finding(State.BROKEN), now=NOW + 2 * HOUR).state is State.SUSPECT


def test_another_kind_of_failure_is_a_first_strike_of_its_own() -> None:
    once = after(Standing(), finding(State.BROKEN), now=NOW)
    other = after(once, finding(State.SOLD_OUT), now=NOW + HOUR)
    assert (other.state, other.suspected) == (State.SUSPECT, State.SOLD_OUT)


def test_a_confirmed_failure_ends_with_one_good_look() -> None:
    failing = Standing(state=State.BROKEN, strikes=2, failing_since=NOW, confirmed_at=NOW + HOUR)
    assert after(failing, finding(State.FINE), now=NOW + 2 * HOUR) == Standing(state=State.FINE)


def test_a_barred_look_teaches_nothing_for_a_week() -> None:
    failing = Standing(state=State.SOLD_OUT, strikes=2, failing_since=NOW, confirmed_at=NOW + HOUR)
    assert after(failing, finding(State.BARRED), now=NOW + timedelta(days=6)) == failing
    assert after(failing, finding(State.BARRED), now=NOW + timedelta(days=8)).state is State.BARRED
    assert after(Standing(state=State.FINE), finding(State.BARRED), now=NOW).state is State.BARRED


def test_a_suspicion_is_looked_at_again_after_its_hour_and_what_bars_us_is_left_alone() -> None:
    def wait(state: State, clicks: float = 0.0) -> timedelta:
        return next_look(Standing(state=state), clicks_a_day=clicks, now=NOW, share=0.0) - NOW

    assert wait(State.SUSPECT) == HOUR
    assert wait(State.SUSPECT) < wait(State.BROKEN) < wait(State.FINE) < wait(State.BARRED)
    assert wait(State.FINE, clicks=5.0) < wait(State.FINE)
