"""What tells operators how the site is: metrics and logs."""

from __future__ import annotations

from config import env
from config.log_words import FORMS, log_settings
from config.settings import outside
from config.settings.site import SECRET_KEY
from config.settings.storage import DATABASES

# Who may read `/metrics`: whoever sends this as a bearer token. Empty: nobody.
METRICS_TOKEN = env.text("METRICS_TOKEN")

LOGGING = log_settings(
    env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    form=env.choice("LOG_FORMAT", FORMS, "lines"),
    has_time=env.flag("LOG_TIME", default=True),
    secrets=[
        str(secret)
        for secret in (
            *(SECRET_KEY, METRICS_TOKEN, outside.MAIL_EVENTS_SECRET),
            *(database.get("PASSWORD") for database in DATABASES.values()),
            vars(outside).get("EMAIL_HOST_PASSWORD"),
        )
        if secret
    ],
)
