"""Awin's feed server on loopback: the list of feeds and the packed downloads, below addresses that hold the key."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.catalog.shop import Shop, Visit, open_shop

KEY = "0f3c9a7be1d24c5f8a6b"
LIST_COLUMNS = (
    "Advertiser ID,Advertiser Name,Primary Region,Membership Status,Feed ID,Feed Name,Language,Vertical,Last Imported,"
    "Last Checked,No of products,URL"
)


@dataclass
class Feed:
    """One feed as Awin holds it; `body` is its table with commas."""

    feed_id: str
    body: str
    advertiser_id: str = "900"
    status: str = "active"
    imported: str = "2026-11-22 06:00:00"
    language: str = "de"


@dataclass
class Awin:
    shop: Shop
    feeds: list[Feed] = field(default_factory=list)
    # What happens instead of the right answer, once the list or a download is asked for.
    list_fault: str = ""
    download_fault: str = ""

    @property
    def url(self) -> str:
        return self.shop.url("")

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order: `list`, or the pieces of the download's address after the key."""
        return [path.split(f"/apikey/{KEY}", 1)[-1].strip("/") or "list" for path, _ in self.shop.asked]

    def answer(self, visit: Visit) -> None:
        pieces = visit.path.strip("/").split("/")
        if pieces[:3] not in (["datafeed", "list", "apikey"], ["datafeed", "download", "apikey"]):
            return visit.answer(b"not found", status=404)
        if pieces[3] != KEY:
            return visit.answer(f"Invalid API key in {visit.path}".encode(), status=403)
        is_list = pieces[1] == "list"
        fault = self.list_fault if is_list else self.download_fault
        if fault:
            return _FAULTS[fault](visit)
        return visit.answer(self._list()) if is_list else self._download(visit, pieces[2:])

    def _list(self) -> bytes:
        lines = [LIST_COLUMNS]
        for feed in self.feeds:
            url = f"https://productdata.awin.example/datafeed/download/apikey/{KEY}/language/{feed.language}/fid/{feed.feed_id}/"
            lines.append(
                f'{feed.advertiser_id},"Klang, Ton & Co",DE,{feed.status},{feed.feed_id},Default,German,Audio,'
                f"{feed.imported},{feed.imported},2,{url}"
            )
        return "\r\n".join(lines).encode()

    def _download(self, visit: Visit, pieces: list[str]) -> None:
        options = {name: unquote(value) for name, value in zip(pieces[0::2], pieces[1::2], strict=False)}
        bodies = [feed.body for feed in self.feeds if feed.feed_id in options["fid"].split(",")]
        if not bodies or options["format"] != "csv":
            return visit.answer(f"No such feed: {visit.path}".encode(), status=404)
        header = bodies[0].partition("\n")[0]
        rows = [body.partition("\n")[2] for body in bodies]
        body = (header + "\n" + "".join(rows)).replace(",", options["delimiter"]).encode()
        return visit.answer(_packed(body, options["compression"]), content_type="application/octet-stream")


def _packed(body: bytes, how: str) -> bytes:
    if how == "gzip":
        return gzip.compress(body)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datafeed_900.csv", body)
    return packed.getvalue()


def _slow(visit: Visit) -> None:
    visit.start(content_length="100000")
    for _ in range(40):
        visit.wfile.write(b"x")
        visit.wfile.flush()
        time.sleep(0.1)


_FAULTS = {
    "busy": lambda visit: visit.answer(b"", status=429, retry_after="60"),
    "broken": lambda visit: visit.answer(b"oops " + visit.path.encode(), status=500),
    "a page": lambda visit: visit.answer(b"<!doctype html><title>" + visit.path.encode() + b"</title>"),
    "a line": lambda visit: visit.answer(b"Could not read " + visit.path.encode() + b", sorry\n"),
    "truncated": lambda visit: visit.answer(gzip.compress(b"search_price\n" * 9000, mtime=0)[:40]),
    "cut off": lambda visit: visit.answer(b"aw_product_id", length=5000),
    "slow": _slow,
    "empty": lambda visit: visit.answer(b""),
    "a redirect to a page": lambda visit: visit.answer(b"", status=302, location=f"/login?from={visit.path}"),
}
FAULTS = tuple(_FAULTS)


@contextmanager
def open_awin(*feeds: Feed) -> Iterator[Awin]:
    with open_shop() as shop:
        awin = Awin(shop, list(feeds))
        shop.serves("/datafeed", awin.answer)
        yield awin
