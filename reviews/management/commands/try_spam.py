"""How often would what was learned of spam have been right? Of this site's decisions, or of a file's."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.comments.spam_trial import PARTS, Outcome, Trial, tried
from reviews.comments.spam_words import Example, sums_of
from reviews.models import SpamExample
from reviews.spam_filter import words_key

_PERCENTS = (55, 60, 65, 70, 75, 80, 85, 90, 95)


class Command(BaseCommand):
    help = "Precision and recall by threshold, each comment judged by what was decided before it. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="Lines of: spam or kept, a tab, language, a tab, text.")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        examples = _of_file(file) if file else _of_site()
        spam = sum(example.is_spam for example in examples)
        self.stdout.write(f"{len(examples)} comments, {spam} of them spam, in {PARTS} parts by time.")
        for line in _lines(tried(examples)):
            self.stdout.write(line)


def _of_site() -> list[Example]:
    rows = SpamExample.objects.order_by("decided_at", "pk").values_list("is_spam", "words")
    return [Example(is_spam, frozenset(words)) for is_spam, words in rows]


def _of_file(path: Path) -> list[Example]:
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3 or cells[0] not in ("spam", "kept"):
            raise CommandError(f"Line {number} is not “spam” or “kept”, a tab, a language, a tab and a text.")
        found.append(Example(cells[0] == "spam", sums_of(cells[2], words_key())))
    return found


def _lines(trial: Trial) -> list[str]:
    return ["from   precision  recall  spam held / passed  others held / passed", *map(_line, map(trial.at, _PERCENTS))]


def _line(one: Outcome) -> str:
    precision, recall = (f"{value:.3f}" if value is not None else "–" for value in (one.precision, one.recall))
    return (
        f"{one.percent} %   {precision:>9}  {recall:>6}  {one.spam_held:>9} / {one.spam_passed:<6}  "
        f"{one.kept_held:>11} / {one.kept_passed}"
    )
