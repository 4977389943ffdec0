"""No regular expression of ours can be kept busy for ever by a text: each meets long runs of what it looks for.

They are tried in a process that is stopped after so much of its own processor's time that only one that runs away is
caught: all together take a fifth of it, what doubles with each letter would not end at so many, and what takes
eight times as long for twice the letters would not either.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import re._constants as kinds  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from config.embedded import PROJECT

APPS = ("catalog", "config", "partners", "readers", "recommender", "reviews")
LETTERS = 2_000
SECONDS_OF_PROCESSOR = 15
MOST_TEXTS = 10
NOTHING_FITS = "\x00\n!"


# Where an expression's parts have parts of their own.
CHILDREN: dict[Any, Callable[[Any], list[Any]]] = {
    kinds.IN: lambda value: [value],
    kinds.MAX_REPEAT: lambda value: [value[2]],
    kinds.MIN_REPEAT: lambda value: [value[2]],
    kinds.POSSESSIVE_REPEAT: lambda value: [value[2]],
    kinds.SUBPATTERN: lambda value: [value[3]],
    kinds.BRANCH: lambda value: list(value[1]),
    kinds.ASSERT: lambda value: [value[1]],
    kinds.ASSERT_NOT: lambda value: [value[1]],
}


def named(part: Any) -> Iterator[str]:
    for kind, value in part:
        if kind is kinds.LITERAL:
            yield chr(value)
        elif kind is kinds.RANGE:
            yield chr(value[0])
        for child in CHILDREN.get(kind, lambda _: [])(value):
            yield from named(child)


def letters_of(pattern: re.Pattern[Any]) -> list[str]:
    """What the expression itself names, one letter for each of its classes, most general first."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return list(dict.fromkeys(["a", "0", " ", *named(parser.parse(text))]))


def texts_for(pattern: re.Pattern[Any]) -> Iterator[str]:
    """A run of each letter, and of each pair of neighbours, with an end that fits nothing."""
    letters = letters_of(pattern)
    runs = [*letters[:MOST_TEXTS], *(a + b for a, b in list(pairwise(letters))[:MOST_TEXTS])]
    for run in runs:
        yield (run * LETTERS)[:LETTERS] + NOTHING_FITS


def kept_in(value: Any, where: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield where, value
    elif depth < 2 and isinstance(value, (dict, tuple, list)):
        for key, one in list(value.items()) if isinstance(value, dict) else enumerate(value):
            yield from kept_in(one, f"{where}[{key!r}]"[:120], depth + 1)


def modules_of_ours() -> Iterator[ModuleType]:
    for app in APPS:
        package = importlib.import_module(app)
        for info in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in info.name and not info.name.endswith(("wsgi", "settings")):
                yield importlib.import_module(info.name)


def patterns_of_ours() -> dict[str, re.Pattern[Any]]:
    """Every compiled expression that a module of ours keeps, also in its tuples and tables, by where it stands."""
    return {
        where: pattern
        for module in modules_of_ours()
        for name, value in vars(module).items()
        for where, pattern in kept_in(value, f"{module.__name__}.{name}")
    }


def try_all(patterns: dict[str, re.Pattern[Any]], log: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_PROCESSOR, SECONDS_OF_PROCESSOR))
    for where, pattern in patterns.items():
        log.write_text(f"{where}: {pattern.pattern!r}")
        for text in texts_for(pattern):
            subject: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
            pattern.search(subject)
            pattern.fullmatch(subject)
    log.write_text("")


def tried(words: str, log: Path) -> str:
    """Empty, or which expression it was that did not end."""
    code = f"import django; django.setup(); from tests.attacks import test_no_pattern_runs_away as t; {words}"
    subprocess.run([sys.executable, "-c", code, str(log)], cwd=PROJECT, check=False)
    return log.read_text()


def test_each_expression_ends_on_long_runs_of_what_it_looks_for(tmp_path: Path) -> None:
    words = "import sys, pathlib; t.try_all(t.patterns_of_ours(), pathlib.Path(sys.argv[1]))"
    assert tried(words, tmp_path / "now") == ""


def test_one_that_runs_away_is_caught(tmp_path: Path) -> None:
    words = (
        "import sys, re, pathlib; t.SECONDS_OF_PROCESSOR = 3; "
        "t.try_all({'planted': re.compile('(a+)+$')}, pathlib.Path(sys.argv[1]))"
    )
    assert "planted" in tried(words, tmp_path / "now")


def test_there_are_many_of_them() -> None:
    assert len(patterns_of_ours()) > 150
