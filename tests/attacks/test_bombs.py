"""Small files that want to become large, and files that are two things at once: refused at each door, memory bounded.

What a door asks for at its worst is counted while it reads, and compared with what the file would have unpacked to.
"""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pytest
from PIL import Image

from catalog.door import DoorError
from catalog.feeds.download import unpacked as feed_unpacked
from catalog.feeds.xml import xml_rows
from catalog.json_answers import JsonAnswerError
from catalog.money.published_rates import RatesError, ecb_rates
from catalog.reading import SourceError
from catalog.reply_bodies import bounded_body
from catalog.reports.tables import Table, TableError, tables
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.trees import item_element, xml_items
from catalog.workbooks import workbook_problem
from reviews.articles_file import ArticlesFileError
from reviews.packed_articles import unpacked as articles_unpacked
from reviews.picture_files import PictureFileError, read_upload
from reviews.wordpress.short_links import ShortLinksError
from reviews.wordpress.wxr import WxrError
from reviews.wordpress.wxr import read as read_wxr
from tests.factories import picture_file

MEGABYTE = 1024 * 1024
UNPACKED = 120 * MEGABYTE
BOUND = UNPACKED // 4
REFUSALS = (
    SourceError, DoorError, TableError, ImportError_, ArticlesFileError, WxrError, RatesError, JsonAnswerError,
    PictureFileError, ShortLinksError,
)  # fmt: skip


@cache
def zeros() -> bytes:
    return bytes(UNPACKED)


@cache
def gzipped() -> bytes:
    return gzip.compress(zeros(), 1)


@cache
def zipped(name: str, says: int = UNPACKED) -> bytes:
    """`says`: what the archive's list calls the size of its one member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, zeros())
        archive.filelist[0].file_size = says
    return file.getvalue()


def workbook(says: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", zeros())
        archive.filelist[1].file_size = says
    return file.getvalue()


def asked_for(read: Callable[[], object]) -> tuple[object, int]:
    """What the door said of it, and the bytes it held at its worst."""
    tracemalloc.start()
    try:
        try:
            said: object = read()
        except REFUSALS as error:
            said = error
        return said, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def report(body: bytes) -> list[Table]:
    return tables("report.zip", body, {"amount": ["amount"]}, ["amount"])


def feed(body: bytes) -> object:
    return feed_unpacked(io.BytesIO(body), MEGABYTE)


def answer(encoding: str) -> Callable[[bytes], object]:
    return lambda body: list(bounded_body(iter([body]), {"content-encoding": encoding}, "shop.example", MEGABYTE))


PACKED: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]] = {
    "gzip as a feed": (gzipped, feed),
    "zip as a feed": (lambda: zipped("feed.csv"), feed),
    "zip that lies, as a feed": (lambda: zipped("feed.csv", 10), feed),
    "zip that lies, as a report": (lambda: zipped("report.csv", 10), report),
    "zip that lies, as articles": (lambda: zipped("articles.json", 10), articles_unpacked),
    "zip of articles": (lambda: zipped("articles.json"), articles_unpacked),
    "workbook that lies, as a report": (lambda: workbook(10), report),
    "workbook as a report": (lambda: workbook(UNPACKED), report),
    "gzip as an answer": (gzipped, answer("gzip")),
    "deflate as an answer": (lambda: zlib.compress(zeros(), 1), answer("deflate")),
    "brotli as an answer": (lambda: b"\x1b", answer("br")),
}


@pytest.mark.parametrize("name", PACKED)
def test_what_unpacks_to_very_much_is_refused_while_it_grows(name: str) -> None:
    make, read = PACKED[name]
    packed = make()  # the file itself is not the door's
    said, peak = asked_for(lambda: read(packed))
    assert isinstance(said, REFUSALS), said
    assert peak < BOUND, peak


def test_a_workbook_is_counted_while_it_is_unpacked() -> None:
    lying = workbook(10)
    said, peak = asked_for(lambda: workbook_problem(io.BytesIO(lying)))
    assert said
    assert peak < BOUND


def test_what_is_packed_twice_is_unpacked_once() -> None:
    twice = gzip.compress(gzipped())

    def once() -> bytes:
        with feed_unpacked(io.BytesIO(twice), 10 * MEGABYTE) as plain:
            return plain.read()

    said, peak = asked_for(once)
    assert said == gzipped()
    assert peak < BOUND


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
DOCTYPES = {
    "many laughs": (f'<!DOCTYPE x [<!ENTITY l0 "laugh">{LAUGHS}]>', "&l8;", "laughlaugh"),
    "a file of the machine": ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&f;", "root:"),
    "another's grammar": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', "&nothing;", "\0"),
}
XML: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "feed": ("<rss><item><title>{}</title><g>{}</g></item></rss>", lambda body: list(xml_rows(io.BytesIO(body)))),
    "import": (
        "<a><item><title>{}</title></item><item><title>{}</title></item></a>",
        lambda body: [item_element(io.BytesIO(body), ""), *xml_items(io.BytesIO(body), "item", "")],
    ),
    "WordPress": (
        '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
        "<title>{}</title><item><title>{}</title></item></channel></rss>",
        lambda body: list(read_wxr(io.BytesIO(body))),
    ),
    "rates": ('<a><Cube time="2026-01-02"><Cube currency="USD" rate="{}"/></Cube>{}</a>', ecb_rates),
}


@pytest.mark.parametrize("trick", DOCTYPES)
@pytest.mark.parametrize("door", XML)
def test_no_entity_is_anything_at_any_door_that_reads_xml(door: str, trick: str) -> None:
    head, entity, would_be = DOCTYPES[trick]
    form, read = XML[door]
    body = f'<?xml version="1.0"?>{head}{form.format(entity, entity)}'.encode()
    said, peak = asked_for(lambda: read(body))
    assert would_be not in repr(said)
    assert peak < 4 * MEGABYTE


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, data: bytes = bytes(1000)) -> bytes:
    """A few bytes that say how large a picture they are."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colour, 0, 0, 0])
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in parts
    )


