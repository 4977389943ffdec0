"""The desk sets webhooks up, tries them, changes their secret, and sends again what was given up."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import Webhook, WebhookAttempt, WebhookDelivery
from partners.services.webhook_endpoints import pause_webhook, send_ping
from partners.services.webhook_signing import secret_of
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

FORM = {"name": "Partner", "address": "https://partner.example/hooks", "kinds": ["price.changed", "article.published"]}


def make_webhook() -> Webhook:
    return Webhook.objects.create(name="Partner", address="https://partner.example/hooks", kinds=["price.changed"])


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def act(client: Client, webhook: Webhook, name: str, **sent: str) -> int:
    return client.post(reverse("admin:partners_webhook_act", args=[webhook.pk, name]), sent).status_code


def secret_seen(client: Client, webhook: Webhook) -> str:
    """What the page of the webhook sends along with its buttons."""
    page = text(client.get(reverse("admin:partners_webhook_change", args=[webhook.pk])))
    return page.split('name="secret_seen" value="')[1].split('"')[0]


def test_a_webhook_is_set_up_with_the_kinds_that_the_apps_register(admin_client: Client) -> None:
    page = text(admin_client.get(reverse("admin:partners_webhook_add")))
    for kind in ("article.published", "article.updated", "article.withdrawn", "product.changed", "price.changed",
                 "import.finished", "correction.published", "comment.published"):  # fmt: skip
        assert f'value="{kind}"' in page, kind
    assert admin_client.post(reverse("admin:partners_webhook_add"), FORM).status_code == 302
    assert Webhook.objects.get().kinds == ["price.changed", "article.published"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "http://partner.example/"}, "Messages go over https only."),
        ({"address": "https://a:b@partner.example/"}, "Leave the user name and password out"),
        ({"kinds": ["no.such"]}, "no.such is not one of the available choices"),
        ({"kinds": []}, "This field is required."),
    ],
)
def test_what_will_not_do_is_said(admin_client: Client, wrong: dict[str, object], said: str) -> None:
    answer = admin_client.post(reverse("admin:partners_webhook_add"), {**FORM, **wrong})
    assert said in text(answer)
    assert not Webhook.objects.exists()


def test_only_who_may_change_it_sees_the_secret_and_presses_its_buttons(client: Client) -> None:
    webhook = make_webhook()
    address = reverse("admin:partners_webhook_change", args=[webhook.pk])
    client.force_login(make_staff("looks", "partners.view_webhook", "partners.view_webhookdelivery"))
    page = text(client.get(address))
    assert "whsec_" not in page
    assert "Send a ping" not in page
    assert act(client, webhook, "ping") == 403
    assert not WebhookDelivery.objects.exists()
    client.force_login(make_staff("changes", "partners.view_webhook", "partners.change_webhook"))
    assert secret_of(webhook) in client.get(address).content.decode().replace("&#x27;", "'")
    assert act(client, webhook, "ping") == 302
    assert act(client, webhook, "destroy") == 403
    assert client.get(reverse("admin:partners_webhook_act", args=[webhook.pk, "ping"])).status_code == 405
    assert WebhookDelivery.objects.get().kind == "ping"


def test_its_buttons_pause_it_take_it_up_and_make_a_new_secret(admin_client: Client, mailoutbox: list[object]) -> None:
    webhook = make_webhook()
    before = secret_of(webhook)
    act(admin_client, webhook, "pause")
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert mailoutbox == []
    page = text(admin_client.get(reverse("admin:partners_webhook_change", args=[webhook.pk])))
    assert "Take it up again" in page
    assert "Send a ping" not in page
    assert "paused. Somebody at the desk paused it." in page
    act(admin_client, webhook, "resume")
    act(admin_client, webhook, "rotate", secret_seen=secret_seen(admin_client, webhook))
    webhook.refresh_from_db()
    assert webhook.is_active
    assert secret_of(webhook) != before
    page = text(admin_client.get(reverse("admin:partners_webhook_change", args=[webhook.pk])))
    assert "The former one verifies until" in page
    assert before not in page


def test_a_page_that_is_sent_twice_makes_one_new_secret(admin_client: Client) -> None:
    """The partner verifies by the former one for a day: a second press must not take it away."""
    webhook = make_webhook()
    in_use, seen = webhook.salt, secret_seen(admin_client, webhook)
    assert seen not in secret_of(webhook)
    act(admin_client, webhook, "rotate", secret_seen=seen)
    webhook.refresh_from_db()
    made = webhook.salt
    where = reverse("admin:partners_webhook_act", args=[webhook.pk, "rotate"])
    again = admin_client.post(where, {"secret_seen": seen}, follow=True)
    assert "a new secret was made since that page was opened" in text(again)
    webhook.refresh_from_db()
    assert (webhook.salt, webhook.former_salt) == (made, in_use)


def test_an_old_page_pings_no_webhook_that_was_paused(admin_client: Client) -> None:
    webhook = make_webhook()
    pause_webhook(webhook=webhook, because="It answers 500.", tells=False)
    where = reverse("admin:partners_webhook_act", args=[webhook.pk, "ping"])
    assert "it is paused by now" in text(admin_client.post(where, follow=True))
    assert not WebhookDelivery.objects.exists()


def test_what_was_sent_is_looked_at_and_sent_again_by_who_may(client: Client, admin_client: Client) -> None:
    webhook = make_webhook()
    delivery = send_ping(webhook=webhook, now=timezone.now())
    WebhookDelivery.objects.update(state="dead", tries=13, ended_at=timezone.now())
    WebhookAttempt.objects.create(delivery=delivery, at=timezone.now(), status=500, ms=12, said="<b>broken</b>")
    page = text(admin_client.get(reverse("admin:partners_webhookdelivery_change", args=[delivery.pk])))
    assert "&lt;b&gt;broken&lt;/b&gt;" in page
    address = reverse("admin:partners_webhookdelivery_changelist")
    asked = {"action": "send_them_again", "_selected_action": [delivery.pk]}
    client.force_login(make_staff("looks", "partners.view_webhookdelivery"))
    client.post(address, asked)
    delivery.refresh_from_db()
    assert delivery.state == "dead"
    answer = admin_client.post(address, asked, follow=True)
    assert "1 message goes out again, under the same id." in text(answer)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 0)


def test_a_webhook_is_deleted_with_its_log(admin_client: Client) -> None:
    webhook = make_webhook()
    send_ping(webhook=webhook, now=timezone.now())
    pause_webhook(webhook=webhook, because="x", tells=False)
    answer = admin_client.post(reverse("admin:partners_webhook_delete", args=[webhook.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not WebhookDelivery.objects.exists()
