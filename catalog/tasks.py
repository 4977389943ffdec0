"""Which work of the catalogue happens later or by itself? Each task fetches, calls its service, and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from catalog.services import (
    alert_rounds,
    alerts,
    claims,
    click_partitions,
    clicks,
    destinations,
    exchange_rates,
    failover,
    feed_imports,
    joining,
    link_changes,
    link_digest,
    page_changes,
    planning,
    polling,
    postbacks,
    prices,
    product_changes,
    report_files,
    retention,
    salts,
    table_imports,
    view_tallies,
    webhook_door,
)
from catalog.services.feed_imports import errands, outdated, unattended
from partners.services import kept_answers, key_endings, webhook_delivery, webhook_endpoints, webhook_events

# A merchant's task that waited longer than a round of beat is dropped: the next round queues it again.
REFRESH_EXPIRES_SECONDS = 60


@shared_task
def refresh_due_offers() -> None:
    for merchant_id in claims.merchants_due(now=timezone.now()):
        refresh_merchant.apply_async((merchant_id,), expires=REFRESH_EXPIRES_SECONDS)


@shared_task
def refresh_merchant(merchant_id: int) -> None:
    run = prices.refresh_merchant(merchant_id=merchant_id, now=timezone.now(), door=prices.door())
    if run is not None and prices.more_is_due(run=run, now=timezone.now()):
        refresh_merchant.apply_async((merchant_id,), expires=REFRESH_EXPIRES_SECONDS)


@shared_task
def delete_expired_readings() -> None:
    retention.delete_expired_readings(now=timezone.now())
    outdated.delete_outdated_files(now=timezone.now())
    table_imports.delete_old_tables(now=timezone.now())


@shared_task
def evaluate_alerts() -> None:
    rest = timedelta(days=settings.ALERT_REST_DAYS)
    while alert_rounds.evaluate_alerts(now=timezone.now(), rest=rest):
        pass


@shared_task
def end_dead_alerts() -> None:
    alerts.end_dead_alerts(now=timezone.now())


@shared_task
def ship_clicks() -> None:
    clicks.ship_clicks(now=timezone.now())


@shared_task
def maintain_click_partitions() -> None:
    click_partitions.maintain_click_partitions(now=timezone.now())


@shared_task
def keep_salts() -> None:
    salts.keep_salts(now=timezone.now())


@shared_task
def forget_link_changes() -> None:
    link_changes.forget_link_changes(now=timezone.now())


@shared_task
def forget_product_changes() -> None:
    product_changes.forget_product_changes(now=timezone.now())


@shared_task
def store_views() -> None:
    view_tallies.store_views()


@shared_task
def carry_page_changes() -> None:
    page_changes.carry_page_changes()


@shared_task
def look_at_import(feed_import_id: int) -> None:
    errands.look_at_import(feed_import_id=feed_import_id, door=prices.door())


@shared_task
def prepare_import(feed_import_id: int, told: dict[str, Any], *, start: bool) -> None:
    prepared = unattended.prepare_import(
        feed_import_id=feed_import_id, told=told, start=start, door=prices.door(), now=timezone.now()
    )
    if prepared is not None:
        run_feed_import.delay(feed_import_id)


@shared_task
def run_feed_import(feed_import_id: int) -> None:
    feed_imports.run_import(feed_import_id=feed_import_id, now=timezone.now())


@shared_task
def take_up_lost_imports() -> None:
    for feed_import_id in feed_imports.lost_imports(now=timezone.now()):
        run_feed_import.apply_async((feed_import_id,), expires=60)
    for table_import_id in table_imports.lost_tables(now=timezone.now()):
        run_table_import.apply_async((table_import_id,), expires=60)


@shared_task
def run_table_import(table_import_id: int) -> None:
    table_imports.run_table(table_import_id=table_import_id, now=timezone.now())


@shared_task
def weigh_clicks() -> None:
    planning.weigh_clicks(now=timezone.now())


@shared_task
def plan_refreshes() -> None:
    planning.plan_refreshes(now=timezone.now())


@shared_task
def sample_freshness() -> None:
    planning.sample_freshness(now=timezone.now())


@shared_task
def check_destinations() -> None:
    destinations.note_new_destinations(now=timezone.now())
    for merchant_id in destinations.merchants_due(now=timezone.now()):
        check_merchant_destinations.apply_async((merchant_id,), expires=REFRESH_EXPIRES_SECONDS)


@shared_task
def check_merchant_destinations(merchant_id: int) -> None:
    with destinations.door() as door:
        destinations.check_merchant(merchant_id=merchant_id, now=timezone.now(), door=door)


@shared_task
def settle_failovers() -> None:
    failover.settle_all(now=timezone.now())


@shared_task
def send_link_digest() -> None:
    link_digest.send_link_digest(now=timezone.now())


@shared_task
def process_postback(postback_id: int) -> None:
    postbacks.process_postback(postback_id=postback_id, now=timezone.now())


@shared_task
def process_waiting_postbacks() -> None:
    for postback_id in postbacks.waiting_postbacks(now=timezone.now()):
        postbacks.process_postback(postback_id=postback_id, now=timezone.now())


@shared_task
def forget_old_postbacks() -> None:
    postbacks.forget_old_postbacks(now=timezone.now())
    report_files.forget_old_files(now=timezone.now())


@shared_task
def rejoin_conversions() -> None:
    joining.rejoin_conversions(now=timezone.now())


@shared_task
def poll_due_accounts() -> None:
    for account_id in polling.accounts_due(now=timezone.now()):
        poll_account.apply_async((account_id,), expires=REFRESH_EXPIRES_SECONDS)


@shared_task
def poll_account(account_id: int) -> None:
    polling.poll_account(account_id=account_id, now=timezone.now(), door=prices.door())


@shared_task
def read_report_file(report_file_id: int) -> None:
    report_files.read_file(report_file_id=report_file_id, now=timezone.now())


@shared_task
def store_report_file(report_file_id: int) -> None:
    report_files.store_file(report_file_id=report_file_id, now=timezone.now())


@shared_task
def take_up_lost_report_files() -> None:
    for report_file_id, is_read in report_files.lost_files(now=timezone.now()):
        task = store_report_file if is_read else read_report_file
        task.apply_async((report_file_id,), expires=REFRESH_EXPIRES_SECONDS)


@shared_task
def fetch_exchange_rates() -> None:
    exchange_rates.fetch_exchange_rates(now=timezone.now(), door=prices.door())


@shared_task
def send_webhooks() -> None:
    webhook_events.spread_events(now=timezone.now())
    for webhook_id in webhook_delivery.webhooks_due(now=timezone.now()):
        send_to_webhook.apply_async((webhook_id,), expires=REFRESH_EXPIRES_SECONDS)


@shared_task
def send_to_webhook(webhook_id: int) -> None:
    send = webhook_door.sending_through(webhook_door.webhook_door())
    webhook_delivery.deliver(webhook_id=webhook_id, send=send)


@shared_task
def forget_webhook_deliveries() -> None:
    webhook_endpoints.forget_deliveries(now=timezone.now())


@shared_task
def forget_kept_answers() -> None:
    kept_answers.forget_answers(now=timezone.now())


@shared_task
def tell_of_ending_keys() -> None:
    key_endings.tell_of_endings(now=timezone.now())