def whole_png(width: int, height: int) -> bytes:
    """All of it is there: one bit for each point."""
    return png(width, height, depth=1, colour=0, data=bytes((1 + (width + 7) // 8) * height))


def of_kind(kind: str, width: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, width)).save(file, kind)
    return file.getvalue()


PICTURES = {
    "a PNG of gigabytes": lambda: png(60_000, 60_000),
    # Whole pictures that a library would open without a word.
    "a PNG of 81 megapixels": lambda: whole_png(9_000, 9_000),
    "a PNG as wide as a street": lambda: whole_png(20_000, 8),
    "a JPEG of 81 megapixels": lambda: of_kind("JPEG", 9_000),
    "a PNG that is one line": lambda: png(2**31 - 1, 1),
    "a GIF": lambda: of_kind("GIF", 100),
    "a GIF that is a page": lambda: b"GIF89a/*<html><script>pwned=1</script>*/=1;",
    "an SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="pwned=1"/>',
    "an SVG of many laughs": f"<!DOCTYPE svg [{LAUGHS}]><svg>&l8;</svg>".encode,
    "a BMP": lambda: of_kind("BMP", 100),
    "an archive": lambda: zipped("a.png", 10),
    "a page that calls itself a JPEG": lambda: b"\xff\xd8\xff<html><script>pwned=1</script>",
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_picture_of_ours_or_too_large_is_refused_unopened(name: str) -> None:
    body = PICTURES[name]()
    said, peak = asked_for(lambda: read_upload(body))
    assert isinstance(said, PictureFileError)
    assert peak < BOUND


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_picture_with_something_behind_it_the_picture_is_kept(kind: str) -> None:
    """An archive behind its end, and a page in its comment: what is kept was drawn anew."""
    behind = b"PK\x03\x04 an archive <script>pwned=1</script> <?php pwned(); ?>"
    kept = read_upload(picture_file(64, 48, kind=kind) + behind)
    assert b"pwned" not in kept.content
    assert b"PK\x03\x04" not in kept.content
    assert (kept.width, kept.height) == (64, 48)


def test_a_door_that_unpacks_all_there_is_would_be_seen() -> None:
    lying = zipped("report.csv", 10)

    def careless() -> None:
        with zipfile.ZipFile(io.BytesIO(lying)) as archive, pytest.raises(zipfile.BadZipFile):
            archive.read("report.csv")

    _, peak = asked_for(careless)
    assert peak > UNPACKED
