"""What happens later for readers: the mail that asks, and forgetting who did not answer."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from readers.consent import TOPICS
from readers.models import Consent
from readers.services import subscriptions


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=5)
def send_confirmation(consent_id: int) -> None:
    consent = Consent.objects.select_related("reader").filter(pk=consent_id, confirmed_at__isnull=True).first()
    if consent is None:
        return
    subscriptions.send_confirmation(
        consent=consent,
        topic=TOPICS[consent.topic],
        site_name=settings.SITE_NAME,
        confirm_url=settings.SITE_URL + reverse("newsletter-confirm", kwargs={"key": consent.key}),
        leave_url=settings.SITE_URL + reverse("newsletter-leave", kwargs={"key": consent.key}),
    )


@shared_task
def forget_unconfirmed() -> None:
    subscriptions.forget_unconfirmed(now=timezone.now())
