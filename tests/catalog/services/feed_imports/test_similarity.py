"""Is a model recognised in a merchant's title, and nothing else taken for it?"""

from __future__ import annotations

import pytest

from catalog.services.feed_imports.similarity import Models

MODELS = {
    1: "WH-1000XM5",
    2: "WH-1000XM4",
    3: "HD 600",
    4: "HD 660S2",
    5: "QuietComfort Ultra",
    6: "Arctis Nova Pro",
    7: "Arctis Nova Pro Wireless",
    8: "Momentum 4 Wireless",
}


@pytest.fixture(scope="module")
def models() -> Models:
    found = Models()
    for product, name in MODELS.items():
        found.add(product, name)
    return found


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Sony WH1000XM5 Noise Cancelling, Schwarz", 1),
        ("SONY WH 1000XM5 B", 1),
        ("sony wh-1000xm4", 2),
        ("HD600 Open Back", 3),
        ("Casque Bose Quiet Comfort Ultra", 5),
        ("SteelSeries Arctis Nova Pro Wireless (PC)", 7),
        ("MOMENTUM 4", 8),
        ("Earbuds Momentum 4 with charging case", 8),
    ],
)
def test_the_model_is_the_first_candidate(models: Models, title: str, product: int) -> None:
    assert models.named_in(title)[0].product == product


@pytest.mark.parametrize(
    "title",
    [
        "HD 650",
        "HD 660S",
        "WH-1000XM6",
        "Replacement earpads for WH-1000XM5",
        "Case for Sony WH-1000XM5",
        "Ersatzpolster Sony WH-1000XM5",
        "Bravia 55 inch TV",
        "",
    ],
)
def test_another_number_an_accessory_or_another_thing_is_no_candidate(models: Models, title: str) -> None:
    assert models.named_in(title) == []


def test_the_longer_name_goes_before_the_one_it_holds(models: Models) -> None:
    found = models.named_in("Arctis Nova Pro Wireless")
    assert [candidate.product for candidate in found[:2]] == [7, 6]
    assert found[0].score > found[1].score
