from __future__ import annotations

import gzip
import io
import zipfile
from decimal import Decimal

import pytest

from catalog.reading import Reading, Unreadable
from catalog.sources.base import SourceError
from tests.catalog.sources.feeds import PAYLOADS, Bytes, item, only, read, walk

ROW = 'id,title,price\nA,Köpfhörer „Größe“,"1.299,00 EUR"\n'


def amounts(found: list[Reading | Unreadable]) -> dict[str, str]:
    return {said.sku: str(said.amount) for said in found if isinstance(said, Reading)}


def test_reads_tsv_with_inch_signs_and_stray_quotation_marks() -> None:
    found = read((PAYLOADS / "feed.tsv").read_bytes())
    assert amounts(found) == {"TS-1": "59.99", "TS-2": "79.00", "TS-3": "19.99"}
    titles = [said.title for said in found if isinstance(said, Reading)]
    assert titles == ['24" boom arm headset', 'Quoted "best" headset', '"Lenovo stray mark']


def test_reads_csv_with_semicolons_and_lines_inside_quotes_and_spoils_one_row_only() -> None:
    found = read((PAYLOADS / "feed_semicolons.csv").read_bytes())
    assert amounts(found) == {"CS-1": "99.99", "CS-2": "10000.00", "CS-4": "1250.50"}
    broken = [said for said in found if isinstance(said, Unreadable)]
    assert [said.sku for said in broken] == [""]
    assert broken[0].reason == "In line 5: Its quotation marks do not match."
    assert broken[0].raw.startswith('CS-3;"kaputt" hier')


def test_a_quotation_mark_that_never_closes_does_not_swallow_the_feed() -> None:
    rows = [f"K{number},title,{number + 1} USD" for number in range(500)]
    rows[100] = 'K100,"never closed,101 USD'
    found = read("id,title,price\n" + "\n".join(rows))
    assert len(amounts(found)) == 499
    assert [said.reason for said in found if isinstance(said, Unreadable)] == [
        "In line 102: Its quotation marks do not match."
    ]


def test_a_row_with_too_many_fields_is_not_guessed_at() -> None:
    found = read("id,title,price\nA,Headset, black,99 USD\nB,Headset,98 USD,,\n")
    assert amounts(found) == {"B": "98.00"}
    assert isinstance(found[0], Unreadable)
    assert "4 fields where the header names 3" in found[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_reads_tables_in_every_usual_encoding(encoding: str) -> None:
    reading = only(read(ROW.encode(encoding), "A"))
    assert (reading.title, reading.amount) == ("Köpfhörer „Größe“", Decimal("1299.00"))


def test_reads_latin_1_and_the_utf_8_that_calls_itself_latin_1() -> None:
    plain = ROW.replace("„", "<").replace("“", ">")
    header = {"content-type": "text/csv; charset=ISO-8859-1"}
    for encoding in ("iso-8859-1", "utf-8"):
        assert only(read(plain.encode(encoding), "A", headers=header)).title == "Köpfhörer <Größe>"


def test_a_table_that_declares_utf_8_and_is_not_keeps_what_came_before_and_names_the_place() -> None:
    body = b"id,title,price\nA,fine,1 USD\nB,K\xf6pf,2 USD\nC,fine,3 USD\n"
    door = Bytes(body, {"content-type": "text/csv; charset=utf-8"})
    found, error = walk(door, "A", "C")
    assert [said.sku for said in found] == ["A"]
    assert "byte 0xf6 at offset 31, line 3" in str(error)
    assert "`encoding`" in str(error)


def test_an_encoding_that_is_set_goes_before_the_declared_one() -> None:
    body = ROW.encode("windows-1252")
    header = {"content-type": "text/csv; charset=utf-8"}
    assert "Größe" in only(read(body, "A", headers=header, encoding="windows-1252")).title


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("UTF-16", "utf-16"), ("windows-1252", "windows-1252")],
)
def test_reads_xml_in_the_encoding_it_declares(declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + item({"id": "A", "price": "1 EUR", "title": "Größe"})
    assert only(read(text.encode(encoding), "A")).title == "Größe"


def test_xml_in_another_encoding_than_declared_is_an_error_with_advice_and_can_be_set_right() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>' + item({"id": "A", "price": "1 EUR", "title": "Größe"})
    with pytest.raises(SourceError, match=r"not in the encoding it declares.*`encoding`"):
        read(text.encode("windows-1252"), "A")
    assert only(read(text.encode("windows-1252"), "A", encoding="windows-1252")).title == "Größe"


def test_blanks_before_the_xml_declaration_are_forgiven() -> None:
    assert only(read('\n  <?xml version="1.0"?>' + item({"id": "A", "price": "1 EUR"}), "A")).currency == "EUR"


def test_unpacks_gzip_and_zip_whatever_they_are_called() -> None:
    body = (PAYLOADS / "feed_rss.xml").read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("feed.xml", body)
    for packed in (gzip.compress(body), archive.getvalue()):
        assert only(read(packed, "KL-100")).amount == Decimal("1299.00")


@pytest.mark.parametrize(
    ("body", "why", "permanent"),
    [
        (b"", "is empty", False),
        (b" \n ", "is empty", False),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "web page came instead", False),
        (b"<html><head><title>503</title>", "web page came instead", False),
        (b'{"products": []}', "JSON", True),
        (b"<rss><channel></channel></rss>", "holds no items", False),
        (b"just some words\nand more", "names no `price` column", False),
        (b"id,price\r1,2 USD\r", "names no `price` column", False),
        (b"id,title,link\n1,2,3\n", "names no `price` column", False),
        (b"BZh91AY&SY", "packed in a way", True),
        (gzip.compress(b"x" * 100_000, mtime=0)[:60], "cut short or damaged", False),
        (b"PK\x03\x04 not a zip", "cut short or damaged", False),
    ],
)
def test_says_what_is_wrong_with_what_is_no_feed(body: bytes, why: str, permanent: bool) -> None:
    found, error = walk(Bytes(body), "A")
    assert found == []
    assert why in str(error)
    assert error.permanent is permanent


