from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from catalog.product_index import StillReadingError
from reviews.answers import once_products_are_read

pytestmark = pytest.mark.django_db


@once_products_are_read
def unread(request: HttpRequest) -> HttpResponse:
    raise StillReadingError


def test_who_comes_while_products_are_read_can_ask_the_same_again() -> None:
    answer = unread(RequestFactory().get("/products/", {"q": "a & b", "wireless": "yes"}))
    assert answer.status_code == 503
    assert 'href="/products/?q=a+%26+b&amp;wireless=yes">Try it again</a>' in answer.content.decode()
