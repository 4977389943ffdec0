"""`manage.py alarm_rules`: the alarms as rules for Prometheus, to be put into `docs/dashboards/alerts.yml`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.alarms.rules import rules_for
from config.alarms.table import ALARMS


class Command(BaseCommand):
    help = "Print the alarms as rules for Prometheus."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(rules_for(ALARMS), ending="")
