"""The machine as an app of Django's: it has commands (`backup`, `restore`) and nothing in the database."""

from __future__ import annotations

from django.apps import AppConfig


class MachineConfig(AppConfig):
    name = "config"
    label = "machine"
    verbose_name = "The machine"
