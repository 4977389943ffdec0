"""The app of other people's machines."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Partners"
