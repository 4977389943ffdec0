"""What is sent to each door of the API, for example, and which answer leads on to which door?

A hook of drf-spectacular puts both into the schema. Examples name what the tests' small site has; a test sends them.
"""

from __future__ import annotations

from typing import Any

_PRODUCT = "/api/v1/products/{slug}/"
_LINK = "/api/v1/links/{code}/"
_NEEDS = {
    "activities": [{"name": "commuting", "weight": 3}, {"name": "calls", "weight": 1}],
    "budget": {"max": 250, "currency": "USD"},
    "connection": "wireless",
}
# (path, method) → what is sent, as JSON.
SENT: dict[tuple[str, str], Any] = {
    ("/api/v1/alerts/", "post"): {
        "product": "acme-one",
        "kind": "below",
        "amount": "80.00",
        "currency": "USD",
        "email": "ada@example.org",
    },
    ("/api/v1/articles/{slug}/comments/", "post"): {
        "name": "Ada",
        "text": "They hold after three hours, too.",
        "email": "ada@example.org",
        "tell": "answers",
    },
    ("/api/v1/articles/{slug}/remarks/", "post"): {
        "name": "Ada",
        "text": "Only with the cable that is in the box.",
        "exact": "Words.",
    },
    ("/api/v1/newsletter/", "post"): {"email": "ada@example.org", "topics": ["newsletter"]},
    ("/api/v1/newsletter/you/", "patch"): {"rhythm": "weekly", "news_hour": 7},
    ("/api/v1/readings/", "post"): {
        "merchant": "shop",
        "readings": [{"sku": "A1", "amount": "99.00", "currency": "USD", "seen_at": "2026-11-27T04:30:00Z"}],
    },
    ("/api/v1/recommendations/", "post"): {"needs": _NEEDS},
    ("/api/v1/recommendations/next-question/", "post"): {"needs": _NEEDS},
    (_PRODUCT, "put"): {
        "brand": "Acme",
        "model": "One",
        "kind": "headphones",
        "type": "over-ear",
        "summary": "Light headphones for the train.",
        "gtin": ["4006381333931"],
        "specs": {"wireless": True, "anc": True, "weight_g": "254.0", "radios": ["bluetooth"]},
    },
    (_PRODUCT, "patch"): {
        "specs": {"battery_hours": "30.0"},
        "sources": [
            {
                "spec": "battery_hours",
                "source": "Acme",
                "url": "https://acme.example/one",
                "checked_on": "2026-11-20",
            }
        ],
    },
    ("/api/v1/products/bulk/", "post"): {
        "products": [
            {"gtin": ["4006381333931"], "specs": {"battery_hours": "30.0"}},
            {"brand": "Acme", "model": "Two", "kind": "headset", "mpn": ["AC-2"]},
        ]
    },
    ("/api/v1/links/", "post"): {"merchant": "shop", "sku": "acme-one", "code": "one-in-spring"},
    (_LINK, "patch"): {"is_active": False, "fallback_path": "/guides/"},
    ("/api/v1/imports/", "post"): {"url": "https://feeds.example/prices.csv.gz"},
}
# (path, method) → what stands in the address with it.
ASKED: dict[tuple[str, str], dict[str, str]] = {("/api/v1/imports/", "post"): {"merchant": "shop"}}
# (path, method) → status, name of the way on → which operation, and with what of the answer.
LEADS_ON: dict[tuple[str, str], tuple[str, dict[str, tuple[str, dict[str, str]]]]] = {
    ("/api/v1/products/", "get"): (
        "200",
        {"Product": ("products_retrieve", {"path.slug": "$response.body#/results/0/slug"})},
    ),
    (_PRODUCT, "get"): (
        "200",
        {
            "Change": (
                "products_partial_update",
                {"path.slug": "$request.path.slug", "header.If-Match": "$response.header.ETag"},
            ),
            "Replace": (
                "products_update",
                {"path.slug": "$request.path.slug", "header.If-Match": "$response.header.ETag"},
            ),
            "Offers": ("offers_list", {"query.product": "$request.path.slug"}),
        },
    ),
    ("/api/v1/products/bulk/", "post"): (
        "200",
        {"Product": ("products_retrieve", {"path.slug": "$response.body#/results/0/slug"})},
    ),
    ("/api/v1/articles/", "get"): (
        "200",
        {
            "Article": ("articles_retrieve", {"path.slug": "$response.body#/results/0/slug"}),
            "Comments": ("articles_comments_list", {"path.slug": "$response.body#/results/0/slug"}),
        },
    ),
    ("/api/v1/links/", "post"): ("201", {"Link": ("links_retrieve", {"path.code": "$response.body#/code"})}),
    ("/api/v1/imports/", "post"): (
        "202",
        {
            "Import": ("imports_retrieve", {"path.id": "$response.body#/id"}),
            "Start": ("imports_start_create", {"path.id": "$response.body#/id"}),
            "Cancel": ("imports_cancel_create", {"path.id": "$response.body#/id"}),
        },
    ),
    ("/api/v1/tables/", "post"): (
        "202",
        {
            "Table": ("tables_retrieve", {"path.id": "$response.body#/id"}),
            "Rows": ("tables_rows_list", {"path.id": "$response.body#/id"}),
            "Store": ("tables_store_create", {"path.id": "$response.body#/id"}),
            "Stop": ("tables_stop_create", {"path.id": "$response.body#/id"}),
        },
    ),
    (_LINK, "get"): (
        "200",
        {
            "Change": (
                "links_partial_update",
                {"path.code": "$request.path.code", "header.If-Match": "$response.header.ETag"},
            )
        },
    ),
}


def give_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put the tables into the schema. Doors that are not there (any more) are passed over; a test looks for them."""
    for (path, method), example in SENT.items():
        body = result["paths"].get(path, {}).get(method, {}).get("requestBody", {})
        if content := body.get("content", {}).get("application/json"):
            content["examples"] = {"Example": {"value": example}}
    for (path, method), asked in ASKED.items():
        for parameter in result["paths"].get(path, {}).get(method, {}).get("parameters", ()):
            if parameter["name"] in asked:
                parameter["examples"] = {"Example": {"value": asked[parameter["name"]]}}
    for (path, method), (status, ways) in LEADS_ON.items():
        answer = result["paths"].get(path, {}).get(method, {}).get("responses", {}).get(status)
        if answer is not None:
            answer["links"] = {
                name: {"operationId": operation, "parameters": parameters}
                for name, (operation, parameters) in ways.items()
            }
    return result
