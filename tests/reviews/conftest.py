"""Who is at the desk of comments: an article that is out, a moderator, and the moderator's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.factories import make_colleague, make_published_article

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from reviews.models import Article


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide")


@pytest.fixture
def moderator() -> User:
    return make_colleague("mod", "Moderator")


@pytest.fixture
def desk(moderator: User) -> Client:
    client = Client()
    client.force_login(moderator)
    return client
