from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from catalog import checks  # noqa: F401  (registers the system checks)
        from catalog.clicks import agents
        from catalog.services.alert_news import AlertNews
        from catalog.services.reader_alerts import AlertData
        from catalog.services.webhook_kinds import KINDS
        from partners import events
        from readers import news, personal_data

        agents.follow(settings.BOT_LIST)
        events.register(*KINDS)
        news.register(AlertNews())
        personal_data.register(AlertData())
