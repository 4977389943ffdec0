"""The machine as an app of Django's: it has commands (`backup`, `restore`) and nothing in the database."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class MachineConfig(AppConfig):
    name = "config"
    label = "machine"
    verbose_name = "The machine"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the system checks)

        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            from config import tracing  # noqa: F401  (listens to statements and tasks)
        from config.checks import at_start  # noqa: F401  (a worker says what they find)
        from config.staff import log

        log.connect()


class NewsroomAdmin(AdminConfig):
    """Django's admin with our site, which asks for a second factor."""

    default_site = "config.staff.site.NewsroomSite"
