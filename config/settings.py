"""One settings file; the differences between machines come from the environment (`.env.example` lists it all)."""

from __future__ import annotations

import re
import secrets
import sys
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import embedded, env
from config.api_words import schema_settings
from config.databases import databases
from config.log_words import FORMS, log_settings

# Lets `admin.ModelAdmin[Product]` and the like say at run time what they say to the type checker.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = embedded.data_dir()

DEBUG = env.flag("DEBUG")
TESTING = "pytest" in sys.modules


def _secret_key() -> str:
    """SECRET_KEY; on a machine with embedded services one is made once and kept in the data folder."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    if env.text("DATABASE_URL"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` and put it into the environment or .env."
        )
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SITE_NAME = env.text("SITE_NAME", "Earmark")
# The address readers see, without a slash at the end: canonical links, feeds, mail and JSON-LD are made with it.
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
# Where the newsroom's desk is: its path, and, where one is named, its own host, elsewhere a 404.
ADMIN_PATH = env.text("ADMIN_PATH", "admin").strip("/") + "/"
if not re.fullmatch(r"[\w-]+(/[\w-]+)*/", ADMIN_PATH):
    raise ImproperlyConfigured(f"ADMIN_PATH is {ADMIN_PATH!r}; say letters, digits, - and _, like desk or staff/desk.")
ADMIN_HOST = env.text("ADMIN_HOST").lower()
ADMIN_ORIGIN = f"{SITE_URL.partition('://')[0]}://{ADMIN_HOST}" if ADMIN_HOST else SITE_URL
ADMIN_URL = f"{ADMIN_ORIGIN}/{ADMIN_PATH}"
ALLOWED_HOSTS += [ADMIN_HOST] if ADMIN_HOST else []

INSTALLED_APPS = [
    "config.apps.MachineConfig",
    "reviews.apps.ReviewsConfig",
    "recommender.apps.RecommenderConfig",
    "catalog.apps.CatalogConfig",
    "partners.apps.PartnersConfig",
    "readers.apps.ReadersConfig",
    "django_prose_editor",
    "config.apps.NewsroomAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "config.health.Livez",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.view_count.CountViews",
    "config.page_cache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.staff.sessions.StaffSessions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.resource_policy.OwnPagesOnly",
    "config.tidy.TidyPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- storage ---------------------------------------------------------------------------------------------------

DATABASES = databases(
    url=env.text("DATABASE_URL") or embedded.database_url(),
    # A streaming copy that click reports read from.
    copy_url=env.text("DATABASE_COPY_URL"),
    # DATABASE_URL leads to a pooler that hands out servers by the transaction (PgBouncer): for web processes only.
    is_pooled=env.flag("DATABASE_POOLED"),
    max_age=env.integer("DATABASE_CONN_MAX_AGE", 60),
)
DATABASE_ROUTERS = ["config.copy_router.ReportsFromTheCopy"] if "copy" in DATABASES else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL") or embedded.redis_url()
# How long a page may be given out as it was made; what it shows changes before that, and it goes. 0: never.
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 0 if DEBUG or TESTING else 300)
if not 0 <= PAGE_CACHE_SECONDS <= 3600:
    raise ImproperlyConfigured(f"PAGE_CACHE_SECONDS is {PAGE_CACHE_SECONDS}; say 0 to 3600.")
# How many megabytes of pages each web process has ready in its own memory. 0: none, each is asked of Redis.
PAGE_MEMORY_MB = env.integer("PAGE_MEMORY_MB", 64)
# How long caches between us and readers may keep a page at least, and whether they are told its keys.
CDN_SECONDS = env.integer("CDN_SECONDS", 60)
SURROGATE_KEYS = env.flag("SURROGATE_KEYS")
# A Redis that hangs says nothing: whoever asks it beside other work waits no longer than this.
REDIS_PATIENCE = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_PATIENCE,
    }
}

# --- work in the background ------------------------------------------------------------------------------------


def celery_url(redis_url: str) -> str:
    """Celery spells a Redis behind a unix socket differently from redis-py: same place, other words."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?virtual_host={query.removeprefix('db=') or 0}"


CELERY_BROKER_URL = celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Parsing merchants' pages leaks memory in C libraries: a worker process retires after this many tasks.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840

