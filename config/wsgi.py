"""What the web server runs: the redirect first, Django for everything else."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import embedded

embedded.join()
django_application = get_wsgi_application()

from catalog.go import in_front_of  # noqa: E402  (needs the app registry)

application = in_front_of(django_application)
