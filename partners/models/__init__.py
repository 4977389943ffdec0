"""What is stored of other people's machines."""

from partners.models.webhook import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent

__all__ = ["Webhook", "WebhookAttempt", "WebhookDelivery", "WebhookEvent"]
