"""`manage.py recommend`: what does the engine decide for one person, or for a file of scenarios?"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommender.advice import Advice, advise
from recommender.answers import Needs, NeedsError, Problem, needs_from_mapping
from recommender.decision import Decision
from recommender.engine import decide
from recommender.engine.rehearsal import faults_in
from recommender.explain import reasons
from recommender.floors import is_below
from recommender.kept_catalogue import kept_catalogue
from recommender.ranking import Catalogue
from recommender.reading_text import needs_from_text
from recommender.rules import RulesError, RuleSet, load

TRACKS = ("structured", "masked", "text")
MASKED = ("mic_need", "will_use_separate_mic")


class Command(BaseCommand):
    help = "Decide headset or headphones: for --needs, for --text, or for every line of a file of scenarios."
    # the engine needs neither database nor settings to be sound
    requires_system_checks: list[str] = []
    catalogue: Catalogue | None = None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--scenarios", metavar="FILE.jsonl", help="one scenario a line: id, needs, text")
        what.add_argument("--needs", metavar="JSON", help="needs in the words of the vocabulary")
        what.add_argument("--text", metavar="WORDS", help="what the person says, in English")
        what.add_argument("--check", action="store_true", help="check the rule files and play their own examples")
        parser.add_argument("--track", choices=TRACKS, default="structured")
        parser.add_argument(
            "--catalogue",
            action="store_true",
            help="look into the products of this site too: the outcome is “relaxed” where nothing fits as it stands",
        )
        parser.add_argument("--out", metavar="predictions.jsonl", help="where predictions go (default: printed)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ruleset = load()
        except RulesError as error:
            raise CommandError(f"The rules cannot be used:\n{error}") from error
        self.catalogue = self.products() if options["catalogue"] else None
        if options["check"]:
            self.check_rules(ruleset)
        elif options["scenarios"]:
            self.answer_file(Path(options["scenarios"]), options["track"], options["out"], ruleset)
        else:
            self.answer_one(options["needs"], options["text"], ruleset)

    def check_rules(self, ruleset: RuleSet) -> None:
        faults = faults_in(ruleset)
        if faults:
            raise CommandError("\n".join(str(fault) for fault in faults))
        self.stdout.write(f"{len(ruleset.rules)} rules, version {ruleset.version}: every example holds.")

    # --- a file of scenarios ---------------------------------------------------------------------------------

    def answer_file(self, source: Path, track: str, out: str | None, ruleset: RuleSet) -> None:
        """Predictions for every line that can be read; lines with problems are named, and the exit code is 1."""
        predictions, faulty = [], 0
        for number, line in self._lines(source):
            try:
                scenario = _scenario(line)
                needs, problems = _needs_of(scenario, track)
            except ValueError as error:
                faulty += 1
                self.stderr.write(f"{source.name}, line {number}: {error} The line was left out.")
                continue
            if problems:
                faulty += 1
                told = " ".join(str(problem) for problem in problems)
                self.stderr.write(f"{source.name}, line {number} ({scenario['id']}): {told} Decided without it.")
            answer = answer_as_mapping(needs, decide(needs, ruleset), self.ranked(needs, ruleset))
            predictions.append(json.dumps({"id": scenario["id"], **answer}))
        self._write(predictions, out)
        if faulty:
            raise CommandError(f"{faulty} of the lines had problems; {len(predictions)} predictions were written.")

    def _lines(self, source: Path) -> Iterator[tuple[int, str]]:
        try:
            text = source.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CommandError(f"{source}: {error.strerror}. Name a file with one scenario a line.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{source} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield number, line

    def _write(self, predictions: list[str], out: str | None) -> None:
        if out is None:
            for prediction in predictions:
                self.stdout.write(prediction)
            return
        try:
            Path(out).write_text("".join(f"{prediction}\n" for prediction in predictions), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}. Name a file in a folder that exists.") from error
        self.stderr.write(f"{len(predictions)} predictions written to {out}.")

    def products(self) -> Catalogue:
        """The products of this site; an empty catalogue would make everything “relaxed”, which says nothing."""
        catalogue = kept_catalogue(now=timezone.now())
        if not len(catalogue):
            raise CommandError("There are no products to look into; leave --catalogue out, or import some.")
        return catalogue

    def ranked(self, needs: Needs, ruleset: RuleSet) -> Advice | None:
        if self.catalogue is None:
            return None
        return advise(needs, self.catalogue, ruleset, now=timezone.now())

    # --- one person ------------------------------------------------------------------------------------------

    def answer_one(self, needs: str | None, text: str | None, ruleset: RuleSet) -> None:
        try:
            read = needs_from_text(text) if text is not None else needs_from_mapping(_json(needs or ""))
        except ValueError as error:
            raise CommandError(f"--needs: {error}") from error
        for line in answer_as_lines(decide(read, ruleset), ruleset):
            self.stdout.write(line)
        for line in products_as_lines(self.ranked(read, ruleset)):
            self.stdout.write(line)


def answer_as_mapping(needs: Needs, decision: Decision, advice: Advice | None = None) -> dict[str, Any]:
    """The scored fields of the vocabulary, ready for JSON. Without products only what no shop sells is “relaxed”."""
    outcome = advice.outcome if advice else decision.outcome
    if advice is None and outcome == "match" and is_below(decision, needs.budget):
        outcome = "relaxed"
    return {
        "kind": decision.kind,
        "types": list(decision.types),
        "facets": list(decision.facets),
        "must_have": list(decision.must_have),
        "nice_to_have": list(decision.nice_to_have),
        "excluded": list(decision.excluded),
        "fired": [rule.rule_id for rule in decision.fired],
        "overridden": sorted({rule.rule_id for rule in decision.overridden}),
        "advisories": list(decision.advisories),
        "outcome": outcome,
        "margin": float(decision.margin),
        "question": decision.question,
    }


def answer_as_lines(decision: Decision, ruleset: RuleSet) -> Iterator[str]:
    """The answer for people who read a terminal."""
    yield f"{decision.kind} (margin {decision.margin}, {decision.outcome})"
    rows = {
        "types": ", ".join(decision.types),
        "must have": ", ".join(decision.must_have),
        "nice to have": ", ".join(f"{name} {weight}" for name, weight in decision.nice_to_have.items()),
        "excluded": ", ".join(decision.excluded),
        "advice": ", ".join(decision.advisories),
        "to ask": decision.question or "",
    }
    for name, value in rows.items():
        if value:
            yield f"  {name}: {value}"
    for rule in reasons(decision, ruleset):
        yield f"  because [{rule.rule_id}] {rule.because} ({rule.section})"
    for loss in decision.overridden:
        yield f"  overridden: {loss.rule_id} by {loss.by}"
    yield f"  all rules: {', '.join(rule.rule_id for rule in decision.fired)}"


def products_as_lines(advice: Advice | None) -> Iterator[str]:
    """The products of an advice and what would open more, where the catalogue was asked."""
    for shortlist in advice.shortlists if advice else ():
        yield f"  {shortlist.kind}: {shortlist.confirmed_count} confirmed, {shortlist.unconfirmed_count} may fit"
        for pick in (*shortlist.confirmed, *shortlist.unconfirmed):
            yield f"    {pick.product.name} ({pick.utility.low:.3f})"
        for repair in shortlist.repairs:
            yield f"    give up {', '.join(repair.relaxation.keys)}: {repair.relaxation.opens} fit then"


def _scenario(line: str) -> dict[str, Any]:
    data = _json(line)
    if not isinstance(data, dict):
        raise ValueError("a scenario is an object with id, needs and text.")
    if not isinstance(data.get("id"), str):
        raise ValueError("the scenario has no id; give it one.")
    return data


def _needs_of(scenario: Mapping[str, Any], track: str) -> tuple[Needs, tuple[Problem, ...]]:
    """The needs on this track and what could not be read of them."""
    if track == "text":
        text = scenario.get("text")
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{scenario['id']} has no text, which the track “text” needs.")
        return needs_from_text(text), ()
    needs = scenario.get("needs")
    if not isinstance(needs, Mapping):
        raise ValueError(f"{scenario['id']} has no needs, which the track “{track}” needs.")
    given = {name: value for name, value in needs.items() if track != "masked" or name not in MASKED}
    try:
        return needs_from_mapping(given), ()
    except NeedsError as error:
        return error.readable, error.problems


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not readable as JSON: {error.msg} at character {error.pos + 1}.") from error
    except RecursionError as error:
        raise ValueError("nested too deeply to be needs.") from error
