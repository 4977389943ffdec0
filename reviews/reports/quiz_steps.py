"""How do people get through the questions: where do they begin, pass over, go back, and what are they told?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum

from catalog.click_reports import Counts, Dimension, Window, clicks_by
from recommender.models import StepTally
from recommender.questions import BY_KEY, QUESTIONS, Question
from recommender.steps import ALL, OWN
from reviews.reports.chart import Chart, chart
from reviews.reports.page import Choice, presets

# The first level of the place of a link under a result is this letter and the version of the rules.
PLACE = "q"
COLUMNS = ("day", "rules", "step", "question or kind", "answer or outcome", "times")
_OWN_WORDS = "An answer of their own"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    label: str
    times: int
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """`skipped` and `back` with their share of the times it was asked."""

    label: str
    asked: int
    answered: int
    skipped: str
    back: str
    answers: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsPage:
    """`chart` has the starts as all and the results as those filled in."""

    title: str
    windows: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    figures: tuple[tuple[str, str], ...]
    chart: Chart
    said: str
    questions: tuple[QuestionLine, ...]
    results: tuple[AnswerLine, ...]
    csv: str
    since: date
    until: date

    @property
    def is_empty(self) -> bool:
        return not self.questions and not self.results


def steps_page(window: Window, *, version: str, today: date) -> StepsPage:
    """Four queries. `version` is that of the rules, empty for all."""
    rows = StepTally.objects.filter(day__range=(window.since, window.until))
    versions = sorted(set(rows.order_by().values_list("version", flat=True).distinct()))
    rows = rows.filter(version=version) if version else rows
    sums = {
        (step, subject, option): times
        for step, subject, option, times in rows.order_by()
        .values("step", "subject", "option")
        .annotate(all=Sum("times"))
        .values_list("step", "subject", "option", "all")
    }
    by_day = _by_day(rows)
    clicks = clicks_by(Dimension.PAGE, window, begins=f"{PLACE}{version}")
    starts = sums.get(("asked", "do", ""), 0) + sums.get(("asked", ALL, ""), 0)
    results = _total(sums, "result")
    return StepsPage(
        title="Steps through the questions",
        windows=tuple(
            Choice(label=label, href=_query(span, version), is_chosen=span == window) for label, span in presets(today)
        ),
        versions=tuple(
            Choice(label=one or "All rules", href=_query(window, one), is_chosen=one == version)
            for one in ("", *versions)
        ),
        figures=(
            ("Started", f"{starts:,}"),
            ("Sentences read", f"{_total(sums, 'read'):,}"),
            ("of them nothing understood", f"{sums.get(('read', 'text', 'nothing'), 0):,}"),
            ("Results shown", f"{results:,}"),
            ("Products clicked", f"{sum(one.net_clicks for one in clicks.values()):,}"),
        ),
        chart=chart(by_day, window),
        said=f"{starts:,} starts and {results:,} results. All are in the table below.",
        questions=tuple(line for question in QUESTIONS if (line := _question(question, sums)).asked or line.answered),
        results=tuple(_results(sums, results)),
        csv=_query(window, version, format="csv"),
        since=window.since,
        until=window.until,
    )


def _query(window: Window, version: str, **more: str) -> str:
    asked = {"since": window.since.isoformat(), "until": window.until.isoformat(), "rules": version, **more}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _by_day(rows: Any) -> dict[date, Counts]:
    """Starts and results of each day."""
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    wanted = rows.filter(step__in=("asked", "result")).order_by()
    for day, step, subject, times in wanted.values_list("day", "step", "subject", "times"):
        if step == "result":
            found[day][1] += times
        elif subject in ("do", ALL):
            found[day][0] += times
    # results may be more than starts: shared addresses begin there
    return {day: Counts(max(both), both[1]) for day, both in found.items()}


def _total(sums: Mapping[tuple[str, str, str], int], step: str) -> int:
    return sum(times for (name, _, _), times in sums.items() if name == step)


def _question(question: Question, sums: Mapping[tuple[str, str, str], int]) -> QuestionLine:
    asked = sums.get(("asked", question.key, ""), 0)
    given = {option: times for (step, key, option), times in sums.items() if (step, key) == ("answered", question.key)}
    answered = sum(given.values())
    return QuestionLine(
        label=question.title,
        asked=asked,
        answered=answered,
        skipped=_of(sums.get(("skipped", question.key, ""), 0), asked),
        back=_of(sums.get(("back", question.key, ""), 0), asked),
        answers=tuple(
            AnswerLine(label=_label(question, option), times=times, share=_share(times, answered))
            for option, times in sorted(given.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _label(question: Question, option: str) -> str:
    if option == OWN:
        return _OWN_WORDS
    found = BY_KEY[question.key].option(option)
    return found.label if found else f"{option} (no longer offered)"


def _results(sums: Mapping[tuple[str, str, str], int], total: int) -> Iterable[AnswerLine]:
    kinds = {"headset": "A headset", "headphones": "Headphones", "either": "Either"}
    outcomes = {"match": "products fit", "relaxed": "nothing fits as it stands", "clarify": "a question is left"}
    found = [(subject, option, times) for (step, subject, option), times in sums.items() if step == "result"]
    for subject, option, times in sorted(found, key=lambda item: (-item[2], item[:2])):
        label = f"{kinds.get(subject, subject)}, {outcomes.get(option, option)}"
        yield AnswerLine(label=label, times=times, share=_share(times, total))


def _share(times: int, total: int) -> str:
    return f"{times / total:.0%}" if total else ""


def _of(times: int, asked: int) -> str:
    return f"{times:,} ({_share(times, asked)})" if asked else f"{times:,}"


def cells(window: Window, *, version: str) -> Iterable[list[object]]:
    """Every tally of these days, as a CSV file's rows."""
    rows = StepTally.objects.filter(day__range=(window.since, window.until))
    rows = rows.filter(version=version) if version else rows
    for row in rows.order_by("day", "version", "step", "subject", "option").iterator():
        yield [row.day, row.version, row.step, row.subject, row.option, row.times]
