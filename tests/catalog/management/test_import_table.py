"""`manage.py import_table` says what came of every row, and fails when one was left out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Product, TableImport
from tests.catalog.services.table_imports.bringing import table
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
GOOD = {"brand": "Acme", "model": "One", "anc": "yes"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def run(path: Path, *args: str, rows: list[dict[str, str]]) -> str:
    path.write_bytes(table(*rows))
    out, err = io.StringIO(), io.StringIO()
    call_command("import_table", "products", str(path), *args, stdout=out, stderr=err)
    return out.getvalue()


def test_a_dry_run_stores_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    told = run(tmp_path / "a.csv", "--dry-run", rows=[GOOD])
    assert "1 rows: 1 would be new, 0 would be changed, 0 the same, 0 wrong." in told
    assert not Product.objects.exists()
    assert not TableImport.objects.exists()


def test_running_it_again_changes_nothing(tmp_path: Path) -> None:
    assert "1 new" in run(tmp_path / "a.csv", rows=[GOOD])
    assert "0 new, 0 changed, 1 the same, 0 wrong." in run(tmp_path / "a.csv", rows=[GOOD])


def test_wrong_rows_are_told_handed_back_and_fail_the_command(tmp_path: Path) -> None:
    rejected = tmp_path / "rejected.csv"
    with pytest.raises(CommandError, match="1 of 2 rows are wrong"):
        run(tmp_path / "a.csv", "--rejected", str(rejected), rows=[GOOD, GOOD | {"model": "Two", "anc": "perhaps"}])
    assert "neither yes nor no" in rejected.read_text(encoding="utf-8-sig")
    assert Product.objects.count() == 1


def test_the_rights_of_the_account_count(tmp_path: Path) -> None:
    make_staff("ada", "catalog.change_product")
    with pytest.raises(CommandError, match="1 of 1 rows are wrong"):
        run(tmp_path / "a.csv", "--by", "ada", rows=[GOOD])
    with pytest.raises(CommandError, match="There is no account “bob”"):
        run(tmp_path / "a.csv", "--by", "bob", rows=[GOOD])


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_table", "products", str(tmp_path / "none.csv"))
