"""The environment is read strictly: nonsense is refused with a sentence that says what to do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_a_flag_understands_the_usual_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for word, meaning in {"1": True, "Yes": True, "on": True, "0": False, "no": False, "": False}.items():
        monkeypatch.setenv("EARMARK_TEST", word)
        assert env.flag("EARMARK_TEST") is meaning


def test_a_flag_refuses_a_word_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_TEST", "maybe")
    with pytest.raises(ImproperlyConfigured, match="EARMARK_TEST is 'maybe'; say 1 or 0"):
        env.flag("EARMARK_TEST")


def test_a_number_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_TEST", "1.5")
    assert env.number("EARMARK_TEST", "0") == Decimal("1.5")
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.integer("EARMARK_TEST", 1)


@pytest.mark.parametrize("zone", ["Mars/X", "Europe", "../etc/passwd", "/etc/localtime", "Europe/Berlin\0"])
def test_a_zone_must_be_one(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setattr(env, "text", lambda name, default="": zone)
    with pytest.raises(ImproperlyConfigured, match=r"EARMARK_TEST is .*; say a zone such as Europe/Berlin"):
        env.time_zone("EARMARK_TEST", "UTC")


def test_a_zone_is_kept_by_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_TEST", "America/Argentina/Ushuaia")
    assert env.time_zone("EARMARK_TEST", "UTC") == "America/Argentina/Ushuaia"


def test_a_secret_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    monkeypatch.setenv("EARMARK_TEST_FILE", str(secret))
    assert env.text("EARMARK_TEST") == "from the file"


def test_a_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_TEST_FILE", "/nowhere/secret")
    with pytest.raises(ImproperlyConfigured, match="EARMARK_TEST_FILE names /nowhere/secret, which cannot be read"):
        env.text("EARMARK_TEST")


def test_a_value_and_a_file_at_once_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EARMARK_TEST", "here")
    monkeypatch.setenv("EARMARK_TEST_FILE", str(tmp_path / "there"))
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.text("EARMARK_TEST")


def test_empty_is_as_good_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_TEST", "")
    assert env.text("EARMARK_TEST", "default") == "default"
    assert env.integer("EARMARK_TEST", 7) == 7
    assert env.flag("EARMARK_TEST", default=True) is True


def test_words_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARMARK_TEST", " a, b ,,c ")
    assert env.words("EARMARK_TEST") == ["a", "b", "c"]
