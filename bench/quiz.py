"""Are the questions quick and few, does what is said to change an answer change it, and are new rules heard of soon?

`quiz_step` is a whole page of Django's, its next question found anew: no page is kept and no decision known before.
`quiz_questions` counts how many questions people are asked until the kind is sure. `changes_valid` and
`changes_minimal` try every change that is shown to somebody on the engine as one never seen before, and all edits of
lower cost beside it. `rules_heard` has processes that look for rules as a server's do, and publishes and goes back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure

if TYPE_CHECKING:
    from django.test import Client

    from recommender.answers import Needs
    from recommender.counterfactuals import Flip, Turn
    from recommender.edits import Edit
    from recommender.told import Told

MOST_STEP_MS = 200.0
MOST_MEDIAN = 3
LEAST_MINIMAL = 0.95
MOST_SECONDS = 5.0
PROCESSES, PUBLISHED = 2, 5
# A process that looks at the rules as a server does, and writes down by which it decides.
_PROCESS = """
import os, sys, time
import django
django.setup()
from recommender import rules, rules_in_force
rules_in_force.watch()
while True:
    with open(sys.argv[1] + ".new", "w") as file:
        file.write(rules.load().version)
    os.replace(sys.argv[1] + ".new", sys.argv[1])
    time.sleep(0.02)
