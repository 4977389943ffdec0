"""What the site is put together from: apps, middleware, templates."""

from __future__ import annotations

from config import env
from config.settings.site import BASE_DIR

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

# Where traces go (OTLP over HTTP); empty: none are made, and nothing of it is imported.
OTEL_EXPORTER_OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT")

MIDDLEWARE = [
    "config.health.Livez",
    *(["config.tracing.Traced"] if OTEL_EXPORTER_OTLP_ENDPOINT else []),
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
    "config.acting_doors.SayWho",
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
