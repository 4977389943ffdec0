from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.asked import Range
from catalog.facets.choices import FACETS, SORTS
from reviews.pages.catalogue.address import READS, Address, read
from reviews.pages.catalogue.question import COLUMNS, FIRST_COLUMNS, WORDS, Question


def asked(query: str) -> Address:
    return read(QueryDict(query))


def today(query: str) -> str:
    """Where the view leads who asks this way."""
    found = asked(query)
    assert found.problems == ()
    return found.question.url


@pytest.mark.parametrize(
    "query",
    [
        "brand=sony&brand=jabra&wireless=yes",
        "wireless=yes&brand=sony,jabra",
        "brand=jabra,sony,jabra&wireless=1&page=1&sort=sold&view=cards",
        "brand=Sony%20,%20JABRA&wireless=on",
        "via=form&q=&brand[]=sony&brand[]=jabra&wireless[]=yes&weight_g-from=&weight_g-to=&sort=sold",
    ],
)
def test_every_spelling_of_a_question_leads_to_one_address(query: str) -> None:
    assert asked(query).is_respelt
    assert today(query) == "/products/?brand=jabra,sony&wireless=yes"


def test_the_one_address_leads_nowhere_else() -> None:
    query = "q=sony&kind=headphones&brand=jabra,sony&price=50-250&weight_g=-250&sort=price&view=table&page=2"
    assert not asked(query).is_respelt
    assert today(query) == f"/products/?{query}"


def test_the_order_of_the_parts_alone_is_no_reason_to_lead_anybody_elsewhere() -> None:
    assert not asked("wireless=yes&brand=sony").is_respelt


def test_addresses_of_former_days_still_ask_the_same() -> None:
    assert today("wireless=1&mic=1&anc=1") == "/products/?mic_grade=communication&anc=yes&wireless=yes"
    assert today("mic=0&wireless=0") == "/products/"
    assert today("kind=headset&type=gaming&brand=sony") == "/products/?kind=headset&type=gaming&brand=sony"


def test_a_range_is_asked_for_by_two_fields_and_written_as_one() -> None:
    assert today("via=form&weight_g-from=100&weight_g-to=250.0") == "/products/?weight_g=100-250"
    assert today("weight_g-from=100&weight_g-to=") == "/products/?weight_g=100-"
    assert today("price-to=99.90") == "/products/?price=-99.9"
    assert asked("weight_g=100-250").question.ranges == {"weight_g": Range(low=Decimal(100), high=Decimal(250))}


def test_a_range_from_more_to_less_is_turned_round_and_said() -> None:
    found = asked("weight_g=250-100")
    assert found.question.ranges["weight_g"] == Range(low=Decimal(100), high=Decimal(250))
    assert found.problems == ("Weight: from 250 to 100 fits nothing; it was read the other way round.",)


def test_nonsense_is_named_with_what_to_do_and_the_rest_is_asked() -> None:
    found = asked("kind=hat&anc=maybe&weight_g=heavy&sort=commission&view=pile&cols=taste&page=x&type=gaming")
    assert found.question == Question(choices={"type": ("gaming",)})
    assert found.problems == (
        "Kind cannot be “hat”. Choose one of those in the list of filters.",
        "Active noise cancelling cannot be “maybe”. Write anc=yes or anc=no.",
        "Weight cannot be “heavy”. Write weight_g=100-250, weight_g=100- (from) or weight_g=-250 (up to).",
        "Products cannot be sorted by “commission”. Choose an order from the list above them.",
        "There is no view “pile”: it is cards or table.",
        "There is no column “taste”.",
        "There is no page “x”; this is the first one.",
    )
    # who is led elsewhere would not read it
    assert not found.is_respelt


@pytest.mark.parametrize("number", ["0", "-1", "²", "9" * 5000])
def test_a_page_number_that_is_none_is_the_first(number: str) -> None:
    found = asked(f"page={number}")
    assert found.question.number == 1
    assert len(found.problems) == 1


def test_words_are_cleaned_and_cut() -> None:
    assert asked("q=%20wh%00%20%201000").question.words == "wh 1000"
    found = asked("q=" + "a" * 500)
    assert len(found.question.words) == 80
    assert found.problems == ("Only the first 80 signs of the words were looked for.",)


def test_the_order_that_suits_the_words_is_not_written() -> None:
    assert today("q=sony&sort=match") == "/products/?q=sony"
    assert today("sort=match") == "/products/"
    assert today("q=sony&sort=sold") == "/products/?q=sony&sort=sold"
    assert asked("q=sony&sort=sold").question.without(WORDS).url == "/products/"


def test_chosen_columns_stand_in_the_order_of_the_table() -> None:
    assert today("view=table&cols[]=weight_g&cols[]=score") == "/products/?view=table&cols=score,weight_g"
    assert today(f"cols={','.join(FIRST_COLUMNS)}") == "/products/"


def test_a_choice_is_taken_away_alone_and_the_list_begins_anew() -> None:
    question = asked("brand=jabra,sony&anc=yes&weight_g=-250&page=3").question
    assert question.without("brand", "sony").url == "/products/?brand=jabra&weight_g=-250&anc=yes"
    assert question.without("brand").url == "/products/?weight_g=-250&anc=yes"
    assert question.without("weight_g").url == "/products/?brand=jabra,sony&anc=yes"


_RANGES = st.builds(
    lambda low, more: Range(low=low, high=None if low is None and more is None else (low or Decimal(0)) + (more or 0)),
    st.none() | st.decimals(0, 9999, places=1),
    st.none() | st.decimals(0, 9999, places=1),
)
_SLUGS = st.text("abc019", min_size=1, max_size=9)
_OTHER_COLUMNS = tuple(key for key in COLUMNS if key not in FIRST_COLUMNS)
_VALUES = {
    facet.key: st.lists(
        st.sampled_from([value for value, _ in facet.values]) if facet.values else _SLUGS,
        min_size=1,
        max_size=3,
        unique=True,
    ).map(lambda values: tuple(sorted(values)))
    for facet in FACETS
    if not facet.sort.is_range
}
QUESTIONS = st.builds(
    Question,
    words=st.text('abc 1-+"é&=,', max_size=12).map(lambda text: " ".join(text.split())),
    choices=st.fixed_dictionaries({}, optional=_VALUES),
    ranges=st.fixed_dictionaries({}, optional={f.key: _RANGES for f in FACETS if f.sort.is_range}).map(
        lambda ranges: {key: one for key, one in ranges.items() if one != Range()}
    ),
    sort=st.sampled_from(["", *(key for key in SORTS if key not in {"sold", "match"}), "score:calls"]),
    is_table=st.booleans(),
    columns=st.lists(st.sampled_from(_OTHER_COLUMNS), max_size=5, unique=True).map(
        lambda keys: tuple(key for key in COLUMNS if key in keys)
    ),
    number=st.integers(1, 400),
)


@given(QUESTIONS)
def test_what_an_address_says_is_read_back_from_it(question: Question) -> None:
    found = asked(urlsplit(question.url).query)
    assert found.question == question
    assert found.problems == ()
    assert not found.is_respelt


def test_the_page_cache_lets_through_whatever_is_read() -> None:
    everything = Question(
        words="a",
        choices={facet.key: ("yes",) for facet in FACETS if not facet.sort.is_range},
        ranges={facet.key: Range(low=Decimal(1)) for facet in FACETS if facet.sort.is_range},
        sort="name",
        is_table=True,
        columns=("type",),
        number=2,
    )
    assert {name for name, _ in everything.pairs()} <= set(READS)
