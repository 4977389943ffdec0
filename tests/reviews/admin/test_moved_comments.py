"""Comments that came from another site can be looked at, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.models import MovedComment
from tests.factories import make_article, make_staff

pytestmark = pytest.mark.django_db


def test_they_are_listed_with_as_many_queries_however_many_there_are(client: Client) -> None:
    client.force_login(make_staff("mod", "reviews.view_movedcomment"))
    article = make_article()
    counts = []
    for first, last in ((0, 20), (20, 90)):
        MovedComment.objects.bulk_create(
            MovedComment(article=article, source_id=str(number), text="<b>Hm</b>", state="held")
            for number in range(first, last)
        )
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/admin/reviews/movedcomment/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "&lt;b&gt;Hm&lt;/b&gt;" in html
    assert client.get("/admin/reviews/movedcomment/add/").status_code == 403
