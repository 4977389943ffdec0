"""What is measured? One module of this folder each, with a function `figures(folder)`, and what a reader would call it.

Each runs in a process and a scratch folder of its own, with a database and a Redis of its own: what one leaves behind,
or how it falls over, is nothing to the next.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

# In the order of the docs.
MEASURES = {
    "redirect": "Redirects and clicks",
    "link_growth": "Redirects and clicks",
    "shipping": "Redirects and clicks",
    "pages": "Pages",
    "article_queries": "Pages",
    "comments": "Pages",
    "flood": "Pages",
    "product_list": "Pages",
    "catalogue": "Catalogue",
    "api_doors": "API",
    "feed_import": "Prices",
    "refresh": "Prices",
    "growth": "Prices",
    "schedule": "Prices",
    "article_save": "Desk",
    "reports": "Desk",
    "claim_watch": "Desk",
    "advice": "Advice",
    "quiz": "Advice",
    "newsletter": "Letters and alerts",
    "alerts": "Letters and alerts",
    "processes": "More processes",
    "row_log": "Storage",
    "storage": "Storage",
}


def prepared() -> Path:
    """A scratch folder that goes at exit, with a migrated, empty database, and Django set up on it."""
    folder = Path(tempfile.mkdtemp(prefix="earmark-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # runs after the services have left
    for name in ("DATABASE_URL", "REDIS_URL", "CLICK_SPOOL_DIR", "LINK_SNAPSHOT"):
        # Empty counts as not set, and unlike a missing name it is not filled in from .env.
        os.environ[name] = ""
        os.environ.pop(f"{name}_FILE", None)
    (folder / "static").mkdir()
    os.environ |= {
        "EARMARK_DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "WARNING",
        "DEBUG": "0",
        # Pages of the desk are measured by a session that never met a person with a telephone.
        "ADMIN_REQUIRE_MFA": "0",
    }

    from config import embedded

    embedded.join()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return folder


def main(name: str, path: Path) -> None:
    """Measure one thing and write its figures down, one JSON line each, as soon as they are known."""
    folder = prepared()
    measure = importlib.import_module(f"bench.{name}")
    with path.open("w", encoding="utf-8") as out:
        for figure in measure.figures(folder):
            out.write(figure.line + "\n")
            out.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
