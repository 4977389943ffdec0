"""Something behind every door of the API, and what opens them all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.models import ProductCode
from partners.scopes import SCOPES
from partners.services.api_keys import issue_key
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer

SECRET = "a secret of more than twenty-four letters"
# Where the schema's addresses have gaps.
PLACES = {"articles": "a-guide", "products": "acme-one", "links": "acme-one-shop", "imports": "1", "tables": "1"}


def a_small_site() -> str:
    """The secret of a key with every scope. The merchant's readings are signed with `SHOP_PUSH_SECRET`."""
    product = make_product("One")
    ProductCode.objects.create(product=product, scheme="gtin", value="4006381333931")
    shop = make_merchant(
        "Shop", api_allowed=True, source="pushed", source_settings={"secret": "SHOP_PUSH_SECRET"}, alerts_allowed=True
    )
    make_seen_offer(product, shop)
    make_published_article()
    ends = timezone.now() + timedelta(days=1)
    return issue_key(name="All", contact="", scopes=list(SCOPES), expires_at=ends)[1]


def address(path: str) -> str:
    """The schema's path with its gaps filled."""
    before, gap, after = path.partition("{")
    return before + PLACES[path.split("/")[3]] + after.partition("}")[2] if gap else path


def schema() -> dict[str, Any]:
    """The schema as it is served."""
    from drf_spectacular.generators import SchemaGenerator

    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return dict(json.loads(json.dumps(made, default=str)))
