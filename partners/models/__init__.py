"""What is stored of other people's machines."""

from partners.models.api_key import ApiKey
from partners.models.kept_answer import KeptAnswer
from partners.models.webhook import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent

__all__ = ["ApiKey", "KeptAnswer", "Webhook", "WebhookAttempt", "WebhookDelivery", "WebhookEvent"]
