"""One row in the words of our columns: both spellings are read, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.services.importing.row import parse
from catalog.services.importing.words import RowError


def specs_of(**row: Any) -> dict[str, Any]:
    return dict(parse({"brand": "Acme", "model": "X", **row}).specs)


class TestMicrophoneGrade:
    """Contradiction A7 of the truth table."""

    @pytest.mark.parametrize(
        ("row", "grade"),
        [
            ({"kind": "headset"}, "communication"),
            ({"kind": "headset", "microphone": False}, "communication"),
            ({"kind": "headphones", "microphone": True}, "incidental"),
            ({"kind": "headphones", "mic_form": "inline"}, "incidental"),
            ({"kind": "headphones", "microphone": True, "mic_form": "boom"}, "communication"),
            ({"kind": "headphones", "microphone": True, "uc_certified": ["X"]}, "communication"),
            ({"kind": "headphones", "microphone": False}, "none"),
            ({"microphone": False}, "none"),
            ({"microphone": True}, None),
            ({"kind": "headphones"}, None),
            ({}, None),
            ({"kind": "headset", "mic_grade": "incidental"}, "incidental"),
        ],
    )
    def test_follows_from_kind_form_and_certificate(self, row: dict[str, Any], grade: str | None) -> None:
        assert specs_of(**row).get("mic_grade") == grade


class TestType:
    def type_of(self, **row: Any) -> str | None:
        found = parse({"brand": "A", "model": "X", **row}).type
        return found.value if found else None

    def test_headphones_have_the_type_of_their_form(self) -> None:
        assert self.type_of(kind="headphones", form_factor="earbud") == "in-ear"
        assert self.type_of(kind="headphones", form_factor="over-ear", anc=True) == "over-ear"

    def test_a_form_that_the_source_does_not_separate_is_unknown(self) -> None:
        assert specs_of(kind="headphones", form_factor="over-or-on-ear") == {}
        assert self.type_of(kind="headphones", form_factor="over-or-on-ear") is None
        assert self.type_of(kind="headphones", form_factor="over-or-on-ear", wireless=True) == "wireless"

    def test_a_type_of_the_other_kind_is_left_out_and_told(self) -> None:
        row = parse({"brand": "A", "model": "X", "kind": "headphones", "headset_type": "business"})
        assert (row.type, row.notes) == (None, ("type 'business' belongs to headsets; it was left out.",))

    def test_no_type_without_a_kind(self) -> None:
        assert self.type_of(headset_type="gaming") is None


def test_a_wired_model_is_known_to_have_no_radio() -> None:
    assert specs_of(wireless=False)["radios"] == []
    assert "radios" not in specs_of(wireless=True)


def test_our_own_column_is_believed_over_the_collected_spelling() -> None:
    assert specs_of(frequency_low_hz=5, freq_low_hz=20, freq_high_khz=20)["frequency_low_hz"] == 5


def test_all_problems_of_a_row_are_told_at_once() -> None:
    with pytest.raises(RowError, match=r"`brand` is missing.*`kind` is 'x'.*`anc` is 3"):
        parse({"model": "M", "kind": "x", "anc": 3})
