"""The shop on this machine that the price tests talk to."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from tests.catalog.services.feed_shop import FeedShop, open_shop


@pytest.fixture
def shop(httpserver: HTTPServer, db: None) -> FeedShop:
    return open_shop(httpserver)
