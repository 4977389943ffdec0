from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "readers"
    default_auto_field = "django.db.models.BigAutoField"
