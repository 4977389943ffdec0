"""How does the API's schema describe the API?"""

from __future__ import annotations

from typing import Any


def schema_settings(site_name: str) -> dict[str, Any]:
    """What `SPECTACULAR_SETTINGS` is: title, names and where its pages' files lie."""
    about = "Articles, products, offers and recommendations. Prices appear only where the merchant allows it."
    return {
        "TITLE": f"{site_name} API",
        "DESCRIPTION": about,
        "VERSION": "1.0.0",
        "OAS_VERSION": "3.1.0",
        "SERVE_INCLUDE_SCHEMA": False,
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "REDOC_DIST": "SIDECAR",
        "COMPONENT_SPLIT_REQUEST": True,
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "partners.key_doors.say_scopes",
            "config.api_errors.say_what_fails",
            "config.api_errors.close_what_is_sent",
            "config.api_errors.ask_for_one_of",
            "config.api_examples.give_examples",
            "config.api_deprecations.mark_retiring",
        ],
        "ENUM_NAME_OVERRIDES": {
            "ProductKind": [("headphones", "Headphones"), ("headset", "Headset")],
            "RecommendedKind": [("headset", "headset"), ("headphones", "headphones")],
            "AnsweredKind": [(kind, kind) for kind in ("headset", "headphones", "either")],
            "Shape": [(form, form) for form in ("over_ear", "on_ear", "in_ear")],
            "ProductType": "catalog.api.product_input.TYPES",
            "EarsOfProduct": "catalog.models.specs.Ears",
            "ImportState": "catalog.models.feed_import.FeedImport.State",
            "TableState": "catalog.models.table_import.TableImport.State",
            "TableKind": "catalog.models.table_import.table_kinds",
            "ArticleKind": "reviews.models.article.Article.ArticleKind",
        },
    }
