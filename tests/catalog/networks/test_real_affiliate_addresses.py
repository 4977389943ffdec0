"""Addresses that merchants' interfaces really hand out, somebody's tags in them, become ours and keep all else."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from catalog.links.addresses import host_of, lies_on
from catalog.networks.amazon import MARKETPLACES
from catalog.networks.ebay import ROTATIONS
from catalog.targets import FOREIGN_PARAMETERS, TargetError, destination

pytestmark = pytest.mark.real_data

AMAZON = {f"tag_{name}": f"ours{name}-21" for name in MARKETPLACES.values()}
EBAY = {"campaign_id": "5338123456"}
AFFILIATE = re.compile(r"https?://[^\s\"'<>\\|,]+", re.IGNORECASE)
CODE = "01jd9z0c7m8e2qk4x5n6r7s8t9"


def addresses(folder: Path) -> set[str]:
    """Every web address in the files of the folder, as JSON, XML and CSV write them."""
    found: set[str] = set()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", ".csv", ".xml", ".txt", ".gz"}:
            body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            text = body.decode("utf-8", "replace").replace("\\/", "/").replace("\\u0026", "&").replace("&amp;", "&")
            found.update(AFFILIATE.findall(text))
    return found


def pairs(address: str, gone: set[str]) -> list[tuple[str, str]]:
    return [one for one in parse_qsl(urlsplit(address).query, keep_blank_values=True) if one[0].lower() not in gone]


def test_amazons_addresses_get_our_tag_of_their_shop_and_keep_the_rest(shared: Path) -> None:
    gone, seen = {"tag", "ascsubtag"} | FOREIGN_PARAMETERS, 0
    for address in sorted(addresses(shared / "fixtures")):
        host = host_of(address).removeprefix("www.")
        if host not in MARKETPLACES:
            continue
        seen += 1
        ours = destination(
            address, hosts=[host], merchant="Amazon", network="amazon", settings=AMAZON, sub_id=CODE, place="a1.1.1"
        )
        assert pairs(ours, {"tag"}) == pairs(address, gone)
        assert parse_qsl(urlsplit(ours).query)[-1] == ("tag", AMAZON[f"tag_{MARKETPLACES[host]}"])
        assert urlsplit(ours).path == urlsplit(address).path or not address.isascii()
    assert seen >= 20


def test_ebays_addresses_get_our_campaign_once_and_keep_the_rest(shared: Path) -> None:
    gone = {"mkevt", "mkcid", "mkrid", "campid", "toolid", "customid"}
    seen = rover = 0
    for address in sorted(addresses(shared / "fixtures" / "ebay-browse")):
        if not lies_on(ROTATIONS, address) or not urlsplit(address).path.startswith(("/itm/", "/rover/")):
            continue
        site = next(site for site in ROTATIONS if lies_on([site], address))
        ours = destination(address, hosts=[site], merchant="eBay", network="ebay", settings=EBAY, sub_id=CODE)
        shop = address
        if "rover." in address:
            rover += 1
            shop = unquote(re.split(r"mpre=", address)[1].split("&")[0])
        seen += 1
        assert ours.startswith(shop.partition("?")[0])
        assert pairs(ours, gone) == pairs(shop, gone)
        query = dict(parse_qsl(urlsplit(ours).query))
        assert ours.count("campid=") == 1
        assert (query["campid"], query["mkrid"], query["customid"]) == ("5338123456", ROTATIONS[site], CODE)
    assert seen > 50
    assert rover > 0


def test_no_address_of_all_fixtures_gets_past_the_lock(shared: Path) -> None:
    """Whatever a page or a feed says, a shop's link leads to that shop."""
    let = 0
    for address in sorted(addresses(shared / "fixtures"))[:20_000]:
        try:
            ours = destination(
                address,
                hosts=["ebay.com"],
                merchant="Shop",
                network="awin",
                settings={"publisher_id": "1", "advertiser_id": "2"},
            )
        except TargetError:
            continue
        let += 1
        assert ours.startswith("https://www.awin1.com/cread.php?awinmid=2&awinaffid=1&ued=http")
        assert lies_on(["ebay.com"], unquote(ours.partition("ued=")[2]))
    assert let > 50
