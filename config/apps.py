"""The machine as an app of Django's: it has commands (`backup`, `restore`) and nothing in the database."""

from __future__ import annotations

from django.apps import AppConfig


class MachineConfig(AppConfig):
    name = "config"
    label = "machine"
    verbose_name = "The machine"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the system checks)
        from config.checks import at_start  # noqa: F401  (a worker says what they find)
