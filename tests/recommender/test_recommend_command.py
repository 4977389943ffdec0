"""`manage.py recommend` as the vocabulary asks for it; in its own process where the exit code counts."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {"id", "kind", "types", "facets", "must_have", "excluded", "fired", "overridden", "advisories", "outcome"}


def a_scenario(name: str, text: str = "I play chess.", **needs: Any) -> str:
    return json.dumps({"id": name, "text": text, "needs": needs})


def predictions(source: Path, out: Path, track: str = "structured") -> dict[str, dict[str, Any]]:
    call_command("recommend", scenarios=str(source), track=track, out=str(out), stderr=StringIO())
    return read(out)


def read(out: Path) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row for row in rows}


def test_one_prediction_a_line_with_the_scored_fields(tmp_path: Path) -> None:
    source = tmp_path / "s.jsonl"
    source.write_text(
        a_scenario("A", activities={"music": 1}) + "\n\n" + a_scenario("B", activities={"call_centre": 1})
    )
    found = predictions(source, tmp_path / "p.jsonl")
    assert (found["A"]["kind"], found["B"]["kind"]) == ("headphones", "headset")
    assert found["A"].keys() >= FIELDS
    assert "UHS-3" in found["B"]["fired"]


def test_masked_takes_the_microphone_answers_away(tmp_path: Path) -> None:
    source = tmp_path / "s.jsonl"
    needs = {"activities": {"video_meetings": 1}, "mic_need": "none", "will_use_separate_mic": True}
    source.write_text(a_scenario("A", **needs))
    assert predictions(source, tmp_path / "p.jsonl")["A"]["kind"] == "headphones"
    assert predictions(source, tmp_path / "p.jsonl", "masked")["A"]["kind"] == "headset"


def test_text_uses_the_text_alone(tmp_path: Path) -> None:
    source = tmp_path / "s.jsonl"
    source.write_text(a_scenario("A", text="Eight-hour shifts in a call centre.", activities={"music": 1}))
    assert predictions(source, tmp_path / "p.jsonl", "text")["A"]["kind"] == "headset"


def test_bad_lines_are_named_the_others_are_answered_and_the_exit_code_is_one(tmp_path: Path) -> None:
    source, out = tmp_path / "s.jsonl", tmp_path / "p.jsonl"
    lines = [
        a_scenario("A", activities={"music": 1}),
        "{not json",
        "[1, 2]",
        '{"needs": {}}',
        '{"id": "E"}',
        a_scenario("F", activities={"music": 1}, environment=["moon"], mood="good"),
        a_scenario("G", activities={"call_centre": 1}),
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "manage.py", "recommend", "--scenarios", str(source), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert list(read(out)) == ["A", "F", "G"]
    assert "s.jsonl, line 2: not readable as JSON" in done.stderr
    assert "s.jsonl, line 3: a scenario is an object" in done.stderr
    assert "s.jsonl, line 4: the scenario has no id" in done.stderr
    assert "s.jsonl, line 5: E has no needs" in done.stderr
    assert "s.jsonl, line 6 (F): mood: there is no such field." in done.stderr
    assert "“moon” is not a value we know" in done.stderr
    assert "5 of the lines had problems; 3 predictions were written." in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_line_says_beside_an_unknown_word_still_counts(tmp_path: Path) -> None:
    source, out = tmp_path / "s.jsonl", tmp_path / "p.jsonl"
    source.write_text(a_scenario("F", activities={"music": 1}, environment=["moon", "library"]))
    with pytest.raises(CommandError, match="1 of the lines had problems"):
        call_command("recommend", scenarios=str(source), out=str(out), stderr=StringIO())
    assert "closed_back" in read(out)["F"]["must_have"]


def test_an_unknown_activity_is_no_error_but_a_question(tmp_path: Path) -> None:
    source = tmp_path / "s.jsonl"
    source.write_text(a_scenario("A", activities={"beekeeping": 1}))
    assert predictions(source, tmp_path / "p.jsonl")["A"]["outcome"] == "clarify"


def test_a_scenario_without_text_is_named_on_the_text_track(tmp_path: Path) -> None:
    source = tmp_path / "s.jsonl"
    source.write_text('{"id": "A", "needs": {}}')
    with pytest.raises(CommandError):
        call_command("recommend", scenarios=str(source), track="text", out=str(tmp_path / "p"), stderr=StringIO())


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("recommend", scenarios="nowhere.jsonl")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("recommend", scenarios=str(tmp_path / "s.jsonl"))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text(a_scenario("A", activities={"music": 1}))
    with pytest.raises(CommandError, match="Name a file in a folder that exists"):
        call_command("recommend", scenarios=str(tmp_path / "s.jsonl"), out=str(tmp_path / "no" / "p.jsonl"))


def test_needs_are_answered_for_people() -> None:
    out = StringIO()
    call_command("recommend", needs='{"activities": [{"name": "gaming_voice", "weight": 1}]}', stdout=out)
    assert out.getvalue().startswith("headset")
    assert "because [UHS-1]" in out.getvalue() or "because [DEF-4]" in out.getvalue()


def test_needs_that_cannot_be_read_are_named() -> None:
    with pytest.raises(CommandError, match="mic_need: “maybe” is not a value we know"):
        call_command("recommend", needs='{"mic_need": "maybe"}')
    with pytest.raises(CommandError, match="not readable as JSON"):
        call_command("recommend", needs="{")


def test_the_rules_can_be_checked() -> None:
    out = StringIO()
    call_command("recommend", check=True, stdout=out)
    assert "every example holds" in out.getvalue()


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("track", "kind", "joint"), [("structured", 0.95, 0.9), ("masked", 0.93, 0.85), ("text", 0.9, 0.6)]
)
def test_the_development_scenarios_reach_the_bar(
    shared: Path, tmp_path: Path, track: str, kind: float, joint: float
) -> None:
    source, out = shared / "recommender" / "scenarios.dev.jsonl", tmp_path / "p.jsonl"
    predictions(source, out, track)
    command = [sys.executable, str(shared / "recommender" / "score.py"), str(source), str(out)]
    scored = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].split()
    assert float(scored[scored.index("kind") + 1]) >= kind
    assert float(scored[scored.index("joint") + 1]) >= joint
