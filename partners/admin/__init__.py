"""What the desk sees of other people's machines."""

from partners.admin import api_keys, webhooks

__all__ = ["api_keys", "webhooks"]
