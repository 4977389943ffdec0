from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecommenderConfig(AppConfig):
    name = "recommender"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from recommender import checks  # noqa: F401  (registers the system check)

        # new code may bring other rules, and is migrated before it serves
        post_migrate.connect(_keep_shipped_rules, sender=self)


def _keep_shipped_rules(using: str, **_: Any) -> None:
    from django.db import connections
    from django.utils import timezone

    from recommender.models import RuleSetVersion
    from recommender.services.versions import keep_shipped

    # (migrated back to nothing, there is nowhere to keep them)
    if RuleSetVersion._meta.db_table in connections[using].introspection.table_names():
        keep_shipped(now=timezone.now())
