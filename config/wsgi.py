"""What the web server runs: the redirect first, then pages that are ready, Django for everything else."""

from __future__ import annotations

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import embedded

try:
    embedded.join()
except embedded.EmbeddedServiceError as error:
    # The redirect answers from its snapshot without any service, and clicks wait in the spool (L18).
    logging.getLogger(__name__).error("Starting without the database: %s", error)
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (made by the line above)

from catalog.go import in_front_of  # noqa: E402  (needs the app registry)
from config.checks.at_start import say_problems  # noqa: E402
from config.hanging_database import requests_watched  # noqa: E402
from config.log_ids import requests_named  # noqa: E402
from config.page_front import pages_in_front_of  # noqa: E402
from recommender import rules_in_force  # noqa: E402

say_problems()
rules_in_force.watch()

named = requests_named(requests_watched(django_application), trusts_proxy=settings.BEHIND_PROXY)
application = in_front_of(pages_in_front_of(named))