def test_xml_that_breaks_midway_keeps_what_came_before_and_names_the_line() -> None:
    body = (PAYLOADS / "feed_rss.xml").read_bytes()
    broken = body.replace(b"<title>Nordton Free</title>", b"<title>Nordton <Free</title>")
    found, error = walk(Bytes(broken), "KL-100", "KL-200", "KL-300")
    assert [said.sku for said in found] == ["KL-100", "KL-200"]
    assert "breaks at line 33" in str(error)
    assert not error.permanent


def test_a_prefix_that_was_never_declared_is_named() -> None:
    body = "<rss><channel><item><g:id>A</g:id><g:price>1 USD</g:price></item></channel></rss>"
    _, error = walk(Bytes(body.encode()), "A")
    assert "Namespace prefix g" in str(error)


def test_xml_that_is_cut_off_keeps_what_came_before() -> None:
    body = (PAYLOADS / "feed_rss.xml").read_bytes()
    found, _ = walk(Bytes(body[: body.index(b"KL-300")]), "KL-100", "KL-300")
    assert [said.sku for said in found] == ["KL-100"]


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE r [<!ENTITY l0 "lol">{entities}]>' + item({"id": "A", "price": "1 &l9; USD"})
    found, error = walk(Bytes(body.encode()), "A")
    assert found == []
    assert "amplification" in str(error)


def test_a_price_is_never_cut_at_an_entity() -> None:
    body = '<!DOCTYPE r [<!ENTITY cents "99">]>' + item({"id": "A", "price": "1&cents; USD"})
    assert isinstance(read(body, "A")[0], Unreadable)


def test_an_entity_never_reads_a_file() -> None:
    body = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + item(
        {"id": "A", "price": "1 USD", "title": "&x;"}
    )
    assert "root:" not in only(read(body, "A")).title


def test_a_packed_feed_that_unpacks_past_the_limit_is_refused() -> None:
    bomb = gzip.compress(b"id,price\n" + b"A,1 USD\n" * 400_000)
    found, error = walk(Bytes(bomb), "A", max_mb="1")
    assert found == []
    assert "unpacks to more than 1 MB" in str(error)
    assert error.permanent


def test_an_unknown_encoding_is_named() -> None:
    for body in (item({"id": "A", "price": "1 USD"}).encode(), ROW.encode()):
        _, error = walk(Bytes(body), "A", encoding="klingon-1")
        assert "klingon-1" in str(error)
        assert error.permanent
