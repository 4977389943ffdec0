"""`manage.py import_catalogue` on files: small ones with every fault, and the collected catalogue as a whole."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Product, ProductCode, SpecEvidence

pytestmark = pytest.mark.django_db


def run(file: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_catalogue", str(file), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"brand": "Acme", "model": "A"}\n\n{"brand": "Acme", "model": "B"}\n')
    return path


def test_says_what_was_done_and_then_that_nothing_was_left_to_do(file: Path) -> None:
    assert "2 rows: 2 created, 0 updated, 0 unchanged, 0 not loaded" in run(file)
    assert "Nothing changed: all of it was known already." in run(file)


def test_a_dry_run_stores_nothing(file: Path) -> None:
    assert "2 would be created" in run(file, "--dry-run")
    assert not Product.objects.exists()


def test_bad_lines_are_listed_by_number_and_end_in_an_error(file: Path) -> None:
    with file.open("ab") as handle:
        handle.write(b'{"brand": "Acme"\n[1]\n\xff\xfe\n{"brand": "Acme", "model": "C", "kind": "hat"}\n')
    out = io.StringIO()
    with pytest.raises(CommandError, match="4 of 6 rows were not loaded; the others were"):
        call_command("import_catalogue", str(file), stdout=out, stderr=io.StringIO())
    told = out.getvalue()
    assert "line 4: is not JSON: Expecting" in told
    assert "line 5: is list, not an object with keys." in told
    assert "line 6: is not UTF-8 (byte 1 is 0xff)." in told
    assert "line 7: `kind` is 'hat'; known are: headphones, headset." in told
    assert Product.objects.count() == 2


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.jsonl cannot be read: No such file or directory\."):
        run(tmp_path / "none.jsonl")


@pytest.mark.real_data
def test_the_collected_catalogue_is_loaded_whole_and_only_once(shared: Path) -> None:
    file = shared / "data" / "catalogue.jsonl"
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    told = run(file)
    assert "7091 rows: 7090 created, 1 updated, 0 unchanged, 0 not loaded" in told
    assert Counter(Product.objects.values_list("kind", flat=True)) == {"headphones": 5794, "headset": 1096, None: 200}
    stated = Counter(row.get("anc") for row in rows)
    assert Product.objects.filter(specs__anc=True).count() == stated[True]
    assert Product.objects.filter(specs__anc__isnull=True).count() == stated[None] - 1
    assert Product.objects.filter(kind="headset").exclude(specs__mic_grade="communication").count() == 0
    assert ProductCode.objects.filter(scheme="asin").count() > 700
    assert SpecEvidence.objects.filter(product__specs__anc=True, spec="anc").count() >= stated[True]
    again = run(file)
    assert "0 created, 0 updated, 7091 unchanged" in again
    assert "Nothing changed" in again
