"""A configuration that would lose clicks or open a door is named before it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from django.test import override_settings

from catalog.models import NetworkAccount
from catalog.networks.reports import REPORTS
from tests.factories import make_merchant


def ids() -> set[str]:
    return {str(message.id) for message in run_checks() if str(message.id).startswith(("catalog", "recommender"))}


def test_the_tests_own_configuration_is_fine() -> None:
    assert ids() == set()


def test_a_spool_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("")
    with override_settings(CLICK_SPOOL_DIR=in_the_way / "spool"):
        assert ids() == {"catalog.E001"}


def test_a_country_header_without_a_proxy_is_a_warning() -> None:
    with override_settings(COUNTRY_HEADER="CF-IPCountry", BEHIND_PROXY=False):
        assert ids() == {"catalog.W001"}
    with override_settings(COUNTRY_HEADER="CF-IPCountry", BEHIND_PROXY=True):
        assert ids() == set()


def test_private_hosts_on_a_public_site_are_a_warning() -> None:
    with override_settings(PRIVATE_HOSTS_ALLOWED=["127.0.0.1:8101"], IS_HTTPS=True):
        assert ids() == {"catalog.W002"}


def test_a_rule_file_that_cannot_be_used_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from recommender import rules

    def broken() -> None:
        rules.ruleset_of({"bad.yaml": "- id: not-an-id\n"})

    monkeypatch.setattr("recommender.rules.load", broken)
    assert ids() == {"recommender.E001"}


def shop_ids() -> set[str]:
    return {str(message.id) for message in run_checks(tags=[Tags.database], databases=["default"])}


@pytest.mark.django_db
def test_a_merchant_that_cannot_be_linked_to_is_a_warning() -> None:
    make_merchant()
    assert shop_ids() == set()
    tagless = make_merchant("Tagless", network="amazon", hosts=["amazon.de"], homepage="https://www.amazon.de/")
    tagless.link_style = "direct"
    tagless.save()
    assert shop_ids() == {"catalog.W003"}
    tagless.network_settings = {"tag_de": "earmark-21"}
    tagless.save()
    assert shop_ids() == set()
    tagless.link_style = "redirect"
    tagless.save()
    assert shop_ids() == {"catalog.W004"}
    tagless.is_active = False
    tagless.save()
    assert shop_ids() == set()


@pytest.mark.django_db
def test_an_account_whose_reports_cannot_be_read_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    account = NetworkAccount.objects.create(name="Ours", network="impact", report_settings={"account_sid": "IR1"})
    [found] = run_checks(tags=[Tags.database], databases=["default"])
    assert (found.id, "Ours" in found.msg) == ("catalog.W005", True)
    reports = REPORTS["impact"]
    account.report_settings = {**reports.example_settings}
    for field in reports.settings:
        if field.secret:
            account.report_settings[field.name] = "NOT_SET_ANYWHERE"
    account.report_settings = {
        name: value for name, value in account.report_settings.items() if "{server}" not in str(value)
    }
    account.save()
    [found] = run_checks(tags=[Tags.database], databases=["default"])
    assert "NOT_SET_ANYWHERE" in found.msg
    monkeypatch.setenv("NOT_SET_ANYWHERE", "a-secret-that-is-long-enough")
    assert shop_ids() == set()
    account.network = "gone"
    account.save()
    assert shop_ids() == {"catalog.W005"}
    account.is_active = False
    account.save()
    assert shop_ids() == set()
