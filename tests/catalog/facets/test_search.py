"""What readers type finds what they mean, and they are told what was made of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalog.facets import answer
from catalog.facets.asked import Asked, Found, Reading
from catalog.facets.index import Index
from catalog.facets.rows import ProductRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(pk: int, brand: str, model: str, *, codes: tuple[str, ...] = (), **values: tuple[str, ...]) -> ProductRow:
    return ProductRow(id=pk, brand=brand.lower(), brand_name=brand, model=model, codes=codes, values=values)


ROWS = (
    row(1, "Sony", "WH-1000XM5", codes=("4548736132610", "WH1000XM5/B"), anc=("yes",), kind=("headphones",)),
    row(2, "Sony", "WH-1000XM4", anc=("yes",), kind=("headphones",)),
    row(3, "Sony", "WH-1000XM5 Case"),
    row(4, "Sony", "LinkBuds", form_factor=("in-ear",), kind=("headphones",)),
    row(5, "Bose", "QuietComfort 45", anc=("yes",), kind=("headphones",)),
    row(6, "Bose", "Noise Cancelling Headphones 700", kind=("headphones",)),
    row(7, "Sennheiser", "HD 600", kind=("headphones",), enclosure=("open",)),
    row(8, "Sennheiser", "HD 6000"),
    row(9, "Bang & Olufsen", "Beoplay H95", kind=("headphones",)),
    row(10, "Razer", "Kraken", type=("gaming",), kind=("headset",)),
    row(11, "Apple", "AirPods Max", kind=("headphones",)),
    row(12, "Apple", "AirPods", form_factor=("earbud",), kind=("headphones",)),
    row(13, "Nokia", "Airpod Stand"),
    row(14, "Soundcore", "Q20", kind=("headphones",)),
    row(15, "Soundcore", "Q20+", kind=("headphones",)),
)
INDEX = Index.of(ROWS, {}, NOW)


def found(words: str) -> Found:
    return answer.find(INDEX, Asked(words=words, sort="match"), start=0, size=20)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("WH1000XM5", (1, 3)),
        ("wh 1000 xm5", (1, 3)),
        ("WH-1000XM5", (1, 3)),
        ("sony wh‑1000xm5", (1, 3)),
        ("1000xm4", (2,)),
        ("wh1000", (2, 1, 3)),
        ("wh-1000xm", (2, 1, 3)),
        ("sonywh1000xm4", (2,)),
        ("link buds", (4,)),
        ("qc45", (5,)),
        ("boseqc45", (5,)),
        ("hd600", (7, 8)),
        ("hd 600", (7, 8)),
        ("hd 600 sennheiser", (7,)),
        ("b&o h95", (9,)),
        ("bang and olufsen", (9,)),
        ("4548736132610", (1,)),
        ("04548736132610", (1,)),
        ("454873613", (1,)),
        ("wh1000xm5/b", (1,)),
        ("noise cancelling headphones 700", (6,)),
        ("Q20+", (15,)),
        ("q20", (14, 15)),
        ("airpods", (12, 11)),
    ],
)
def test_a_model_is_found_however_its_name_is_written_the_exact_one_first(words: str, ids: tuple[int, ...]) -> None:
    answered = found(words)
    assert answered.ids[: len(ids)] == ids
    assert answered.reading.corrected == ()
    assert answered.reading.ignored == ()


@pytest.mark.parametrize(
    ("words", "first", "corrected"),
    [
        ("sonny", 4, (("sonny", "sony"),)),
        ("senheiser hd600", 7, (("senheiser", "sennheiser"),)),
        ("Quitecomfort", 5, (("Quitecomfort", "quietcomfort"),)),
        ("wh-1000mx5", 1, (("wh-1000mx5", "wh1000xm5"),)),
        ("apple airpod max", 11, (("airpod", "airpods"),)),
        ("senhe", 7, (("senhe", "sennheiser"),)),
    ],
)
def test_a_typing_error_is_read_as_the_nearest_word_and_told(
    words: str, first: int, corrected: tuple[tuple[str, str], ...]
) -> None:
    answered = found(words)
    assert answered.ids[0] == first
    assert answered.reading.corrected == corrected


def test_another_number_is_another_model_and_never_a_typing_error() -> None:
    assert found("wh1000xm7").count == 0
    assert found("hd650").reading == Reading(ignored=("hd650",))


@pytest.mark.parametrize(
    ("words", "ids", "meant"),
    [
        ("earbuds", {4, 12}, (("earbuds", "In-ear"),)),
        ("in ear", {4, 12}, (("in ear", "In-ear"),)),
        ("noise-canceling", {1, 2, 5}, (("noise-canceling", "Active noise cancelling"),)),
        ("noise cancelling", {1, 2, 5, 6}, (("noise cancelling", "Active noise cancelling"),)),
        ("sony anc", {1, 2}, (("anc", "Active noise cancelling"),)),
        ("the best open back", {7}, (("open back", "Open back"),)),
        ("headphones for gaming", {10}, (("gaming", "Gaming headsets"),)),
        ("bluetoth", set(), (("bluetooth", "Bluetooth"),)),
    ],
)
def test_a_word_that_means_a_choice_finds_what_has_it(
    words: str, ids: set[int], meant: tuple[tuple[str, str], ...]
) -> None:
    if words == "bluetoth":  # nothing here has it, so nothing is read into the word
        assert found(words).reading.ignored == ("bluetoth",)
        return
    answered = found(words)
    assert set(answered.ids) == ids
    assert answered.reading.meant == meant


def test_words_in_quotation_marks_are_taken_as_they_are_written() -> None:
    assert found('"earbuds"').count == 0
    assert found('"sonny"').reading == Reading(ignored=("sonny",))
    assert found('"wh-1000xm5" sony').ids == (1, 3)


def test_a_word_that_nothing_resembles_is_left_out_and_said_unless_it_is_all_there_is() -> None:
    assert found("sony qwertyuiop").reading.ignored == ("qwertyuiop",)
    assert found("sony qwertyuiop").count == 4
    alone = found("qwertyuiop")
    assert alone.count == 0
    assert [(way.part, way.opens) for way in alone.ways_out] == [("words", len(ROWS))]


def test_only_the_last_word_may_be_unfinished() -> None:
    assert found("sony link").ids == (4,)
    assert found("son linkbuds").reading.ignored == ("son",)


def test_nothing_that_is_typed_is_too_long_or_too_odd() -> None:
    for words in ("x" * 5000, "a " * 500, '"', '""', "´`’", "\x00", "İstanbul ﬁ ½ ①", "日本語", "-" * 99):
        assert found(words).count >= 0
