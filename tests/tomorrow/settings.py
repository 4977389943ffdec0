"""The site's own settings and one app more: what `migrate` of tomorrow's release has before it."""

from __future__ import annotations

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.tomorrow"]
