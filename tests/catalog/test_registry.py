"""A line in a registry is checked when the site starts, and the message names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.networks.base import Network
from catalog.registry import RegistryError, plug_ins

GOOD = """
from catalog.networks.base import Network

class {name}(Network):
    key = "{key}"
    label = "A network"

    def tagged_url(self, target, settings, *, sub_id, place=""):
        return target
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty importable folder, new for each test."""
    folder = tmp_path / f"nets_{abs(hash(tmp_path))}"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_the_table_has_the_plug_ins_in_the_order_of_the_lines(package: Path) -> None:
    (package / "second.py").write_text(GOOD.format(name="Second", key="second"))
    (package / "first.py").write_text(GOOD.format(name="First", key="first"))
    assert list(plug_ins(package.name, Network, "second", "first")) == ["second", "first"]


def test_a_missing_file_is_named(package: Path) -> None:
    with pytest.raises(RegistryError, match=r"lists “nobody”, but there is no file nobody\.py"):
        plug_ins(package.name, Network, "nobody")


def test_a_key_that_is_not_the_files_name_is_refused(package: Path) -> None:
    (package / "one.py").write_text(GOOD.format(name="One", key="uno"))
    with pytest.raises(RegistryError, match="key is 'uno'; it must be the file's name, 'one'"):
        plug_ins(package.name, Network, "one")


def test_a_file_without_a_plug_in_is_refused(package: Path) -> None:
    (package / "empty.py").write_text("")
    with pytest.raises(RegistryError, match="must define exactly one Network; it defines 0"):
        plug_ins(package.name, Network, "empty")


def test_a_file_with_two_is_refused(package: Path) -> None:
    text = GOOD.format(name="A", key="two") + GOOD.format(name="B", key="two")
    (package / "two.py").write_text(text)
    with pytest.raises(RegistryError, match="it defines 2"):
        plug_ins(package.name, Network, "two")


def test_a_name_that_stands_twice_is_refused(package: Path) -> None:
    with pytest.raises(RegistryError, match="a name stands twice"):
        plug_ins(package.name, Network, "one", "one")


def test_a_plug_in_that_cannot_import_something_says_so_itself(package: Path) -> None:
    (package / "broken.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(ModuleNotFoundError, match="nothing_of_that_name"):
        plug_ins(package.name, Network, "broken")
