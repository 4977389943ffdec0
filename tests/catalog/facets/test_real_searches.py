"""What people type into a shop's search, against seven thousand real models: which one has to come first?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.facets import answer
from catalog.facets.asked import Asked
from catalog.facets.index import Index
from catalog.facets.rows import ProductRow, value_of

pytestmark = pytest.mark.real_data

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = {
    "WH1000XM5": "Sony WH-1000XM5",
    "wh 1000 xm5": "Sony WH-1000XM5",
    "WH-1000XM5": "Sony WH-1000XM5",
    "sony wh1000xm4": "Sony WH1000XM4",
    "sonywh1000xm4": "Sony WH1000XM4",
    "sonny wh-1000xm5": "Sony WH-1000XM5",
    "wh-1000mx5": "Sony WH-1000XM5",
    "sony wf1000xm4": "Sony WF-1000XM4",
    "linkbuds": "Sony LinkBuds",
    "link buds s": "Sony LinkBuds S",
    "bose qc45": "Bose QC45",
    "bose quietcomfort 45": "Bose QuietComfort 45",
    "quitecomfort 45": "Bose QuietComfort 45",
    "noise cancelling headphones 700": "Bose 700 Headphone",
    "bose a20": "Bose A20 Aviation Headset",
    "airpods pro": "Apple AirPods Pro",
    "air pods pro": "Apple AirPods Pro",
    "airpods": "Apple AirPods",
    "apple airpod max": "Apple AirPods Max",
    "sennheiser hd 600": "Sennheiser HD600",
    "hd600": "Sennheiser HD600",
    "senheiser hd 650": "Sennheiser HD 650",
    "sennheisser momentum 4": "Sennheiser MOMENTUM 4",
    "momentum true wireless 3": "Sennheiser Momentum True Wireless 3",
    "beyerdynamic dt 770 pro": "Beyerdynamic DT 770 PRO",
    "beyer dt770 pro": "Beyerdynamic DT 770 PRO",
    "bayerdynamic dt990": "Beyerdynamic DT 990",
    "ath-m50x": "Audio-Technica ATH-M50x",
    "athm50x": "Audio-Technica ATH-M50x",
    "akg k701": "AKG K701",
    "K 702": "AKG K702",
    "jabra evolve 2 65": "Jabra Evolve2 65",
    "jabra evolve 2 85": "Jabra Evolve2 85",
    "logitech g pro x": "Logitech G Pro X",
    "arctis nova pro": "SteelSeries Arctis Nova Pro",
    "hyperx cloud ii": "HyperX Cloud II",
    "razer blackshark v2": "Razer BlackShark V2",
    "razor kraken": "Razer Kraken",
    "bang and olufsen h95": "Bang & Olufsen H95",
    "b&o beoplay h9": "Bang & Olufsen Beoplay H9",
    "beats studio buds": "Beats Studio Buds",
    "samsung galaxy buds pro": "Samsung Galaxy Buds Pro",
    "shure se215": "Shure SE215",
    "jbl tune 510bt": "JBL Tune 510BT",
    "philips shp9500": "Philips SHP9500",
    "focal clear": "Focal Clear",
    "hifiman sundara": "HiFiMAN SUNDARA",
}


@pytest.fixture(scope="module")
def index(shared: Path) -> tuple[Index, dict[int, str]]:
    rows = []
    for number, line in enumerate((shared / "data" / "catalogue.jsonl").read_text().splitlines(), 1):
        said = json.loads(line)
        values = {key: (said[key],) for key in ("kind", "form_factor") if said.get(key)}
        if said.get("anc") is not None:
            values["anc"] = ("yes" if said["anc"] else "no",)
        brand, codes = value_of(said["brand"]) or "unnamed", [said.get("asin"), *(said.get("mpn") or ())]
        rows.append(
            ProductRow(
                id=number,
                brand=brand,
                brand_name=said["brand"],
                model=said["model"],
                codes=tuple(code for code in codes if isinstance(code, str)),
                values={**values, "brand": (brand,)},
            )
        )
    return Index.of(rows, {}, NOW), {row.id: f"{row.brand_name} {row.model}" for row in rows}


@pytest.mark.parametrize("words", FIRST)
def test_the_model_that_is_meant_comes_first(words: str, index: tuple[Index, dict[int, str]]) -> None:
    found = answer.find(index[0], Asked(words=words, sort="match"), start=0, size=1)
    assert [index[1][pk] for pk in found.ids] == [FIRST[words]]


@pytest.mark.parametrize("words", ["earbuds", "cans", "bluetooth headset", "noise cancelling in-ear", "iem"])
def test_a_word_that_stands_in_no_name_finds_what_it_means(words: str, index: tuple[Index, dict[int, str]]) -> None:
    found = answer.find(index[0], Asked(words=words, sort="match"), start=0, size=1)
    assert found.count > 0
    assert found.reading.meant
