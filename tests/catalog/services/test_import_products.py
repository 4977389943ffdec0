"""Product rows become products; what is known is never lost, and every row's fate is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import AudioSpecs, Brand, Product, ProductCode, SpecEvidence
from catalog.models.specs import EDITOR
from catalog.services.importing import BadRow, ImportReport, import_products
from catalog.services.merging import merge_products
from tests.factories import make_product

TODAY = date(2026, 11, 25)
FULL: dict[str, Any] = {
    "brand": "Acme",
    "model": "Ear One",
    "kind": "headset",
    "headset_type": "business",
    "form_factor": "on-ear",
    "enclosure": "closed",
    "ears": "mono",
    "microphone": True,
    "mic_form": "boom",
    "wireless": True,
    "bluetooth": True,
    "dect": True,
    "connectors": ["Bluetooth", "USB-C", "Wired 3.5mm", "Wireless RF"],
    "platforms": ["PC", "Mobile", "Console"],
    "freq_low_hz": 20,
    "freq_high_khz": 20.5,
    "battery_life_h": 12.5,
    "weight_g": 95,
    "uc_certified": ["Some Caller"],
    "release_year": 2024,
    "asin": ["b0abcdefgh"],
    "mpn": ["AB-1000 / AB-1001", "BLK", "28"],
    "gtin": ["4006381333931"],
    "colour": "#AABBCC",
    "summary": "One ear for calls.",
    "evidence": {"wireless": "maker", "freq_high_khz": "https://acme.example/specs", "kind": "maker"},
    "sources": ["catalogue of the maker"],
}


def load(*rows: Any, **options: Any) -> ImportReport:
    return import_products(rows, source="test file", checked_on=TODAY, **options)


@pytest.mark.django_db
def test_a_full_row_lands_in_its_columns() -> None:
    report = load(FULL)
    assert (report.created, report.errors, report.conflicts) == (1, [], [])
    product = Product.objects.select_related("specs", "brand").get()
    assert (product.slug, product.kind, product.type) == ("acme-ear-one", "headset", "business")
    assert (product.colour, product.summary) == ("#aabbcc", "One ear for calls.")
    specs = product.specs
    assert (specs.ears, specs.mic_grade, specs.mic_form) == ("one", "communication", "boom")
    assert specs.radios == ["bluetooth", "dect"]
    assert specs.connectors == ["usb_c", "jack_3_5mm"]
    assert specs.platforms == ["pc", "phone", "tablet"]
    assert (specs.frequency_low_hz, specs.frequency_high_hz) == (20, 20500)
    assert (specs.battery_hours, specs.weight_g) == (Decimal("12.5"), Decimal(95))
    assert specs.certifications == ["Some Caller"]
    codes = set(ProductCode.objects.values_list("scheme", "value"))
    assert codes == {("asin", "B0ABCDEFGH"), ("mpn", "AB-1000"), ("mpn", "AB-1001"), ("gtin", "4006381333931")}


@pytest.mark.django_db
def test_every_known_value_has_a_source_and_a_date() -> None:
    load(FULL)
    evidence = {row.spec: row for row in SpecEvidence.objects.all()}
    known = {c.name for c in AudioSpecs._meta.concrete_fields if getattr(AudioSpecs.objects.get(), c.name) is not None}
    assert evidence.keys() == (known - {"id", "product"}) | {"kind", "type"}
    assert evidence["wireless"].source == "maker"
    assert (evidence["frequency_high_hz"].source, evidence["frequency_high_hz"].source_url) == (
        "acme.example",
        "https://acme.example/specs",
    )
    assert evidence["weight_g"].source == "catalogue of the maker"
    assert {row.checked_on for row in evidence.values()} == {TODAY}


@pytest.mark.django_db
def test_a_second_run_changes_nothing() -> None:
    load(FULL)
    before = list(SpecEvidence.objects.order_by("id").values())
    report = import_products([FULL], source="test file", checked_on=date(2027, 1, 1))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert list(SpecEvidence.objects.order_by("id").values()) == before


@pytest.mark.django_db
def test_what_a_row_does_not_know_stays_unknown() -> None:
    load({"brand": "Acme", "model": "Bare"})
    product = Product.objects.select_related("specs").get()
    assert (product.kind, product.type) == (None, None)
    columns = [c.name for c in AudioSpecs._meta.concrete_fields if c.name not in ("id", "product")]
    assert {getattr(product.specs, name) for name in columns} == {None}
    assert not SpecEvidence.objects.exists()


@pytest.mark.django_db
def test_unknown_never_replaces_known() -> None:
    load(FULL)
    report = load({"brand": "Acme", "model": "Ear One", "weight_g": None, "connectors": [], "wireless": True})
    assert report.changed == 1  # another witness for `wireless`, nothing else
    specs = AudioSpecs.objects.get()
    assert (specs.weight_g, specs.connectors) == (Decimal(95), ["usb_c", "jack_3_5mm"])


@pytest.mark.django_db
def test_a_new_value_replaces_the_old_one_and_its_witness() -> None:
    load(FULL)
    load({"brand": "Acme", "model": "Ear One", "weight_g": 101, "evidence": {"weight_g": "our scales"}})
    assert AudioSpecs.objects.get().weight_g == Decimal(101)
    assert list(SpecEvidence.objects.filter(spec="weight_g").values_list("source", flat=True)) == ["our scales"]


@pytest.mark.django_db
def test_an_editors_value_is_believed_over_a_files() -> None:
    load(FULL)
    product = Product.objects.get()
    SpecEvidence.objects.filter(spec="weight_g").update(source=EDITOR)
    report = load({**FULL, "weight_g": 300})
    assert AudioSpecs.objects.get(product=product).weight_g == Decimal(95)
    assert "an editor says Decimal('95.0')" in str(report.conflicts[0])


@pytest.mark.django_db
def test_a_wired_and_a_wireless_model_of_one_name_are_two_products() -> None:
    rows = [{"brand": "Acme", "model": "Two", "wireless": False}, {"brand": "ACME", "model": "two", "wireless": True}]
    assert load(*rows).created == 2
    assert load(*rows).unchanged == 2
    assert [str(p) for p in Product.objects.order_by("slug")] == ["Acme Two", "Acme two (wireless)"]
    assert Brand.objects.count() == 1


@pytest.mark.django_db
def test_a_second_row_of_a_model_only_fills_in_what_the_first_left_open() -> None:
    rows = [
        {"brand": "Acme", "model": "M", "weight_g": 10},
        {"brand": "Acme", "model": "M", "weight_g": 20, "anc": True},
    ]
    report = load(*rows)
    specs = AudioSpecs.objects.get()
    assert (specs.weight_g, specs.anc) == (Decimal(10), True)
    told = [str(remark) for remark in report.conflicts]
    assert "line 2: is the same model as line 1; the two were put together." in told
    assert load(*rows).changed == 0


@pytest.mark.django_db
def test_a_row_that_names_a_merged_record_speaks_of_the_one_that_was_kept() -> None:
    load(FULL)
    named = Product.objects.get()
    kept = make_product("Kept name", brand="Another")
    merge_products(kept=kept, merged=named, by="ada", now=timezone.now())
    before = AudioSpecs.objects.get(product=named)
    report = load({**FULL, "weight_g": 123})
    assert (report.created, Product.objects.count()) == (0, 2)
    assert AudioSpecs.objects.get(product=kept).weight_g == 123
    assert AudioSpecs.objects.get(product=named).weight_g == before.weight_g != 123


@pytest.mark.django_db
def test_a_code_names_one_product_and_the_second_claim_is_told() -> None:
    report = load(
        {"brand": "Acme", "model": "A", "asin": ["B0ABCDEFGH"]}, {"brand": "B", "model": "B", "asin": ["B0ABCDEFGH"]}
    )
    assert ProductCode.objects.get().product.model == "A"
    assert str(report.conflicts[0]) == (
        "line 2: ASIN B0ABCDEFGH already names Acme A; it was not given to a second product."
    )
    assert report.created == 2


@pytest.mark.django_db
def test_two_makers_may_use_one_part_number() -> None:
    report = load({"brand": "A", "model": "A", "mpn": ["PN-1000"]}, {"brand": "B", "model": "B", "mpn": ["PN-1000"]})
    assert (ProductCode.objects.count(), report.conflicts) == (2, [])


@pytest.mark.django_db
def test_an_address_that_is_taken_gets_a_number_and_keeps_it() -> None:
    rows = [{"brand": "Alpha", "model": "Beta One"}, {"brand": "Alpha Beta", "model": "One"}]
    assert len(load(*rows).conflicts) == 1
    assert load(*reversed(rows)).changed == 0
    assert set(Product.objects.values_list("slug", flat=True)) == {"alpha-beta-one", "alpha-beta-one-2"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"brand": ""}, "`brand` is missing."),
        ({"model": 7}, "`model` is 7, not text."),
        ({"model": "x" * 161}, "`model` has 161 characters; the longest allowed is 160."),
        ({"kind": "hat"}, "`kind` is 'hat'; known are: headphones, headset."),
        ({"weight_g": "heavy"}, "`weight_g` is 'heavy'; it must be a number."),
        ({"weight_g": -5}, "`weight_g` cannot be Decimal('-5.0')"),
        ({"wireless": "yes"}, "`wireless` is 'yes'; it must be true, false or left out."),
        ({"freq_low_hz": 30000}, "The lowest frequency (30000 Hz) is not below the highest (20500 Hz)."),
        ({"connectors": ["String and tin"]}, "`connectors` holds 'String and tin'; known are: jack_3_5mm"),
        ({"colour": "grey"}, "`colour` is 'grey'; write it as #rrggbb."),
        ({"brand": "…", "model": "!"}, "no letter or digit"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_loaded(change: dict[str, Any], told: str) -> None:
    report = load({**FULL, **change}, {"brand": "Acme", "model": "Good"})
    assert (report.rows, report.created, len(report.errors)) == (2, 1, 1)
    assert report.errors[0].line == 1
    assert told in report.errors[0].text


@pytest.mark.django_db
def test_a_line_that_is_no_row_is_told() -> None:
    report = load(BadRow("is not JSON."), {"brand": "Acme", "model": "Good"})
    assert [str(error) for error in report.errors] == ["line 1: is not JSON."]


@pytest.mark.django_db
def test_a_dry_run_counts_and_stores_nothing() -> None:
    assert load(FULL, dry_run=True).created == 1
    assert not Product.objects.exists()
    assert not Brand.objects.exists()


@pytest.mark.django_db
def test_progress_adds_up_to_the_rows() -> None:
    told: list[int] = []
    load(*({"brand": "Acme", "model": f"M{n}"} for n in range(1500)), progress=told.append)
    assert told == [1000, 500]


@pytest.mark.django_db
def test_statements_do_not_grow_with_rows(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (2, 200):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            load(*({**FULL, "model": f"S{size}-{n}", "asin": [], "gtin": []} for n in range(size)))
        counts.append(len(seen))
    assert counts[0] == counts[1]
