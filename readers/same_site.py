"""Was a form sent from one of our own pages? Asked where a form stands on kept pages and so has no CSRF token."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

# For pages whose address is a key: nobody is told more than the site's name. With "no-referrer" browsers would send the
# page's own forms with `Origin: null`, which no other site's form could be told from.
KEY_PAGE_REFERRER = "strict-origin"
# Some programs that remember passwords fill in everything: a person whom that happened to is told, and presses again.
TRAP_FILLED = (
    "A field that people do not see was filled in, as programs do. It is empty again: press the button once more."
)


def is_foreign(request: HttpRequest) -> bool:
    """Whether the browser says that it was another site's page. What sends no `Origin` is no browser of today."""
    origin = request.headers.get("Origin", "")
    try:
        return bool(origin) and urlsplit(origin).netloc != request.get_host()
    except ValueError:  # "http://[" and the like
        return True
