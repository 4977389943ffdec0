"""Are the speed claims true on this machine? `python -m bench` prints one JSON line per figure.

Everything runs in a scratch data folder with embedded services of its own; nothing of the site's is touched.
Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, keep


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
    }

    from config import embedded

    embedded.join()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return folder


def main() -> int:
    folder = prepared()
    from bench import (
        advice,
        alerts,
        article_queries,
        article_save,
        catalogue,
        claim_watch,
        comments,
        feed_import,
        growth,
        link_growth,
        newsletter,
        pages,
        product_list,
        redirect,
        refresh,
        reports,
        schedule,
        shipping,
    )

    found: list[Figure] = []
    measures = (
        redirect.figures,
        link_growth.figures,
        pages.figures,
        shipping.figures,
        article_queries.figures,
        article_save.figures,
        comments.figures,
        feed_import.figures,
        refresh.figures,
        growth.figures,
        schedule.figures,
        reports.figures,
        claim_watch.figures,
        product_list.figures,
        catalogue.figures,
        newsletter.figures,
        alerts.figures,
        advice.figures,
    )
    for measure in measures:
        for figure in measure(folder):
            print(figure.line, flush=True)
            found.append(figure)
    keep(found)
    return 0 if all(figure.ok for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
