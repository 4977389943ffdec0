"""The outside world: merchants, links and their clicks, mail."""

from __future__ import annotations

from pathlib import Path

import environ

from config import env
from config.settings.site import DATA_DIR, SITE_URL

# host:port pairs with private addresses that prices may be read from. Empty in production; the demo names its shops.
PRIVATE_HOSTS_ALLOWED = env.words("PRIVATE_HOSTS_ALLOWED")
# Who we say we are when we read a merchant's feed or page.
FETCH_USER_AGENT = env.text("FETCH_USER_AGENT", f"EarmarkBot/1.0 (+{SITE_URL}/how-we-work/)")
# A country header is believed only when a proxy of ours sets it (name it, e.g. CF-IPCountry).
COUNTRY_HEADER = env.text("COUNTRY_HEADER")
# Where no header says it: a file of countries by address on this machine (MMDB), for links that lead by country.
GEO_DATABASE = env.text("GEO_DATABASE")
CLICK_SPOOL_DIR = Path(env.text("CLICK_SPOOL_DIR") or DATA_DIR / "spool")
LINK_SNAPSHOT = Path(env.text("LINK_SNAPSHOT") or DATA_DIR / "links.snapshot")
# What reports add earnings up in (ISO 4217); each is converted at the rate of its day.
REPORT_CURRENCY = env.text("REPORT_CURRENCY", "EUR")
# Where the European Central Bank's files of daily rates lie.
EXCHANGE_RATES_URL = env.text("EXCHANGE_RATES_URL", "https://www.ecb.europa.eu")
CLICK_RETENTION_MONTHS = env.integer("CLICK_RETENTION_MONTHS", 13)
# Where `update_bot_list` keeps the list of machines that is newer than the program's own.
BOT_LIST = DATA_DIR / "bots.json"
# The largest file or feed that an editor may import, packed or unpacked, in megabytes.
IMPORT_MAX_MB = env.integer("IMPORT_MAX_MB", 1000)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# The URL's reader takes the first slash of its path away: an absolute path needs one more.
vars().update(environ.Env.email_url_config(env.text("EMAIL_URL") or f"filemail:///{DATA_DIR / 'mail'}"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Earmark <post@localhost>")
# Who looks after the machine, and is told when it breaks a promise (config/alarms/).
OPERATOR_EMAILS = env.words("OPERATOR_EMAILS")
# What the mail server's program signs its reports of bounces and complaints with; empty: none are taken.
MAIL_EVENTS_SECRET = env.text("MAIL_EVENTS_SECRET")
# The service that carries our letters, if it is one whose reports can be read (readers/mail_service.py), and what
# django-anymail has to know of it: keys that it signs with, a JSON object. Its reports come with a name and a password.
MAIL_SERVICES = ("", "brevo", "mailgun", "mailjet", "mailtrap", "postmark")
MAIL_SERVICE = env.choice("MAIL_SERVICE", MAIL_SERVICES, "")
ANYMAIL = {**env.options("MAIL_SERVICE_OPTIONS"), "WEBHOOK_SECRET": f"earmark:{MAIL_EVENTS_SECRET}"}
# So many copies of letters go out in any minute at most. 0: as fast as the mail server takes them.
NEWSLETTER_PER_MINUTE = env.integer("NEWSLETTER_PER_MINUTE", 600)
# News that a reader follows: more letters than these in a day are gathered into the next day's.
NEWS_LETTERS_PER_DAY = env.integer("NEWS_LETTERS_PER_DAY", 6)
# A price that stays below what a reader asked for is told again after so many days at the earliest.
ALERT_REST_DAYS = env.integer("ALERT_REST_DAYS", 14)
