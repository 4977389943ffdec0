"""A key is handed out once, kept as a digest, exchanged with days for going over, and opens nothing after its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import ApiKey
from partners.services.api_keys import KeyRefusedError, key_of, note_use, revoke_key, rotate_key
from tests.partners.keys import make_key

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def refusal(secret: str, **later: float) -> str:
    with pytest.raises(KeyRefusedError) as refused:
        key_of(secret, now=timezone.now() + timedelta(**later))
    return str(refused.value)


def test_what_is_stored_is_a_digest_and_the_beginning() -> None:
    key, secret = make_key("links:read")
    assert secret.startswith(f"earmark_{key.prefix}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM partners_apikey k")
        (row,) = cursor.fetchone()
    assert secret.partition(".")[2] not in row
    assert key.digest.startswith("sha512$$")
    assert key_of(secret, now=timezone.now()) == key


def test_two_keys_share_nothing() -> None:
    secrets = {make_key("links:read", name=f"Partner {n}")[1] for n in range(20)}
    assert len({secret[:16] for secret in secrets}) == len({secret[-32:] for secret in secrets}) == 20


@pytest.mark.parametrize(
    "sent", ["", "earmark_", "x", "earmark_AbCdEfGh", "AbCdEfGh." + "x" * 32, "earmark_AbCdEfGh." + "ü" * 32]
)
def test_what_is_no_key_is_told_so_and_not_looked_for(sent: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert refusal(sent).startswith("This is no key of ours")
    assert len(asked) == 0


def test_a_guess_at_the_second_half_learns_no_more_than_a_guess_at_both() -> None:
    key, secret = make_key("links:read")
    revoke_key(key=key, now=timezone.now())
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    assert refusal(wrong) == refusal("earmark_" + "z" * 8 + "." + "z" * 32) == "There is no such key."
    assert refusal(secret).startswith("This key was revoked.")


def test_a_key_ends_when_it_was_said_to() -> None:
    key, secret = make_key("links:read", expires_at=timezone.now() + HOUR)
    assert key_of(secret, now=key.expires_at - timedelta(seconds=1)) == key
    assert refusal(secret, hours=1).startswith(f"This key ended on {key.expires_at:%d %B %Y}.")


def test_a_revoked_key_stays_revoked_and_its_moment_is_the_first() -> None:
    key, secret = make_key("links:read")
    then = timezone.now()
    assert revoke_key(key=key, now=then)
    assert not revoke_key(key=key, now=then + HOUR)
    key.refresh_from_db()
    assert key.revoked_at == then
    assert "revoked" in refusal(secret)
    assert rotate_key(key=key, prefix=key.prefix, overlap=HOUR, now=then) is None


def test_after_a_rotation_both_secrets_open_until_the_overlap_has_passed() -> None:
    key, former = make_key("links:read", "jobs:read")
    now = timezone.now()
    secret = rotate_key(key=key, prefix=key.prefix, overlap=HOUR, now=now)
    assert secret is not None
    assert secret != former
    assert {key_of(one, now=now).pk for one in (former, secret)} == {key.pk}
    assert key_of(secret, now=now).scopes == ["links:read", "jobs:read"]
    assert "exchanged for a new one" in refusal(former, hours=1)
    assert key_of(secret, now=now + HOUR) == key


def test_without_an_overlap_the_former_secret_is_gone_at_once() -> None:
    key, former = make_key("links:read")
    rotate_key(key=key, prefix=key.prefix, overlap=timedelta(0), now=timezone.now())
    assert refusal(former) == "There is no such key."


def test_the_one_before_the_former_one_opens_nothing() -> None:
    key, first = make_key("links:read")
    now = timezone.now()
    rotate_key(key=key, prefix=key.prefix, overlap=HOUR, now=now)
    key.refresh_from_db()
    third = rotate_key(key=key, prefix=key.prefix, overlap=HOUR, now=now)
    assert refusal(first) == "There is no such key."
    assert third is not None


def test_a_page_that_is_sent_twice_rotates_once() -> None:
    key, former = make_key("links:read")
    now = timezone.now()
    assert rotate_key(key=key, prefix=key.prefix, overlap=HOUR, now=now)
    assert rotate_key(key=key, prefix=former[8:16], overlap=HOUR, now=now) is None
    assert key_of(former, now=now) == key


def test_use_is_noted_to_the_day_and_once_a_day() -> None:
    key, secret = make_key("links:read")
    now = timezone.now()
    note_use(key=key, now=now)
    key.refresh_from_db()
    assert key.last_used_on == timezone.localdate(now)
    with CaptureQueriesContext(connection) as asked:
        note_use(key=key_of(secret, now=now), now=now)
    assert [query["sql"][:6] for query in asked] == ["SELECT"]
    note_use(key=key, now=now + timedelta(days=1))
    key.refresh_from_db()
    assert key.last_used_on == timezone.localdate(now) + timedelta(days=1)


def test_the_database_keeps_half_a_former_secret_out() -> None:
    key, _ = make_key("links:read")
    with pytest.raises(IntegrityError, match="api_key_former_is_whole"):
        ApiKey.objects.filter(pk=key.pk).update(former_prefix="AbCdEfGh")
