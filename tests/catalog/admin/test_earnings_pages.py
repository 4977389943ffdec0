"""Editors see what clicks earned, bring reports in, and compare both sides; others see nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog import tasks
from catalog.clicks.ids import sub_id
from catalog.models import Conversion, ConversionEvent, ExchangeRate, NetworkAccount, Postback, ReportFile
from catalog.reports.earnings import Statement, Status
from catalog.services.conversions import store_statements
from catalog.services.network_accounts import postback_path
from tests.factories import make_account, make_click, make_staff

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACCOUNTS, CONVERSIONS = "/admin/catalog/networkaccount/", "/admin/catalog/conversion/"
POSTBACKS, FILES, RATES = "/admin/catalog/postback/", "/admin/catalog/reportfile/", "/admin/catalog/exchangerate/"
MODELS = ("networkaccount", "conversion", "postback", "reportfile", "exchangerate")


@pytest.fixture
def editor(client: Client) -> Client:
    rights = [f"catalog.{act}_{model}" for model in MODELS for act in ("view", "add", "change")]
    client.force_login(make_staff("ada", *rights))
    return client


@pytest.fixture
def viewer() -> Client:
    viewer = Client()
    viewer.force_login(make_staff("bea", *(f"catalog.view_{model}" for model in MODELS)))
    return viewer


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for name in ("poll_account", "read_report_file", "store_report_file"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay_on_commit", lambda pk, name=name: found.append((name, pk)))
    return found


def earned(account: NetworkAccount, key: str = "T1", **more: Any) -> Conversion:
    values: dict[str, Any] = {
        "network_key": key,
        "event_key": f"{key} {more.get('status', Status.PENDING)}",
        "status": Status.PENDING,
        "commission_amount": Decimal("5.00"),
        "sale_amount": Decimal("100.00"),
        "currency": "EUR",
        "occurred_at": NOON,
        "happened_at": NOON,
        **more,
    }
    store_statements(
        account=account, statements=[Statement(**values)], origin=ConversionEvent.Origin.POLL, now=timezone.now()
    )
    return Conversion.objects.get(account=account, network_key=key)


def test_an_account_is_made_with_settings_that_fit(editor: Client) -> None:
    fields = {"name": "Ours", "network": "awin", "is_active": "on"}
    refused = editor.post(f"{ACCOUNTS}add/", {**fields, "report_settings": '{"publisher_id": "x"}'})
    assert "access_token" in refused.content.decode()
    assert not NetworkAccount.objects.exists()

    good = '{"publisher_id": "123456", "access_token": "AWIN_API_TOKEN"}'
    assert editor.post(f"{ACCOUNTS}add/", {**fields, "report_settings": good}).status_code == 302
    made = NetworkAccount.objects.get()
    assert made.next_poll_at is not None


def test_a_secret_pasted_into_the_settings_is_refused_and_not_repeated(editor: Client) -> None:
    answer = editor.post(
        f"{ACCOUNTS}add/",
        {"name": "Ours", "network": "awin", "report_settings": '{"publisher_id": "1", "access_token": "s3cr3t-value"}'},
    )
    errors = str(answer.context["adminform"].form.errors)

    assert "must be the name of an environment variable" in errors
    assert "s3cr3t-value" not in errors


def test_the_postback_address_is_there_to_copy_for_those_who_may_change_the_account(
    editor: Client, viewer: Client
) -> None:
    account = make_account()
    page = f"{ACCOUNTS}{account.pk}/change/"

    assert postback_path(account) in editor.get(page).content.decode()
    assert postback_path(account).split("/")[-2] not in viewer.get(page).content.decode()


def test_an_editor_has_an_account_asked_at_once_by_post_only(
    editor: Client, viewer: Client, told: list[tuple[str, int]]
) -> None:
    account = make_account(next_poll_at=timezone.now() + timedelta(days=1), consecutive_failures=5)
    ask = f"{ACCOUNTS}{account.pk}/ask/"

    assert editor.get(ask).status_code == 405
    assert viewer.post(ask).status_code == 403
    assert editor.post(ask).status_code == 302
    account.refresh_from_db()
    assert account.next_poll_at is not None
    assert account.next_poll_at <= timezone.now()
    assert told == [("poll_account", account.pk)]


def test_failures_of_an_account_are_in_the_list(editor: Client) -> None:
    make_account(consecutive_failures=3, last_error="Awin does not let us in (401)")

    assert "failed 3×: Awin does not let us in (401)" in editor.get(ACCOUNTS).content.decode()


def test_the_list_adds_up_what_is_filtered_in_each_currency(editor: Client) -> None:
    account = make_account()
    ExchangeRate.objects.create(day=NOON.date(), currency="USD", per_euro=Decimal(2))
    earned(account)
    earned(account, "T2", currency="USD", commission_amount=Decimal("8.00"))
    earned(account, "T3", status=Status.APPROVED, commission_amount=Decimal("7.00"))
    page = editor.get(f"{CONVERSIONS}?status__exact=pending")

    assert [(row["status"], row["count"], row["commission"], row["converted"]) for row in page.context["sums"]] == [
        ("Pending", "1", "€5.00", "€5.00"),
        ("Pending", "1", "$8.00", "€4.00"),
    ]


def test_a_conversion_shows_everything_the_network_said_in_order(editor: Client) -> None:
    account = make_account()
    click = make_click(NOON, placement="a1.2.3")
    earned(account, sub_id=sub_id(click.pk))
    conversion = earned(
        account, status=Status.REVERSED, commission_amount=Decimal(0), happened_at=NOON, reason="<b>returned</b>"
    )
    text = editor.get(f"{CONVERSIONS}{conversion.pk}/change/").content.decode()

    assert text.index("<strong>Pending</strong>") < text.index("<strong>Reversed</strong>")
    assert "&lt;b&gt;returned" in text
    assert "a1.2.3" in text


def test_conversions_can_be_changed_by_nobody(editor: Client) -> None:
    conversion = earned(make_account())

    assert editor.get(f"{CONVERSIONS}add/").status_code == 403
    assert editor.post(f"{CONVERSIONS}{conversion.pk}/change/", {"status": "approved"}).status_code == 403
    assert editor.post(f"{CONVERSIONS}{conversion.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_export_holds_the_filtered_rows_and_no_formula(editor: Client) -> None:
    account = make_account()
    earned(account, "=HYPERLINK(1)")
    earned(account, "T2", status=Status.APPROVED)
    answer = editor.get(f"{CONVERSIONS}export/?status__exact=pending")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert [row["network_key"] for row in rows] == ["'=HYPERLINK(1)"]
    assert rows[0]["commission_amount"] == "5.0000"


def test_the_reconciliation_names_why_purchases_are_joined_to_nothing(editor: Client) -> None:
    account = make_account()
    earned(account, "T1", sub_id="somebody-else")
    asked = f"?account={account.pk}&since=2026-11-18&until=2026-11-21"
    page = editor.get(f"{CONVERSIONS}reconcile/{asked}")
    text = page.content.decode()

    assert "The sub-id is none of ours" in text
    assert [(bar.joined, bar.not_joined) for bar in page.context["page"].bars] == [(0, 0), (0, 0), (0, 1), (0, 0)]
    href = next(row.href for row in page.context["page"].rows if row.count)
    assert "1 result" in editor.get(href).content.decode()
    rows = list(
        csv.DictReader(io.StringIO(b"".join(editor.get(f"{CONVERSIONS}reconcile.csv{asked}")).decode("utf-8-sig")))
    )
    assert (rows[0]["network_key"], rows[0]["joining"]) == ("T1", "The sub-id is none of ours")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2026-11-21&until=2026-11-18", "before the first"),
        ("since=2020-01-01&until=2026-11-18", "400 days at most"),
        ("since=yesterday", "From: Enter a valid date"),
        ("account=999999", "valid choice"),
    ],
    ids=["swapped", "long", "word", "account"],
)
def test_a_window_that_is_none_is_explained(asked: str, said: str, editor: Client) -> None:
    make_account()

    assert said in editor.get(f"{CONVERSIONS}reconcile/?{asked}").content.decode()
    assert editor.get(f"{CONVERSIONS}reconcile.csv?{asked}").status_code == 400


def test_without_an_account_the_reconciliation_says_what_to_do(editor: Client) -> None:
    assert "Add one" in editor.get(f"{CONVERSIONS}reconcile/").content.decode()


def test_without_an_account_that_sends_files_the_upload_says_what_to_do(editor: Client) -> None:
    make_account()
    html = editor.get(f"{FILES}add/").content.decode()
    assert "Amazon Associates" in html
    assert "Add an account" in html
    assert 'type="file"' not in html
    make_account("Associates", network="amazon")
    assert 'type="file"' in editor.get(f"{FILES}add/").content.decode()


def test_an_editor_processes_a_postback_again(editor: Client, viewer: Client) -> None:
    postback = Postback.objects.create(
        account=make_account(),
        received_at=NOON,
        method="GET",
        query="transactionId=9&commission=5.00&transactionCurrency=EUR",
        processed_at=NOON,
        problem="It was Tuesday.",
    )
    asked = {"action": "process", "_selected_action": [postback.pk]}

    assert "It was Tuesday." in editor.get(f"{POSTBACKS}?state=problem").content.decode()
    assert viewer.post(POSTBACKS, asked).status_code == 403
    assert "1 understood now" in editor.post(POSTBACKS, asked, follow=True).content.decode()
    assert Conversion.objects.get().network_key == "9"


def test_a_report_is_uploaded_looked_at_and_stored(editor: Client, told: list[tuple[str, int]]) -> None:
    account = make_account("Associates", network="amazon", report_settings={"marketplace": "us"})
    refused = editor.post(f"{FILES}add/", {"account": account.pk, "file": SimpleUploadedFile("report.pdf", b"%PDF")})
    assert "is none of .csv" in refused.content.decode()

    upload = SimpleUploadedFile("Fee-Earnings.csv", b"Category,Name\n")
    assert editor.post(f"{FILES}add/", {"account": account.pk, "file": upload}).status_code == 302
    file = ReportFile.objects.get()
    assert told == [("read_report_file", file.pk)]
    page = f"{FILES}{file.pk}/change/"
    assert "Waits to be read" in editor.get(page).content.decode()

    troubles = [{"where": "line 4", "field": "Date Shipped", "reason": "`someday` is no day"}]
    file.report = {"statements": 3, "statements_new": 2, "trouble_count": 1, "troubles": troubles}
    file.state = ReportFile.State.READ
    file.save()
    text = editor.get(page).content.decode()
    assert "Store the 2 new statements, without the rows that cannot be read" in text
    assert "`someday` is no day" in text

    assert editor.get(f"{FILES}{file.pk}/store/").status_code == 405
    assert editor.post(f"{FILES}{file.pk}/store/").status_code == 302
    file.refresh_from_db()
    assert (file.state, told[-1]) == (ReportFile.State.QUEUED, ("store_report_file", file.pk))
    file.file.delete()


def test_rates_come_in_as_a_file_or_are_refused_with_their_line(editor: Client, viewer: Client) -> None:
    def send(text: str) -> Any:
        return editor.post(f"{RATES}import/", {"file": SimpleUploadedFile("rates.csv", text.encode())}, follow=True)

    assert "Line 2" in send("day,currency,per_euro\n2026-11-20,USD,one\n").content.decode()
    assert "Rates stored: 1." in send("day,currency,per_euro\n2026-11-20,USD,1.2\n").content.decode()
    assert ExchangeRate.objects.get().per_euro == Decimal("1.2")
    assert viewer.get(f"{RATES}import/").status_code == 403


@pytest.mark.parametrize(
    "path", [ACCOUNTS, CONVERSIONS, f"{CONVERSIONS}reconcile/", f"{CONVERSIONS}reconcile.csv", POSTBACKS, FILES, RATES]
)
def test_staff_without_the_right_sees_nothing(path: str, client: Client) -> None:
    client.force_login(make_staff("nobody"))

    assert client.get(path).status_code == 403


def test_the_lists_take_no_more_queries_for_more_rows(editor: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    account = make_account()
    for number in range(2):
        earned(account, f"T{number}")
    with CaptureQueriesContext(connection) as few:
        editor.get(CONVERSIONS)
    for number in range(2, 20):
        earned(account, f"T{number}")
    with django_assert_num_queries(len(few)):
        editor.get(CONVERSIONS)