"""


def figures(folder: Path) -> Iterator[Figure]:
    """`quiz_step`, `quiz_questions`, `changes_valid`, `changes_minimal`, `rules_heard`."""
    yield _step()
    yield _questions()
    yield from _changes()
    yield _rules_heard(folder)


# --- the pages ----------------------------------------------------------------------------------------------------


def _step() -> Figure:
    from django.core.management import call_command
    from django.test import Client, override_settings

    call_command("collectstatic", interactive=False, verbosity=0)
    with override_settings(ALLOWED_HOSTS=["localhost"], PAGE_CACHE_SECONDS=0):
        client = Client(headers={"host": "localhost"})
        list(islice(_steps(client), 3))  # templates are read
        times = sorted(_steps(client))
    slow = times[int(len(times) * 0.95)]
    return Figure(
        name="quiz_step",
        ratio=round(times[-1], 1),
        goal=MOST_STEP_MS,
        ok=times[-1] <= MOST_STEP_MS,
        unit="ms for the page of the next question, the slowest of all (less is better)",
        note=f"{len(times)} steps: each use alone, first answers, nothing kept; median {median(times):.1f} ms, 95 % "
        f"within {slow:.1f} ms",
    )


def _steps(client: Client) -> Iterator[float]:
    """Milliseconds of each page on the way of every use, with the first answer to each question."""
    from recommender import asking
    from recommender.pages import addresses
    from recommender.questions import BY_KEY
    from recommender.rules import load
    from recommender.told import Told, answered

    for use in BY_KEY["do"].options:
        told = Told(do=(use.value,))
        while waiting := asking.upcoming(told, load()):
            asking.forget()
            began = time.perf_counter()
            response = client.get(addresses.asking(told))
            yield (time.perf_counter() - began) * 1000
            assert response.status_code == 200, response.status_code
            question = waiting[0]
            values = [question.options[0].value] if question.options else []
            told = answered(told, question.key, values) if values else _skipped(told, question.key)


def _skipped(told: Told, key: str) -> Told:
    return replace(told, skipped=(*told.skipped, key))


def _questions() -> Figure:
    from recommender.answers import needs_from_mapping
    from recommender.asking import is_sure
    from recommender.engine import decide
    from recommender.questions import MOST_ASKED
    from recommender.rules import load
    from recommender.told import needs_of
    from tests.recommender import lives
    from tests.recommender.conversation import conversation

    rules = load()
    groups = (lives.LIVES, lives.MORE_LIVES, lives.SIBLINGS)
    strangers = (lives.STRANGERS, lives.LATER_STRANGERS, lives.LATEST_STRANGERS)
    asked: Counter[int] = Counter()
    sure = right = 0
    for life in (life for group in (*groups, *strangers) for life in group):
        needs = needs_from_mapping(life["needs"])
        count, told = conversation(needs, rules)
        asked[count] += 1
        sure += is_sure(told, rules)
        right += decide(needs_of(told), rules).kind == decide(needs, rules).kind
    people = asked.total()
    middle = median(asked.elements())
    return Figure(
        name="quiz_questions",
        ratio=middle,
        goal=MOST_MEDIAN,
        ok=middle <= MOST_MEDIAN and max(asked) <= MOST_ASKED,
        unit="questions in the median until the kind is sure (less is better)",
        note=f"{people:,} people of ours; {_told(asked)}, {max(asked)} at most; sure for {sure / people:.1%}, the kind "
        f"as with everything told for {right / people:.1%}",
    )


def _told(asked: Counter[int]) -> str:
    return ", ".join(f"after {count}: {asked[count]:,}" for count in sorted(asked))


# --- what would change an answer ----------------------------------------------------------------------------------


def _changes() -> Iterator[Figure]:
    from tests.recommender.metamorphic.population import GENERATED, PEOPLE

    tried: Counter[str] = Counter()
    for index in range(len(PEOPLE)):
        tried += _tried(index)
    shown = tried["shown"]
    people = f"{shown:,} changes shown to {len(PEOPLE)} people, {GENERATED} of them generated"
    for name, goal, what in (
        ("valid", 1.0, "of the changes shown that do what they say (more is better)"),
        ("minimal", LEAST_MINIMAL, "of the changes shown that no edit of lower cost brings about (more is better)"),
    ):
        share = tried[name] / shown
        yield Figure(name=f"changes_{name}", ratio=round(share, 4), goal=goal, ok=share >= goal, unit=what, note=people)


def _tried(index: int) -> Counter[str]:
    from recommender.counterfactuals import Tries, counterfactuals
    from recommender.edits import AND, edits_of, pairs_of
    from recommender.engine import course_of
    from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, ranked, rules

    needs = PEOPLE[index]
    first = next((one.first.product for one in ranked(index) if one.first), None)
    found = counterfactuals(Tries(course_of(needs, rules()), CATALOGUE), winner=first)
    shown: list[Flip | Turn] = [*found.kinds, *([found.type] if found.type else []), *found.winners]
    singles = edits_of(needs)
    pairs = pairs_of(singles) if any(AND in turn.key for turn in shown) else []
    edits = {edit.key: edit for edit in (*singles, *pairs)}
    tried: Counter[str] = Counter()
    for turn in shown:
        tried["shown"] += 1
        tried["valid"] += _does(turn, edits[turn.key], needs)
        easier = (edit for edit in edits.values() if edit.cost < turn.cost)
        tried["minimal"] += not any(_does(turn, edit, needs) for edit in easier)
    return tried


def _does(turn: Flip | Turn, edit: Edit, needs: Needs) -> bool:
    """Whether this edit leads where the change that is shown says: decided and ranked from the beginning."""
    from recommender.counterfactuals import Flip, winner_of
    from recommender.engine import decide
    from tests.recommender.metamorphic.population import CATALOGUE, rules

    other = edit.applied(needs)
    decision = decide(other, rules())
    if isinstance(turn, Flip):
        return decision.kind == turn.kind
    if decision.kind != turn.kind and turn.product is None:
        return False
    if turn.product is None:
        return decision.types[:1] == (turn.type,)
    best = winner_of(decision, other, CATALOGUE)
    return best is not None and best.slug == turn.product.slug


# --- new rules ----------------------------------------------------------------------------------------------------


def _rules_heard(folder: Path) -> Figure:
    files = [folder / f"rules-{number}" for number in range(PROCESSES)]
    processes = [subprocess.Popen([sys.executable, "-c", _PROCESS, str(file)], env=os.environ) for file in files]
    try:
        times = list(_heard(files))
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return Figure(
        name="rules_heard",
        ratio=round(max(times), 2),
        goal=MOST_SECONDS,
        ok=max(times) <= MOST_SECONDS,
        unit="seconds until every process decides by rules that were published or gone back to (less is better)",
        note=f"{PROCESSES} processes, {len(times)} times; median {median(times):.2f} s",
    )


def _heard(files: Sequence[Path]) -> Iterator[float]:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from recommender import rules
    from recommender.models import RuleSetVersion
    from recommender.services.drafts import edit_draft, publish_draft
    from recommender.services.versions import put_in_force

    _wait(files, rules.shipped().version, seconds=120)
    by = User.objects.create_superuser("bench", password=None)
    for number in range(PUBLISHED):
        text = rules.shipped_texts()["house.yaml"]
        text = text.replace("because: You play alone", f"because: Round {number}, you play alone")
        draft = edit_draft(by=by, now=timezone.now(), texts={"house.yaml": text})
        version = publish_draft(by=by, now=timezone.now(), seen=draft.revision)
        yield _wait(files, version.fingerprint, seconds=60)
        put_in_force(version=RuleSetVersion.objects.get(number=1), by=by, now=timezone.now())
        yield _wait(files, rules.shipped().version, seconds=60)


def _wait(files: Sequence[Path], version: str, *, seconds: float) -> float:
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        if all(file.exists() and file.read_text() == version for file in files):
            return time.perf_counter() - began
        time.sleep(0.02)
    raise TimeoutError(f"not every process decides by {version} after {seconds:.0f} seconds")
