"""A file of products beside the demo's own: loaded once; one that does not fit is said before anything starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.models import Product
from config.embedded import PROJECT
from demo import stock
from demo.more_products import load_products
from demo.processes import DemoError

pytestmark = pytest.mark.django_db


def file_of(folder: Path, *rows: dict[str, object]) -> Path:
    file = folder / "more.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return file


def test_a_file_s_products_stand_beside_the_demo_s_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    stock.fill_catalogue()
    own = Product.objects.count()
    rows: list[dict[str, object]] = [
        {"brand": "Acme", "model": f"M{number}", "kind": "headphones"} for number in range(3)
    ]
    file = file_of(tmp_path, *rows)
    assert load_products(file).startswith("3 rows: 3 created")
    assert load_products(file) == "3 rows: 0 created, 0 updated, 3 unchanged, 0 not loaded, 0 conflicts."
    assert stock.fill_catalogue() == 0
    assert Product.objects.count() == own + 3


def test_rows_that_do_not_fit_are_counted_with_the_way_to_see_them(tmp_path: Path) -> None:
    file = file_of(
        tmp_path, {"brand": "Acme", "model": "One", "kind": "headphones"}, {"brand": "Acme", "kind": "kettle"}
    )
    with pytest.raises(DemoError, match="1 of 2 rows were not loaded; the others were") as raised:
        load_products(file)
    assert f"import_catalogue {file} --dry-run" in str(raised.value)


def test_a_file_that_is_not_there_is_said_before_anything_starts(tmp_path: Path) -> None:
    missing = tmp_path / "no.jsonl"
    answer = subprocess.run(
        [sys.executable, "-m", "demo", "--catalogue", str(missing)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert f"there is no file {missing}" in answer.stderr
