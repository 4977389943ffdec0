"""The baseline of every speed claim: an empty Django view that answers 302 behind one middleware."""

from __future__ import annotations

from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    USE_I18N=False,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402  (needs the settings)
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def empty(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": "https://shop.example/p/1"})


urlpatterns = [path("go/<code>/", empty)]
application = get_wsgi_application()
