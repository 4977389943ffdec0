"""Which site this is, on which machine, and where its desk stands."""

from __future__ import annotations

import re
import secrets
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import embedded, env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = embedded.data_dir()

DEBUG = env.flag("DEBUG")
TESTING = "pytest" in sys.modules


def _secret_key() -> str:
    """SECRET_KEY; on a machine with embedded services one is made once and kept in the data folder."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    if env.text("DATABASE_URL"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` and put it into the environment or .env."
        )
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SITE_NAME = env.text("SITE_NAME", "Earmark")
# The address readers see, without a slash at the end: canonical links, feeds, mail and JSON-LD are made with it.
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
# Where the newsroom's desk is: its path, and, where one is named, its own host, elsewhere a 404.
ADMIN_PATH = env.text("ADMIN_PATH", "admin").strip("/") + "/"
if not re.fullmatch(r"[\w-]+(/[\w-]+)*/", ADMIN_PATH):
    raise ImproperlyConfigured(f"ADMIN_PATH is {ADMIN_PATH!r}; say letters, digits, - and _, like desk or staff/desk.")
ADMIN_HOST = env.text("ADMIN_HOST").lower()
ADMIN_ORIGIN = f"{SITE_URL.partition('://')[0]}://{ADMIN_HOST}" if ADMIN_HOST else SITE_URL
ADMIN_URL = f"{ADMIN_ORIGIN}/{ADMIN_PATH}"
ALLOWED_HOSTS += [ADMIN_HOST] if ADMIN_HOST else []