# --- the outside world -----------------------------------------------------------------------------------------

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
# So many copies of letters go out in any minute at most. 0: as fast as the mail server takes them.
NEWSLETTER_PER_MINUTE = env.integer("NEWSLETTER_PER_MINUTE", 600)
# News that a reader follows: more letters than these in a day are gathered into the next day's.
NEWS_LETTERS_PER_DAY = env.integer("NEWS_LETTERS_PER_DAY", 6)
# A price that stays below what a reader asked for is told again after so many days at the earliest.
ALERT_REST_DAYS = env.integer("ALERT_REST_DAYS", 14)

# --- words, time, files ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
# An address typed without a scheme means https; Django 6 says so by itself.
FORMS_URLFIELD_ASSUME_HTTPS = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "avif",
    "zip",
    "gz",
    "br",
    "woff",
    "woff2",
    "map",
)
# Where pictures lie. Whatever store it is, readers are given them by `reviews/media.py`.
STORAGES = {
    "default": {
        "BACKEND": env.text("MEDIA_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.options("MEDIA_STORAGE_OPTIONS"),
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or TESTING
            else "config.static_files.HashedStaticFiles"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or DATA_DIR / "media")
MEDIA_URL = "media/"

# --- locks and bars --------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
# Whoever signs in to the desk shows a second factor. 0 only where nothing is at stake: the demo.
ADMIN_REQUIRE_MFA = env.flag("ADMIN_REQUIRE_MFA", default=True)
# Who does nothing at the desk for so long is signed out, and everybody so long after signing in.
ADMIN_IDLE_MINUTES = env.integer("ADMIN_IDLE_MINUTES", 120)
ADMIN_SESSION_HOURS = env.integer("ADMIN_SESSION_HOURS", 12)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "config.staff.adapter.StaffAdapter"
ACCOUNT_FORMS = {"login": "config.staff.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# By network and by account, counted in Redis for all processes (config/staff/adapter.py says them in words).
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "50/15m/ip,10/15m/key"}
MFA_ADAPTER = "config.staff.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys over https, and on this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The nonce is printed only by answers that ask for one: the admin's editor with its import map.
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # A string becomes HTML only by the two scripts that read a page of ours (config/resource_policy.py: not where
        # other people's scripts run).
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["own-page"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=IS_HTTPS)
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000 if IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
# `__Host-`: browsers take such a cookie only over https, for this very host.
SESSION_COOKIE_NAME = f"{'__Host-' * IS_HTTPS}sessionid"
SESSION_COOKIE_AGE = ADMIN_IDLE_MINUTES * 60
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
# Not "Strict": mails to the newsroom lead to its pages, which would ask everybody to sign in again.
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{'__Host-' * IS_HTTPS}csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = list({SITE_URL, ADMIN_ORIGIN})
X_FRAME_OPTIONS = "DENY"
# An article of a thousand blocks is one form. What is larger is refused in words (config/too_large.py).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000

# --- API -------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.json_body.JsonBody"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["config.api_limits.PerAddress"],
    "DEFAULT_THROTTLE_RATES": {"anon": env.text("API_RATE", "120/min")},
    # Without a proxy of ours the address in X-Forwarded-For is whatever the client wrote there.
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "config.problems.problem_details",
}
SPECTACULAR_SETTINGS = schema_settings(SITE_NAME)

# Who may read `/metrics`: whoever sends this as a bearer token. Empty: nobody.
METRICS_TOKEN = env.text("METRICS_TOKEN")

# Where traces go (OTLP over HTTP); empty: none are made, and nothing of it is imported.
OTEL_EXPORTER_OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT")
if OTEL_EXPORTER_OTLP_ENDPOINT:
    MIDDLEWARE.insert(1, "config.tracing.Traced")

LOGGING = log_settings(
    env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    form=env.choice("LOG_FORMAT", FORMS, "lines"),
    has_time=env.flag("LOG_TIME", default=True),
    secrets=[
        str(secret)
        for secret in (
            *(SECRET_KEY, METRICS_TOKEN, MAIL_EVENTS_SECRET),
            *(database.get("PASSWORD") for database in DATABASES.values()),
            vars().get("EMAIL_HOST_PASSWORD"),
        )
        if secret
    ],
)
