"""What every test stands on: the embedded services, a Redis database per worker, the folder of real data."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import OperationalError, connection
from hypothesis import settings as hypothesis_settings

from config import embedded
from config.settings import celery_url

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest


def _redis_database(worker: str) -> int:
    """A Redis database of its own for each xdist worker; the site itself uses number 0."""
    return 1 + int(worker.removeprefix("gw") or 0) if worker.startswith("gw") else 1


# A worker inherits what its controller set here: that is no address somebody gave us.
if os.environ.get("REDIS_URL") == os.environ.get("REDIS_URL_OF_CONTROLLER"):
    os.environ.pop("REDIS_URL", None)
embedded.join()
if not os.environ.get("REDIS_URL"):
    own = embedded.redis_url(_redis_database(os.environ.get("PYTEST_XDIST_WORKER", "")))
    os.environ["REDIS_URL"] = os.environ["REDIS_URL_OF_CONTROLLER"] = own
    # The settings were read before this file: two workers in one database would empty each other's cache.
    settings.REDIS_URL = own
    settings.CACHES["default"]["LOCATION"] = own
    settings.CELERY_BROKER_URL = celery_url(own)


def _folder(prefix: str) -> str:
    """A folder for this process that goes with it: what writes into it at exit was registered later, so it is first."""
    made = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


os.environ.setdefault("SECRET_KEY", "tests-only")
# What tests click must not be shipped by a demo that runs in the same folder.
if "CLICK_SPOOL_DIR" not in os.environ:
    os.environ["CLICK_SPOOL_DIR"] = _folder("earmark-spool-")
os.environ.setdefault("LINK_SNAPSHOT", str(Path(os.environ["CLICK_SPOOL_DIR"]) / "links.snapshot"))
os.environ.setdefault("API_RATE", "100000/min")
os.environ.setdefault("API_KEY_RATE", "100000/min")
# Nor do its pictures belong among the site's own.
os.environ["MEDIA_ROOT"] = _folder("earmark-media-")
settings.MEDIA_ROOT = Path(os.environ["MEDIA_ROOT"])

# Speed is measured in bench/, never by a test: a busy machine is no failure.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


def shared_dir() -> Path | None:
    """The folder of real fixtures and data, when the environment names one."""
    named = os.environ.get("SHARED_DIR")
    return Path(named).resolve() if named else None


def _runs_in_real_time(item: pytest.Item) -> bool:
    """A browser, processes or threads against a real clock, beside others: asked twice (decision 0056)."""
    if item.get_closest_marker("browser") or item.get_closest_marker("chaos"):
        return True
    known = vars(getattr(item, "module", None) or object).values()
    return any(
        getattr(one, "__name__", "") in ("subprocess", "threading")
        or getattr(one, "__module__", "") == "tests.site_processes"
        for one in known
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _runs_in_real_time(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if shared_dir() is not None:
        return
    real = [item for item in items if item.get_closest_marker("real_data")]
    if real:
        config.hook.pytest_deselected(items=real)
        items[:] = [item for item in items if not item.get_closest_marker("real_data")]


def pytest_report_header() -> list[str]:
    where = shared_dir()
    if where is None:
        return ["real data: not run (set SHARED_DIR to the folder that holds fixtures/ and data/)"]
    return [f"real data: {where}"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database goes at the end, though a thread of a server of the tests may still hold a connection to it.

    By a line of its own, asked for until there is one: a process that is done early has waited long for the others.
    """
    yield
    connection.close()
    deadline = time.monotonic() + 30
    while not _left_alone(django_db_blocker) and time.monotonic() < deadline:
        time.sleep(0.2)


def _left_alone(django_db_blocker: Any) -> bool:
    with contextlib.suppress(OperationalError), django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return True
    connection.close()
    return False


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real fixtures and data; tests that use it are marked `real_data`."""
    where = shared_dir()
    if where is None:
        pytest.skip("SHARED_DIR is not set")
    return where


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _market_of_nobody() -> None:
    """No country, no rate: what a test before this one told the process is forgotten. `forget_market` has it read."""
    from catalog.market import keep_market
    from catalog.shopper import Market

    keep_market(Market())


@pytest.fixture(autouse=True)
def _doorway_after_a_quiet_time() -> None:
    """What tests before this one sent by readers' forms does not keep it waiting."""
    from reviews.own_forms import doorway

    doorway.rest()


def _commits(request: pytest.FixtureRequest) -> bool:
    """Does the test commit what it writes, so that its database is emptied behind it?"""
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        return True
    marker = request.node.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def _index_of_its_own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that commits empties the database behind it, which the process' index of products would hear late."""
    if not _commits(request):
        yield
        return
    from catalog import product_index

    index = product_index.ProductIndex()
    monkeypatch.setattr(product_index, "_kept", index)
    yield
    index.wait()


@pytest.fixture(autouse=True)
def _clicks_are_cleared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Django empties only the tables it makes itself, and the one of the clicks is made by a migration's SQL."""
    if not _commits(request):
        yield
        return
    request.getfixturevalue("db")
    yield
    monkeypatch.undo()  # the test may have taken the database away
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM catalog_click)")
        if cursor.fetchone() == (True,):
            cursor.execute("TRUNCATE catalog_click")


def _shows_a_second_factor(request: HttpRequest, user: User, **_: Any) -> None:
    """`client.force_login` and `client.login` come by no page: such a session has its second factor, really set up.

    Whoever signs in by the pages has a path, and shows one there (`tests/config/staff/`).
    """
    if request.path or not user.is_staff:
        return
    from allauth.account.internal.flows.login import record_authentication
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from config.staff.sessions import BEGAN, SEEN

    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    record_authentication(request, user, "mfa", type="totp")
    request.session[BEGAN] = int(time.time())
    # It is not written down again in the midst of a test that counts what is asked.
    request.session[SEEN] = request.session[BEGAN] + 86_400


user_logged_in.connect(_shows_a_second_factor, dispatch_uid="tests")
