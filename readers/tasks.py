"""What happens later for readers: mails that ask, letters that go out, and forgetting who did not answer."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from readers.links import leave_url, preference_url
from readers.models import Consent, Reader
from readers.services import news_sending, preferences, sending, subscriptions


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=5)
def send_confirmation(consent_id: int) -> None:
    consent = Consent.objects.select_related("reader").filter(pk=consent_id, confirmed_at__isnull=True).first()
    if consent is None:
        return
    asked = subscriptions.open_questions(consent, now=timezone.now())
    subscriptions.send_confirmation(
        consent=consent,
        topics=[subscriptions.topic_of(one) for one in asked],
        site_name=settings.SITE_NAME,
        confirm_url=settings.SITE_URL + reverse("newsletter-confirm", kwargs={"key": consent.key}),
        leave_url=leave_url(consent.key),
    )


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=5)
def send_preference_link(reader_id: int) -> None:
    reader = Reader.objects.filter(pk=reader_id).first()
    if reader is not None:
        url = preference_url(reader.pk, reader.link_version)
        preferences.send_link(reader=reader, url=url, site_name=settings.SITE_NAME)


@shared_task
def forget_unconfirmed() -> None:
    subscriptions.forget_unconfirmed(now=timezone.now())


@shared_task
def send_letters() -> None:
    if sending.send_due(now=timezone.now(), per_minute=settings.NEWSLETTER_PER_MINUTE):
        send_letters.delay()


@shared_task
def send_news() -> None:
    if news_sending.send_due_news(now=timezone.now(), per_day=settings.NEWS_LETTERS_PER_DAY):
        send_news.delay()
