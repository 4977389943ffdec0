"""Rows of products: found, made, changed; codes, specs and who says them; each mistake said once, at its column."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Product, ProductCode, SpecEvidence
from tests.catalog.services.table_imports.bringing import counts, problems, said, stored, tried
from tests.factories import make_product, make_staff

pytestmark = pytest.mark.django_db
NEW = {"brand": "Acme", "model": "One", "kind": "headphones", "type": "over-ear"}


def test_a_new_row_makes_product_codes_specs_and_evidence() -> None:
    row = NEW | {
        "gtin": "4006381333931",
        "mpn": "AC-1 | AC-1B",
        "weight_g": "254,5",
        "anc": "yes",
        "radios": "bluetooth, rf_24ghz",
        "platforms": "none",
        "anc_source": "Acme | The lab",
        "anc_source_url": "https://acme.example/one |",
        "anc_checked_on": "2026-05-01 | 2026-06-01",
    }
    assert counts(stored("products", row)) == (1, 0, 0, 0)
    product = Product.objects.select_related("specs").get()
    assert (product.slug, product.name, product.kind) == ("acme-one", "Acme One", "headphones")
    assert (str(product.specs.weight_g), product.specs.anc) == ("254.5", True)
    assert (product.specs.radios, product.specs.platforms) == (["bluetooth", "rf_24ghz"], [])
    assert set(product.codes.values_list("scheme", "value")) == {
        ("gtin", "4006381333931"),
        ("mpn", "AC-1"),
        ("mpn", "AC-1B"),
    }
    evidence = product.evidence.filter(spec="anc").values_list("source", "source_url", "checked_on")
    assert [(source, url, str(day)) for source, url, day in evidence] == [
        ("Acme", "https://acme.example/one", "2026-05-01"),
        ("The lab", "", "2026-06-01"),
    ]
    assert product.evidence.get(spec="weight_g").source == "editor"


def test_a_trial_stores_nothing() -> None:
    assert counts(tried("products", NEW)) == (1, 0, 0, 0)
    assert not Product.objects.exists()


def test_changed_cells_say_from_what_to_what() -> None:
    product = make_product(summary="Old.")
    done = stored("products", {"slug": product.slug, "summary": "New.", "status": "current", "anc": "no"})
    changes = [
        {"column": "summary", "was": "Old.", "becomes": "New."},
        {"column": "anc", "was": "", "becomes": "no"},
    ]
    assert said(done) == [(2, "changed", changes)]
    product.refresh_from_db()
    assert product.summary == "New."


def test_an_empty_cell_leaves_what_is_known_and_clear_takes_it_away() -> None:
    product = make_product(summary="Old.")
    stored("products", {"slug": product.slug, "weight_g": "200", "anc": "yes"})
    done = stored("products", {"slug": product.slug, "weight_g": "", "anc": "(clear)", "summary": ""})
    assert said(done) == [(2, "changed", [{"column": "anc", "was": "yes", "becomes": ""}])]
    product = Product.objects.select_related("specs").get()
    assert (str(product.specs.weight_g), product.specs.anc, product.summary) == ("200.0", None, "Old.")


def test_it_is_found_by_brand_model_and_variant_whatever_their_case() -> None:
    make_product("One")
    assert counts(stored("products", {"brand": "ACME", "model": "one", "status": "discontinued"})) == (0, 1, 0, 0)
    assert Product.objects.get().status == "discontinued"
    assert counts(stored("products", {"brand": "Acme", "model": "One", "variant": "wireless"})) == (1, 0, 0, 0)


def test_who_vouched_for_the_old_value_is_not_quoted_for_the_new_one() -> None:
    product = make_product()
    given = {"slug": product.slug, "anc_source": "Acme", "anc_checked_on": "2026-05-01"}
    stored("products", given | {"anc": "yes"})
    stored("products", given | {"anc": "no"})  # the source was only carried along
    assert [entry.source for entry in SpecEvidence.objects.filter(spec="anc")] == ["editor"]
    stored("products", given | {"anc": "yes", "anc_source": "The lab"})
    assert [entry.source for entry in SpecEvidence.objects.filter(spec="anc")] == ["The lab"]


def test_sources_that_the_file_does_not_name_stay_in_the_ledger() -> None:
    product = make_product()
    stored("products", {"slug": product.slug, "anc": "yes", "anc_source": "Acme"})
    SpecEvidence.objects.filter(source="Acme").update(tester="Ada", is_measured=True)
    stored("products", {"slug": product.slug, "anc": "yes", "anc_source": "The lab"})
    stored("products", {"slug": product.slug, "anc_source": "Acme", "anc_source_url": "https://acme.example/"})
    rows = SpecEvidence.objects.filter(spec="anc").order_by("pk").values_list("source", "source_url", "tester")
    assert list(rows) == [("Acme", "https://acme.example/", "Ada"), ("The lab", "", "")]


def test_a_code_that_the_cell_does_not_name_any_more_is_taken_away() -> None:
    product = make_product()
    ProductCode.objects.create(product=product, scheme="gtin", value="4006381333931")
    done = stored("products", {"slug": product.slug, "gtin": "5901234123457"})
    assert said(done)[0][2] == [{"column": "gtin", "was": "4006381333931", "becomes": "5901234123457"}]
    assert [code.value for code in product.codes.all()] == ["5901234123457"]


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "model is missing": ({"brand": "Acme"}, "model: It is needed"),
    "kind": (NEW | {"kind": "hat"}, "kind: “hat” is not one of: headphones, headset."),
    "type of the other kind": (NEW | {"type": "gaming"}, "This type belongs to the other kind."),
    "status": (NEW | {"status": "gone"}, "status: “gone” is not one of: current, discontinued."),
    "status cannot be cleared": (NEW | {"status": "(clear)"}, "status: It cannot be cleared."),
    "too long": (NEW | {"summary": "x" * 301}, "summary: It has 301 characters; at most 300 fit."),
    "slug": (NEW | {"slug": "A Slug!"}, "slug: “A Slug!” is no address"),
    "colour": (NEW | {"colour": "red"}, "colour: “red” is no colour"),
    "gtin": (NEW | {"gtin": "4006381333930"}, "gtin: “4006381333930” is no GTIN"),
    "gtin of a spreadsheet": (NEW | {"gtin": "4.00638E+12"}, "gtin: “4.00638E+12” is no GTIN"),
    "asin": (NEW | {"asin": "B0"}, "asin: “B0” is no ASIN"),
    "mpn": (NEW | {"mpn": "x" * 65}, "mpn: It has 65 characters"),
    "gtin of another": (NEW | {"gtin": "96385074"}, "gtin: 0000096385074 names Acme Other (acme-other) already."),
    "flag": (NEW | {"anc": "maybe"}, "anc: “maybe” is neither yes nor no."),
    "number": (NEW | {"weight_g": "about 200"}, "weight_g: “about 200” is no number."),
    "separator": (NEW | {"impedance_ohm": "1,000"}, "impedance_ohm: “1,000” can be read in two ways."),
    "whole": (NEW | {"impedance_ohm": "3.5"}, "impedance_ohm: “3.5” must be a whole number."),
    "decimals": (NEW | {"weight_g": "1.25"}, "weight_g: “1.25” has more than 1 decimal places."),
    "range": (NEW | {"release_year": "99999"}, "release_year: “99999” must be from 0 to 32,767."),
    "frequencies": (
        NEW | {"frequency_low_hz": "90", "frequency_high_hz": "20"},
        "The lowest frequency must be below the highest.",
    ),
    "one of a list": (NEW | {"radios": "bluetooth | wifi"}, "radios: “wifi” is not one of: bluetooth, dect, rf_24ghz."),
    "day": (NEW | {"anc_source": "Acme", "anc_checked_on": "1.5.26"}, "anc_checked_on: “1.5.26” is no day"),
    "address": (NEW | {"anc_source": "A", "anc_source_url": "acme"}, "anc_source_url: “acme” is no address"),
    "no source": (NEW | {"anc_source_url": "https://a.example/"}, "anc_source_url: It has more parts than anc_source"),
    "signs": (NEW | {"summary": "a\ufffdb"}, "summary: It holds signs that are no text."),
    "nothing for a slug": ({"brand": "聲", "model": "一"}, "slug: Brand and model have no letter or digit"),
    "known by another slug": ({"brand": "Acme", "model": "Other", "slug": "other"}, "slug: Acme Other is here already"),
    "unknown slug": ({"slug": "nobody"}, "brand: There is no product “nobody” here"),
    "merged": ({"slug": "acme-merged", "summary": "New."}, "slug: It was merged into acme-other."),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_said_at_its_column_and_stops_no_other_row(name: str) -> None:
    other = make_product("Other")
    ProductCode.objects.create(product=other, scheme="gtin", value="0000096385074")
    make_product("Merged", merged_into=other)
    row, expected = MISTAKES[name]
    done = stored("products", row, {"brand": "Acme", "model": "Good"})
    assert counts(done) == (1, 0, 0, 1)
    assert problems(done)[0].startswith(expected), problems(done)
    assert Product.objects.filter(slug="acme-good").exists()


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    assert len(problems(tried("products", NEW | {"anc": "maybe", "kind": "hat", "gtin": "1"}))) == 3


def test_two_rows_about_one_product_are_one_and_a_mistake() -> None:
    done = stored("products", NEW, NEW | {"summary": "Again."})
    assert counts(done) == (1, 0, 0, 1)
    assert problems(done) == ["Row 2 is about the same product. Keep one of the two."]


def test_who_may_change_but_not_add_makes_no_product_no_brand_and_takes_no_code_away() -> None:
    product = make_product()
    ProductCode.objects.create(product=product, scheme="gtin", value="4006381333931")
    editor = make_staff("changes", "catalog.change_product", "catalog.change_audiospecs")
    rows: list[dict[str, object]] = [
        {"slug": "", "brand": "Acme", "model": "Two", "gtin": "", "summary": ""},
        {"slug": product.slug, "brand": "Nobody", "model": "", "gtin": "", "summary": ""},
        {"slug": product.slug + "", "brand": "", "model": "", "gtin": "", "summary": "New."},
    ]
    first = problems(stored("products", rows[0], by=editor))
    assert first == ["It is not here yet, and your role may not add products. Ask somebody who may."]
    assert problems(stored("products", rows[1], by=editor))[0].startswith("brand: There is no brand “Nobody” here")
    gone = {"slug": product.slug, "gtin": "5901234123457"}
    assert problems(stored("products", gone, by=editor))[0].startswith("gtin: Your role may not take codes away")
    assert counts(stored("products", rows[2], by=editor)) == (0, 1, 0, 0)
