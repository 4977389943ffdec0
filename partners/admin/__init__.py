"""What the desk sees of other people's machines."""

from partners.admin import webhooks

__all__ = ["webhooks"]
