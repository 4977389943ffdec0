"""No key, token or password of anybody lies in the tree: looked for by detect-secrets, in every file that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from config.embedded import PROJECT

FOLDERS = (
    "bench", "catalog", "config", "demo", "docs", "partners", "readers", "recommender", "reviews", "static",
    "templates", "tests",
)  # fmt: skip
# Whose keys have a shape of their own. Words like `secret =` and passwords in addresses stand in every test of ours.
SHAPES = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "CloudantDetector", "DiscordBotTokenDetector",
    "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector",
    "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
BINARY = {".png", ".jpg", ".webp", ".avif", ".ico", ".woff2", ".gz", ".zip", ".pyc", ".xlsx", ".mmdb", ".jsonl"}


def kept_files() -> Iterator[Path]:
    yield from (path for path in PROJECT.iterdir() if path.is_file() and path.name not in {".env", "uv.lock"})
    for folder in FOLDERS:
        for path in (PROJECT / folder).rglob("*"):
            if path.is_file() and path.suffix not in BINARY:
                yield path


def found_in(paths: Iterator[Path] | list[Path]) -> list[str]:
    with transient_settings({"plugins_used": [{"name": name} for name in SHAPES]}):
        return [f"{path}: {one.type}, line {one.line_number}" for path in paths for one in scan_file(str(path))]


def test_nothing_of_a_known_shape_lies_in_the_tree() -> None:
    assert found_in(kept_files()) == []


@pytest.mark.parametrize(
    "parts",
    [
        ("AKIA", "QWERTYUIOPASDFGH"),
        ("-----BEGIN RSA ", "PRIVATE KEY-----"),
        ("ghp_", "0123456789abcdefghijABCDEFGHIJklmnop"),
        ("sk_live_", "0123456789abcdefghijABCD"),
        ("SG.", "a" * 22 + "." + "b" * 43),
    ],
)
def test_what_is_planted_is_found(tmp_path: Path, parts: tuple[str, str]) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text(f'KEY = "{"".join(parts)}"\n')
    assert len(found_in([planted])) >= 1
