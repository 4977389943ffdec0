"""Where does the page of a thing with this slug stand? Asked dozens of times for each page, so answered from memory."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def page_address(name: str, slug: str) -> str:
    """The path of the address pattern with this name. Raises `NoReverseMatch`, as `reverse` does."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, slug)


# Which addresses there are, and under which prefix, may differ from request to request; it is part of the question.
@lru_cache(maxsize=20_000)
def _address(_urlconf: str, _prefix: str, name: str, slug: str) -> str:
    return reverse(name, kwargs={"slug": slug})
