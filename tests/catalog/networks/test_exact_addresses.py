"""The exact address each network wants, character by character, from what networks say of their links."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.targets import TargetError, destination

CODE = "01jd9z0c7m8e2qk4x5n6r7s8t9"
ENCODED = "https%3A%2F%2Fshop.example%2Fp%2F1%3Fa%3D1%26b%3D%C3%BC"
SHOP = "https://shop.example/p/1?a=1&b=ü"
AMAZON = {
    "tag_us": "earmark-20",
    "tag_uk": "earmark-21",
    "tag_de": "earmarkde-21",
    "tag_jp": "earmark-22",
    "tracking_ids_us": "a=earmark-guides-20, a12=earmark-best-20,q=earmark-quiz-20 , qr=earmark-qr-20",
}
AWIN = {"publisher_id": "123456", "advertiser_id": "789"}
CJ = {"website_id": "1234567", "link_id": "10987654"}
IMPACT = {"domain": "brand.pxf.io", "partner_id": "123456", "ad_id": "98765", "program_id": "10101"}
VANITY = {"domain": "brand.sjv.io", "vanity_path": "headsets"}
RAKUTEN = {"publisher_id": "aB3*E5g/7jK", "merchant_id": "24542"}
EBAY = {"campaign_id": "5338123456"}
EPN = "campid=5338123456&toolid=10001"
DIRECT = {"parameter": "ref", "value": "ear&mark", "sub_id_parameter": "subid"}


def made(network: str, settings: dict[str, str], target: str, sub_id: str = "", place: str = "", **more: Any) -> str:
    hosts = more.get("hosts") or ["shop.example", "amazon.com", "amazon.co.uk", "amazon.de", "amazon.co.jp"]
    hosts = [*hosts, "ebay.com", "ebay.co.uk", "ebay.de", "ebay.be", "ebay.com.au", "ebay.fr"]
    return destination(
        target, hosts=hosts, merchant="Shop", network=network, settings=settings, sub_id=sub_id, place=place
    )


@pytest.mark.parametrize(
    ("target", "place", "expected"),
    [
        # our tag of that shop, whoever's tag was there; everything else as it was; never a sub-id
        ("https://www.amazon.com/dp/B01", "", "https://www.amazon.com/dp/B01?tag=earmark-20"),
        (
            "https://www.amazon.com/dp/B01?tag=foreign-20&linkCode=ogi&th=1&psc=1",
            "",
            "https://www.amazon.com/dp/B01?linkCode=ogi&th=1&psc=1&tag=earmark-20",
        ),
        (
            "https://www.amazon.com/dp/B01?%74ag=foreign-20&ascsubtag=theirs&k=a%20b+c#reviews",
            "",
            "https://www.amazon.com/dp/B01?k=a%20b+c&tag=earmark-20#reviews",
        ),
        ("https://smile.amazon.com/dp/B01?TAG=x-20", "", "https://smile.amazon.com/dp/B01?tag=earmark-20"),
        ("https://amazon.co.uk/dp/B01", "", "https://amazon.co.uk/dp/B01?tag=earmark-21"),
        ("https://www.amazon.de/Ohrhörer/dp/B01", "", "https://www.amazon.de/Ohrh%C3%B6rer/dp/B01?tag=earmarkde-21"),
        ("https://www.amazon.co.jp/dp/B01/ref=x", "", "https://www.amazon.co.jp/dp/B01/ref=x?tag=earmark-22"),
        (
            "https://www.amazon.com/exec/obidos/ASIN/B000000001/foreign-20/",
            "",
            "https://www.amazon.com/exec/obidos/ASIN/B000000001/?tag=earmark-20",
        ),
        # tracking ids by the beginning of the place, the longest counts, numbers are never cut
        ("https://www.amazon.com/dp/B01", "a7.2.1", "https://www.amazon.com/dp/B01?tag=earmark-guides-20"),
        ("https://www.amazon.com/dp/B01", "a12.3.1", "https://www.amazon.com/dp/B01?tag=earmark-best-20"),
        ("https://www.amazon.com/dp/B01", "a123.3.1", "https://www.amazon.com/dp/B01?tag=earmark-guides-20"),
        ("https://www.amazon.com/dp/B01", "q4.1.2", "https://www.amazon.com/dp/B01?tag=earmark-quiz-20"),
        ("https://www.amazon.com/dp/B01", "qr", "https://www.amazon.com/dp/B01?tag=earmark-qr-20"),
        ("https://www.amazon.com/dp/B01", "p5.1.1", "https://www.amazon.com/dp/B01?tag=earmark-20"),
        ("https://www.amazon.co.uk/dp/B01", "a12.3.1", "https://www.amazon.co.uk/dp/B01?tag=earmark-21"),
    ],
)
def test_amazon(target: str, place: str, expected: str) -> None:
    assert made("amazon", AMAZON, target, CODE, place) == expected


@pytest.mark.parametrize(
    ("target", "code", "expected"),
    [
        (SHOP, CODE, f"https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&clickref={CODE}&ued={ENCODED}"),
        (SHOP, "", f"https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&ued={ENCODED}"),
        (
            "https://www.awin1.com/awclick.php?mid=1&id=2&clickref=theirs&p=https%3A%2F%2Fshop.example%2Fold",
            "",
            "https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&ued=https%3A%2F%2Fshop.example%2Fold",
        ),
        (
            "https://shareasale.com/r.cfm?b=1&u=2&m=3&urllink=shop.example%2Fp%3Fx%3D1&afftrack=theirs",
            "",
            "https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&ued=https%3A%2F%2Fshop.example%2Fp%3Fx%3D1",
        ),
        (  # written in without being encoded: what follows is the shop's, except Awin's own
            "https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued=https://shop.example/p?x=1&y=2&clickref=theirs#top",
            "",
            "https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456"
            "&ued=https%3A%2F%2Fshop.example%2Fp%3Fx%3D1%26y%3D2%23top",
        ),
    ],
)
def test_awin(target: str, code: str, expected: str) -> None:
    assert made("awin", AWIN, target, code) == expected


@pytest.mark.parametrize(
    ("target", "code", "expected"),
    [
        (SHOP, CODE, f"https://www.anrdoezrs.net/click-1234567-10987654?sid={CODE}&url={ENCODED}"),
        (SHOP, "", f"https://www.anrdoezrs.net/click-1234567-10987654?url={ENCODED}"),
        *(
            (
                f"https://www.{sister}/{form}",
                "",
                "https://www.anrdoezrs.net/click-1234567-10987654?url=https%3A%2F%2Fshop.example%2Fp%3Fx%3D1%26y%3D2",
            )
            for sister in ("anrdoezrs.net", "tkqlhce.com", "dpbolvw.net", "jdoqocy.com", "kqzyfj.com")
            for form in (
                "click-9-8?sid=theirs&url=https%3A%2F%2Fshop.example%2Fp%3Fx%3D1%26y%3D2",
                "links/9/type/dlg/sid/theirs/https://shop.example/p?x=1&y=2",
                "links/9/type/dlg/https%3A%2F%2Fshop.example%2Fp%3Fx%3D1%26y%3D2",
                "links/9/type/dlg/sid//https:/shop.example/p?x=1&y=2",
            )
        ),
    ],
)
def test_cj(target: str, code: str, expected: str) -> None:
    assert made("cj", CJ, target, code) == expected


@pytest.mark.parametrize(
    ("settings", "target", "code", "expected"),
    [
        (IMPACT, SHOP, CODE, f"https://brand.pxf.io/c/123456/98765/10101?subId1={CODE}&u={ENCODED}"),
        (IMPACT, SHOP, "", f"https://brand.pxf.io/c/123456/98765/10101?u={ENCODED}"),
        (VANITY, SHOP, CODE, f"https://brand.sjv.io/headsets?subId1={CODE}&u={ENCODED}"),
        *(
            (
                IMPACT,
                f"https://{foreign}?subId1=theirs&sharedid=theirs&u=https%3A%2F%2Fshop.example%2Fp",
                "",
                "https://brand.pxf.io/c/123456/98765/10101?u=https%3A%2F%2Fshop.example%2Fp",
            )
            for foreign in (
                "other.pxf.io/c/9/8/7",
                "other.sjv.io/AbC12",
                "brand.pxf.io/theirs",
                "other.evyy.net/c/9/8/7",
                "other.7eer.net/c/9/8/7",
                "imp.ojrq.net/c/9/8/7",
                "goto.shop.example/c/9/8/7",
                "goto.other.example/c/9/8/7",
            )
        ),
        (  # a vanity link on the brand's own host
            {"domain": "go.shop.example", "vanity_path": "us"},
            "https://go.shop.example/them?u=https%3A%2F%2Fshop.example%2Fp",
            CODE,
            f"https://go.shop.example/us?subId1={CODE}&u=https%3A%2F%2Fshop.example%2Fp",
        ),
    ],
)
def test_impact(settings: dict[str, str], target: str, code: str, expected: str) -> None:
    assert made("impact", settings, target, code) == expected


@pytest.mark.parametrize(
    ("target", "code", "expected"),
    [
        (
            SHOP,
            CODE,
            f"https://click.linksynergy.com/deeplink?id=aB3*E5g/7jK&mid=24542&u1={CODE}&murl={ENCODED}",
        ),
        (SHOP, "", f"https://click.linksynergy.com/deeplink?id=aB3*E5g/7jK&mid=24542&murl={ENCODED}"),
        (
            "https://click.linksynergy.com/fs-bin/click?id=ThEiRs00000&subid=&offerid=1.1&type=10&tmpid=2"
            "&RD_PARM1=https%253A%252F%252Fshop.example%252Fp",
            "",
            "https://click.linksynergy.com/deeplink?id=aB3*E5g/7jK&mid=24542&murl=https%3A%2F%2Fshop.example%2Fp",
        ),
        (
            "https://shop.example/p?ranMID=1&ranEAID=theirs&ranSiteID=theirs-x&c=1",
            "",
            "https://click.linksynergy.com/deeplink?id=aB3*E5g/7jK&mid=24542"
            "&murl=https%3A%2F%2Fshop.example%2Fp%3Fc%3D1",
        ),
    ],
)
def test_rakuten(target: str, code: str, expected: str) -> None:
    assert made("rakuten", RAKUTEN, target, code) == expected


@pytest.mark.parametrize(
    ("target", "code", "expected"),
    [
        (
            "https://www.ebay.com/itm/1100?var=0&hash=item1:g:a%3D",
            CODE,
            "https://www.ebay.com/itm/1100?var=0&hash=item1:g:a%3D"
            f"&mkevt=1&mkcid=1&mkrid=711-53200-19255-0&{EPN}&customid={CODE}",
        ),
        (
            "https://www.ebay.co.uk/itm/1100",
            "",
            f"https://www.ebay.co.uk/itm/1100?mkevt=1&mkcid=1&mkrid=710-53481-19255-0&{EPN}",
        ),
        (
            "https://ebay.com.au/itm/1100#d",
            "",
            f"https://ebay.com.au/itm/1100?mkevt=1&mkcid=1&mkrid=705-53470-19255-0&{EPN}#d",
        ),
        (
            "https://www.befr.ebay.be/itm/1100",
            "",
            f"https://www.befr.ebay.be/itm/1100?mkevt=1&mkcid=1&mkrid=1553-53471-19255-0&{EPN}",
        ),
        (  # as an API answer has it when somebody copied the manual
            "https://www.ebay.de/itm/1100?mkevt=1&mkcid=1&mkrid=711-53200-19255-0&campid=%253CePNCampaignId%253E"
            "&customid=theirs&toolid=10049&amdata=enc%3AA",
            "",
            f"https://www.ebay.de/itm/1100?amdata=enc%3AA&mkevt=1&mkcid=1&mkrid=707-53477-19255-0&{EPN}",
        ),
        (
            "https://rover.ebay.com/rover/1/711-53200-19255-0/1?ff3=4&pub=1&toolid=9&campid=5330000000&customid="
            "&mpre=https%3A%2F%2Fwww.ebay.com%2Fitm%2F1100%3Fvar%3D0",
            "",
            f"https://www.ebay.com/itm/1100?var=0&mkevt=1&mkcid=1&mkrid=711-53200-19255-0&{EPN}",
        ),
    ],
)
def test_ebay(target: str, code: str, expected: str) -> None:
    assert made("ebay", EBAY, target, code) == expected


def test_ebay_with_a_tool() -> None:
    address = made("ebay", {**EBAY, "tool_id": "10050"}, "https://www.ebay.fr/itm/1")
    assert address.endswith("?mkevt=1&mkcid=1&mkrid=709-53476-19255-0&campid=5338123456&toolid=10050")


@pytest.mark.parametrize(
    ("settings", "target", "code", "expected"),
    [
        (DIRECT, "https://shop.example/p/1", "", "https://shop.example/p/1?ref=ear%26mark"),
        (
            DIRECT,
            "https://shop.example/p/1?x=1&ref=you&subid=theirs",
            CODE,
            f"https://shop.example/p/1?x=1&ref=ear%26mark&subid={CODE}",
        ),
        (DIRECT, "https://shop.example/?x=1&subid=theirs", "", "https://shop.example/?x=1&ref=ear%26mark"),
        ({}, "https://shop.example/?x=1&&y=%41", CODE, "https://shop.example/?x=1&&y=%41"),
        ({}, "https://shop.example/?cjevent=1&awc=2&x=1&irclickid=3", CODE, "https://shop.example/?x=1"),
        ({}, "https://www.shop.example:8443/?tag=sale", CODE, "https://www.shop.example:8443/?tag=sale"),
        # without a network, too, nobody else earns on ours
        ({}, "https://www.amazon.de/dp/B01?th=1&tag=theirs-21", CODE, "https://www.amazon.de/dp/B01?th=1"),
        (
            {},
            "https://www.ebay.de/itm/1?mkcid=1&mkrid=707-53477-19255-0&campid=5330000000&mkevt=1&var=2",
            CODE,
            "https://www.ebay.de/itm/1?var=2",
        ),
    ],
)
def test_direct(settings: dict[str, str], target: str, code: str, expected: str) -> None:
    assert made("direct", settings, target, code) == expected


def test_a_host_beyond_ascii_is_written_as_it_is_asked_for() -> None:
    address = made("direct", {}, "https://www.kopfhörer.example/über", hosts=["kopfhörer.example"])
    assert address == "https://www.xn--kopfhrer-r4a.example/%C3%BCber"
    assert made("direct", {}, address, hosts=["kopfhörer.example"]) == address


@pytest.mark.parametrize(
    ("network", "settings", "target", "says"),
    [
        ("amazon", {"tag_us": "earmark-20"}, "https://www.amazon.de/dp/B01", "tag_de"),
        ("amazon", {}, "https://www.amazon.com/dp/B01", "set `tag_us`"),
        ("amazon", AMAZON, "https://shop.example/dp/B01", "not a shop of Amazon's"),
        ("amazon", {"tag_us": "earmark"}, "https://www.amazon.com/", "`tag_us` does not look right"),
        ("amazon", {"tag_us": "e-20", "tracking_ids_us": "a:e-20"}, "https://www.amazon.com/", "tracking_ids_us"),
        ("amazon", {"tracking_ids_us": "a=earmark-20"}, "https://www.amazon.com/", "needs `tag_us` beside it"),
        (
            "amazon",
            {"tag_us": "us-20", "tracking_ids_us": "a=us1-20,q=us2-20,a=us3-20"},
            "https://www.amazon.com/",
            "names a twice",
        ),
        (
            "amazon",
            {"tag_us": "us-20", "tracking_ids_us": ",".join(f"a{number}=us{number}-20" for number in range(100))},
            "https://www.amazon.com/",
            "at most 100 tracking ids",
        ),
        ("awin", {"publisher_id": "1"}, SHOP, "`advertiser_id` is missing"),
        ("awin", AWIN, "https://www.awin1.com/pclick.php?p=37&a=1&m=2", "which page of the shop"),
        ("awin", AWIN, "https://tidd.ly/3xYz", "not an address of Shop"),
        ("cj", {**CJ, "link_id": "x"}, SHOP, "`link_id` does not look right"),
        ("cj", CJ, "https://www.anrdoezrs.net/click-9-8", "which page of the shop"),
        ("cj", CJ, "https://www.tkqlhce.com/links/9/type/dlg/ftp://shop.example/", "which page of the shop"),
        ("impact", {**IMPACT, "domain": "pxf.io"}, SHOP, "neither below pxf.io"),
        ("impact", {**IMPACT, "domain": "pxf.io.evil.example"}, SHOP, "add it to the merchant's hosts"),
        ("impact", {"domain": "brand.pxf.io", "ad_id": "1"}, SHOP, "`partner_id` and `program_id` missing"),
        ("impact", {**IMPACT, "vanity_path": "x"}, SHOP, "not both"),
        ("impact", {**IMPACT, "domain": "https://brand.pxf.io"}, SHOP, "`domain` does not look right"),
        ("impact", IMPACT, "https://other.pxf.io/AbC12", "which page of the shop"),
        (
            "impact",
            {"domain": "go.shop.example", "vanity_path": "us"},
            "https://go.shop.example/them?u=https%3A%2F%2Fevil.example%2F",
            "not an address of Shop",
        ),
        ("impact", {"domain": "go.shop.example", "vanity_path": "us"}, "https://go.shop.example/x", "which page"),
        ("rakuten", {**RAKUTEN, "publisher_id": "tooshort"}, SHOP, "11 characters"),
        ("rakuten", RAKUTEN, "https://click.linksynergy.com/deeplink?id=x&mid=1", "which page of the shop"),
        ("ebay", {"campaign_id": "<ePNCampaignId>"}, "https://www.ebay.com/itm/1", "exactly 10 digits"),
        ("ebay", {"campaign_id": "533812345"}, "https://www.ebay.com/itm/1", "exactly 10 digits"),
        ("ebay", EBAY, "https://shop.example/itm/1", "not a site of eBay's"),
        ("ebay", EBAY, "https://rover.ebay.com/rover/1/711-53200-19255-0/1?campid=1&item=5", "which page of the shop"),
        ("direct", {"parameter": "ref"}, SHOP, "belong together"),
        ("direct", {"parameter": "a", "value": "b", "sub_id_parameter": "a"}, SHOP, "must differ"),
    ],
)
def test_says_what_is_missing(network: str, settings: dict[str, str], target: str, says: str) -> None:
    with pytest.raises(TargetError, match=says):
        made(network, settings, target)
