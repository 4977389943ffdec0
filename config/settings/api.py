"""The API for machines."""

from __future__ import annotations

from config import env
from config.api_words import schema_settings
from config.settings.locks import BEHIND_PROXY
from config.settings.site import SITE_NAME

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.json_body.JsonBody"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["partners.by_key.ByKey"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["config.api_limits.PerClient"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.text("API_RATE", "120/min"),
        "key": env.text("API_KEY_RATE", "600/min"),
    },
    # Without a proxy of ours the address in X-Forwarded-For is whatever the client wrote there.
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "config.problems.problem_details",
}
SPECTACULAR_SETTINGS = schema_settings(SITE_NAME)
