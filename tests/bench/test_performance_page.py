"""The docs say what bench/results.json holds, and a missed goal is never passed over."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench import arithmetic, curves, document, table
from bench.figures import RESULTS, Curve, Figure, Kept, keep, kept
from bench.measures import MEASURES

PAGE = document.DOCS / "performance.md"
REASONS = "## Where a goal is missed"


def a_figure(name: str = "one", **fields: object) -> Figure:
    values: dict[str, object] = {"ratio": 2.0, "goal": 1.0, "ok": True, "unit": "times", "note": "a note"}
    return Figure(name=name, **{**values, **fields})  # type: ignore[arg-type]


def test_the_page_and_its_pictures_are_those_of_the_results() -> None:
    rows = kept()
    for name, parts in document.pages(rows).items():
        text = (document.DOCS / name).read_text(encoding="utf-8")
        assert document.filled(text, parts, name) == text, "run `.venv/bin/python -m bench --docs`"
    drawn = {path.stem: path.read_text() for path in (document.DOCS / document.PICTURES).glob("*.svg")}
    assert drawn == document.pictures(rows)


def test_every_missed_goal_has_its_reason() -> None:
    told = PAGE.read_text(encoding="utf-8").partition(REASONS)[2]
    missed = {row.figure.name for row in kept() if not row.figure.ok}
    assert missed <= set(re.findall(r"`(\w+)`", told))


def test_every_figure_is_of_a_measure_that_there_is() -> None:
    folder = Path(document.__file__).parent
    assert all((folder / f"{name}.py").exists() for name in MEASURES)
    assert {row.measure for row in kept()} <= set(MEASURES)


def test_a_measure_s_new_figures_take_the_place_of_its_former_ones_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    day = date(2026, 11, 27)
    keep({"pages": [a_figure("page")], "alerts": [a_figure("alert")]}, day=day, machine="first", path=path)
    keep({"pages": [a_figure("page", ratio=3.0), a_figure("other")]}, day=day, machine="second", path=path)
    found = [(row.figure.name, row.figure.ratio, row.machine) for row in kept(path)]
    assert found == [("page", 3.0, "second"), ("other", 2.0, "second"), ("alert", 2.0, "first")]


def test_a_figure_comes_back_from_the_file_as_it_went_in(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    curve = Curve(title="Growth", x="rows", y="ms", points=((1000, 1.5), (10_000, 3)))
    keep({"pages": [a_figure(curve=curve)]}, day=date(2026, 11, 27), machine="here", path=path)
    assert kept(path) == [Kept(figure=a_figure(curve=curve), measure="pages", day=date(2026, 11, 27), machine="here")]
    assert len(json.loads(path.read_text())) == 1


@pytest.mark.parametrize(
    ("ratio", "goal", "unit", "ok", "told"),
    [
        (3.18, 4, "times", False, ("3.18", "≥ 4")),
        (0.057, 0.1, "of it (less is better)", True, ("0.057", "≤ 0.1")),
        (1229.0, 0, "µs", True, ("1,229", "–")),
    ],
)
def test_a_row_says_what_was_reached_and_what_is_wanted(
    ratio: float, goal: float, unit: str, ok: bool, told: tuple[str, str]
) -> None:
    figure = a_figure(ratio=ratio, goal=goal, unit=unit, ok=ok)
    assert (table.number(figure.ratio), table.goal(figure)) == told


def test_a_missed_goal_is_said_in_the_table_and_on_the_terminal() -> None:
    row = replace(kept(RESULTS)[0], figure=a_figure("slow", ok=False, ratio=0.5))
    assert "**0.5**, missed" in table.markdown([row])
    assert "MISSED" in table.plain([row.figure])


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="<!-- summary -->"):
        document.filled("# Nothing to fill", {"summary": "words"}, "performance.md")


def test_a_curve_shows_each_point_and_says_it_in_words() -> None:
    curve = Curve(title="Links & more", x="links", y="ms", points=((1_000, 2.5), (1_000_000, 40)))
    drawn = curves.svg(curve)
    assert drawn.count("<circle") == 2
    assert "Links &amp; more" in drawn
    assert curves.told(curve) == "Links & more: ms by links: 2.5 at 1k, 40 at 1M"


def test_a_note_that_no_longer_says_its_rate_is_no_rate_of_nothing() -> None:
    rows = [replace(row, figure=replace(row.figure, note="quick")) for row in kept()]
    with pytest.raises(ValueError, match="does not say"):
        arithmetic.rates(rows)


def test_ten_times_the_clicks_need_ten_times_the_room_and_a_page_is_never_sent_by_no_process() -> None:
    small, large = arithmetic.Site("s", 1, 1_000_000, 1), arithmetic.Site("l", 1, 10_000_000, 1)
    told = {line.split(" | ")[0]: line for line in arithmetic.sites(kept(), [small, large]).splitlines()}
    gigabytes = [
        float(word.replace(",", "")) for word in re.findall(r"([\d.,]+) GB", told["| clicks stored in a year"])
    ]
    assert gigabytes[1] == pytest.approx(gigabytes[0] * 10, rel=0.01)
    assert "| 3 |" in told["| web processes, if no CDN stands before them"]
