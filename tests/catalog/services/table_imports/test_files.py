"""What is no table of ours is refused with a sentence; what is one is read whatever program wrote it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.models import Product, TableImport
from catalog.services.table_imports import ImportError_, files, rejected
from catalog.services.table_imports.files import numbered_rows
from tests.catalog.services.table_imports.bringing import counts, problems, stored, table, taken, tried
from tests.workbooks import xlsx

HEADER = ["brand", "model", "summary"]
TEXT = "brand,model,summary\nAcme,One,Für unterwegs\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (TEXT.encode(), False),
        (TEXT.encode("utf-8-sig"), False),
        (TEXT.encode("utf-16"), False),
        (TEXT.encode("windows-1252"), True),
        (TEXT.replace(",", ";").encode(), False),
        (TEXT.replace(",", "\t").encode(), False),
        (TEXT.replace("\n", "\r\n").encode(), False),
        (xlsx({"Products": [HEADER, ["Acme", "One", "Für unterwegs"]]}), False),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16", "windows-1252", "semicolons", "tabs", "crlf", "xlsx"],
)
def test_encodings_delimiters_and_spreadsheets_are_told_apart(content: bytes, remark: bool) -> None:
    done = stored("products", content=content)
    assert counts(done) == (1, 0, 0, 0)
    assert Product.objects.get().summary == "Für unterwegs"
    assert bool(done.remarks) is remark
    assert not remark or "windows-1252" in done.remarks[0]


@pytest.mark.django_db
def test_column_names_may_be_written_as_people_write_them() -> None:
    assert counts(tried("products", content=b"Brand,MODEL,Mic-grade\nAcme,One,none\n")) == (1, 0, 0, 0)


@pytest.mark.django_db
def test_rows_have_the_numbers_that_a_spreadsheet_gives_them() -> None:
    content = b'brand,model,summary\nAcme,One,"two\nlines"\n\n,,\nAcme,Two,\n,Three,\n'
    done = tried("products", content=content)
    assert [row.number for row in done.rows.all()] == [2, 5, 6]
    assert problems(done) == ["brand: It is needed to find the product, or its slug."]


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "The file is empty."),
    "blank": (b"\n\n", "The first row must name the columns"),
    "only a header": (b"brand,model\n", "names its columns but has no rows"),
    "no header": (b"Acme,One\nAcme,Two\n", "The first row must name the columns “slug”, or “brand” and “model”."),
    "unknown column": (b"brand,model,sumary\nA,B,C\n", "“sumary” is not known here. Do you mean “summary”?"),
    "double column": (b"brand,model,model\nA,B,C\n", "The column “model” is there 2 times."),
    "offers": (b"merchant,sku,price\nShop,A,1\n", "This looks like a file of offers. Choose Offers first"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds bytes that are no text"),
    "old excel": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old Excel file"),
    "damaged xlsx": (xlsx({"a": [HEADER]})[:-200], "damaged"),
    "a long line": (b"brand,model\n" + b"x" * 1_100_000, "longer than 1 MB"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_table_of_ours_is_refused_in_clear_words(name: str, settings: Any) -> None:
    content, expected = BAD[name]
    with pytest.raises(ImportError_) as refused:
        taken("products", content)
    assert expected in str(refused.value)
    assert not TableImport.objects.exists()
    assert not [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]


def far_cell() -> bytes:
    """Two cells, the first and the very last of the sheet: half a terabyte for who keeps sheets as rectangles."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx({"a": [HEADER]}))) as honest, zipfile.ZipFile(packed, "w") as archive:
        for member in honest.infolist():
            content = honest.read(member)
            if "sheet1" in member.filename:
                far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far)
            archive.writestr(member.filename, content)
    return packed.getvalue()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    return packed.getvalue()


def lying_bomb() -> bytes:
    """It says that it unpacks to ten bytes."""
    content = bytearray(bomb())
    for size in (50_000_000).to_bytes(4, "little"), b"":
        while size and (place := content.find(size)) >= 0:
            content[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (bomb(), "unpacks to 47 MB"),
        (lying_bomb(), "damaged"),
        (far_cell(), "reaches to row 1,048,576 and column 16,384"),
    ],
    ids=["bomb", "bomb-that-lies", "far-cell"],
)
def test_a_small_spreadsheet_that_asks_for_all_memory_is_not_opened(content: bytes, expected: str) -> None:
    with pytest.raises(ImportError_, match=expected):
        taken("products", content, "file.xlsx")


@pytest.mark.django_db
def test_too_large_and_too_long_files_are_refused(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    with pytest.raises(ImportError_, match="more than 2 rows"):
        taken("products", table(*({"brand": "Acme", "model": f"M{number}"} for number in range(3))))
    settings.IMPORT_MAX_MB = 1
    with pytest.raises(ImportError_, match="larger than the 1 MB allowed"):
        taken("products", b"brand,model\n" + b"Acme,One\n" * 200_000)


@pytest.mark.django_db
def test_rejected_rows_come_back_with_their_reason_and_corrected_can_be_uploaded() -> None:
    content = b"brand,model,summary,anc\nAcme,One,,yes\nAcme,Two,'=1+1,perhaps\nAcme,Three,\"'quoted\",maybe\n"
    done = stored("products", content=content)
    assert counts(done) == (1, 0, 0, 2)
    handed_back = "".join(rejected(done))
    assert handed_back.splitlines()[0] == "\ufeffwhat_is_wrong,brand,model,summary,anc"
    assert "anc: “perhaps” is neither yes nor no." in handed_back
    corrected = handed_back.replace(",perhaps", ",yes").replace(",maybe", ",no")
    assert counts(stored("products", content=corrected.encode())) == (2, 0, 0, 0)
    assert Product.objects.get(model="Two").summary == "=1+1"
    assert Product.objects.get(model="Three").summary == "'quoted"


@pytest.mark.django_db
def test_a_stray_quotation_mark_spoils_its_own_row() -> None:
    content = b'brand,model,summary\nAcme,One,"never, closed\nAcme,Two,\nAcme,Three,\n'
    done = stored("products", content=content)
    assert counts(done) == (2, 0, 0, 1)
    assert "quotation marks" in problems(done)[0]
    assert "never, closed" in "".join(rejected(done))


class TestAnyBytes(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"brand,model,summary\n{text}".encode()))
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        try:
            made = taken("products", content)
        except ImportError_:
            return
        assert made.rows_total == sum(1 for _ in numbered_rows(made))
        made.file.delete(save=False)
