"""The settings of a machine with servers of its own differ only by what the environment says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import PROJECT
from config.settings import celery_url


def ask(expression: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Evaluate an expression about the settings in a fresh process with these environment variables."""
    code = f"from config import settings; print([{expression}])"
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "EARMARK_DATA_DIR")}
    return subprocess.run(
        [sys.executable, "-c", code], env=kept | variables, cwd=PROJECT, capture_output=True, text=True, check=False
    )


SERVER = {"DATABASE_URL": "postgresql://u:p@db.example:5433/shop", "REDIS_URL": "redis://cache.example:6380/2"}


def test_database_and_redis_urls_switch_to_real_servers() -> None:
    result = ask(
        "settings.DATABASES['default']['HOST'], settings.DATABASES['default']['PORT'], settings.CELERY_BROKER_URL",
        SECRET_KEY="s" * 50,
        **SERVER,
    )
    assert result.stdout.strip() == "['db.example', 5433, 'redis://cache.example:6380/2']", result.stderr


def test_a_real_server_without_a_secret_key_is_refused_with_advice() -> None:
    result = ask("1", **SERVER)
    assert result.returncode != 0
    assert "SECRET_KEY is not set. Make one with" in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"DATABASE_URL": "db.example"},
        {"DATABASE_URL": "mysql://u:s3cret@db.example/shop"},
        {"DATABASE_URL": "postgresql://u:s3cret@db.example:port/shop"},
        {"DATABASE_URL": "postgresql://u:s3cret#@db.example/shop"},
        {"DATABASE_URL": "postgresql://db.example"},
        {"DATABASE_COPY_URL": "copy.example"},
        {"REDIS_URL": "cache.example:6379"},
        {"REDIS_URL": "http://u:s3cret@cache.example"},
        {"TIME_ZONE": "Berlin"},
    ],
    ids=lambda wrong: "-".join(next(iter(wrong.items())))[:60],
)
def test_what_is_no_address_or_zone_is_named_with_what_to_write_and_without_its_password(wrong: dict[str, str]) -> None:
    result = ask("1", **{"SECRET_KEY": "s" * 50, **SERVER, **wrong})
    said = result.stderr.splitlines()[-1]
    assert said.startswith(f"django.core.exceptions.ImproperlyConfigured: {next(iter(wrong))} is ")
    assert "write it as" in said or "say a zone" in said
    assert "s3cret" not in result.stderr


def test_an_https_site_locks_its_cookies_and_sends_hsts() -> None:
    result = ask(
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0, settings.DEBUG",
        SECRET_KEY="s" * 50,
        SITE_URL="https://www.example.org",
        **SERVER,
    )
    assert result.stdout.strip() == "[True, True, True, False]", result.stderr


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_celery_is_told_about_redis_in_its_own_spelling(redis: str, broker: str) -> None:
    assert celery_url(redis) == broker


def test_a_dotenv_file_counts_before_anything_is_started(tmp_path: Path) -> None:
    """In a copy of `config`, so that no developer's own .env is touched."""
    shutil.copytree(PROJECT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://u:p@db.example/x\nREDIS_URL=redis://cache.example\n")
    code = "from config import embedded; embedded.join(); import os; print(os.environ['DATABASE_URL'])"
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    data = {"EARMARK_DATA_DIR": str(tmp_path / "data")}
    result = subprocess.run(
        [sys.executable, "-c", code], env=kept | data, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.stdout.strip() == "postgresql://u:p@db.example/x", result.stderr
    assert not (tmp_path / "data").exists(), "no embedded service was started"


def test_mail_lies_in_the_data_folder_wherever_the_process_was_started(tmp_path: Path) -> None:
    result = ask("settings.EMAIL_FILE_PATH", SECRET_KEY="s" * 50, EARMARK_DATA_DIR=str(tmp_path), **SERVER)
    assert result.stdout.strip() == f"['{tmp_path / 'mail'}']", result.stderr
