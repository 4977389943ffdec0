"""Settings are checked before they are stored, and secrets are looked up only when they are needed."""

from __future__ import annotations

import pytest

from catalog.settings_fields import MissingSecretError, SettingField, problems, resolved

FIELDS = (
    SettingField(name="account", help="The account's number.", pattern=r"[0-9]+"),
    SettingField(name="key", help="The variable that holds the key.", secret=True, pattern=r"[a-z]{8}"),
    SettingField(name="region", help="Where, if not here.", required=False),
)


def test_a_secret_setting_holds_the_name_of_a_variable() -> None:
    assert problems(FIELDS, {"account": "12", "key": "SHOP_KEY"}) == []


@pytest.mark.parametrize("pasted", ["s3cr3t-value", "amzn1.oa2-cs.v1.abc", "shop_key", "SHOP-KEY", "AB"])
def test_a_secret_pasted_in_place_of_the_name_is_refused_and_not_repeated(pasted: str) -> None:
    (problem,) = problems(FIELDS, {"account": "12", "key": pasted})
    assert "name of an environment variable" in problem
    assert pasted not in problem


@pytest.mark.parametrize("variable", ["SECRET_KEY", "DATABASE_URL", "POSTGRES_PASSWORD"])
def test_a_record_cannot_send_the_sites_own_secrets_to_a_merchant(variable: str) -> None:
    (problem,) = problems(FIELDS, {"account": "12", "key": variable})
    assert "the site's own secret" in problem
    with pytest.raises(MissingSecretError):
        resolved(FIELDS, {"key": variable}, {variable: "x"})


def test_secrets_are_replaced_by_what_their_variables_hold() -> None:
    settings = {"account": "12", "key": "SHOP_KEY", "region": ""}
    assert resolved(FIELDS, settings, {"SHOP_KEY": "open sesame\n"}) == {"account": "12", "key": "open sesame"}


@pytest.mark.parametrize("environ", [{}, {"SHOP_KEY": ""}, {"SHOP_KEY": " "}], ids=["missing", "empty", "blank"])
def test_a_missing_secret_names_the_variable_and_the_setting(environ: dict[str, str]) -> None:
    with pytest.raises(MissingSecretError, match="SHOP_KEY, which `key` names, is not set"):
        resolved(FIELDS, {"account": "12", "key": "SHOP_KEY"}, environ)


def test_a_stored_secret_is_not_repeated_when_it_is_refused_at_the_last_moment() -> None:
    with pytest.raises(MissingSecretError) as caught:
        resolved(FIELDS, {"key": "hunter2-hunter2"}, {})
    assert "hunter2" not in str(caught.value)


def test_a_setting_that_is_no_text_or_unknown_is_said() -> None:
    found = " ".join(problems(FIELDS, {"account": 12, "key": "SHOP_KEY", "colour": "red"}))
    assert "`account` must be text, not int" in found
    assert "`colour` is not a setting here" in found
