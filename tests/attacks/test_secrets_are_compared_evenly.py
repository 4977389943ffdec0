"""Nothing of ours tells by its time how much of a secret was guessed: no `==` on what lets somebody in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import PROJECT

APPS = ("catalog", "config", "partners", "readers", "recommender", "reviews")
SECRET = re.compile(r"token|secret|signature|digest|hmac|passw|credential|api_?key|hashed|_sig\b|signed", re.IGNORECASE)
# Not what lets anybody in: by file and what is compared there.
NO_SECRETS = {
    ("catalog/feeds/download.py", "digest == state.sha256"): "of a file that a merchant gives to everybody",
    ("catalog/reports/values.py", "signed != text"): "a number with its sign",
    ("catalog/settings_fields.py", "name in secret"): "names of settings that hold one",
    ("catalog/sources/amazon_creators/asking.py", "self.reason.casefold() in {*_STALE_TOKEN, ''}"): "words of an error",
    ("config/checks/mail.py", "bool(user) != bool(password)"): "whether there is one",
}


def unevenly_compared(source: str) -> Iterator[str]:
    """Comparisons by `==`, `!=` or `in` whose sides are called like secrets, but with a constant, or for presence."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) or _is_named_constant(side) for side in sides):
            continue
        if any(SECRET.search(name) for side in sides for name in _names(side)):
            yield ast.unparse(node)


def _names(side: ast.expr) -> Iterator[str]:
    for one in ast.walk(side):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr


def _is_named_constant(side: ast.expr) -> bool:
    """`State.OPEN`, `SECRETS`: a word of the code, which everybody knows."""
    name = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
    return name.isupper()


def ours() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (PROJECT / app).rglob("*.py") if "migrations" not in path.parts)


def test_no_secret_is_compared_by_a_sign_that_stops_at_the_first_difference() -> None:
    found = {
        (str(path.relative_to(PROJECT)), compared)
        for path in ours()
        for compared in unevenly_compared(path.read_text())
    }
    assert found == set(NO_SECRETS)


@pytest.mark.parametrize(
    "planted",
    [
        "token == request.headers['X-Token']",
        "given in secrets_of(account)",
        "hashlib.sha256(x).hexdigest() != kept",
        "row.key_digest == digest_of(given)",
        "any(signature == made(place, one) for one in keys)",
    ],
)
def test_what_is_planted_is_found(planted: str) -> None:
    assert list(unevenly_compared(planted))


@pytest.mark.parametrize(
    "fine", ["hmac.compare_digest(a, token)", "token == ''", "'secret' in settings", "kind == KIND_TOKEN"]
)
def test_what_is_no_such_comparison_is_left_alone(fine: str) -> None:
    assert not list(unevenly_compared(fine))
