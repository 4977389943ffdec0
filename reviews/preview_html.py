"""How is a page changed so that it can be looked at beforehand: without clicks that count, dark, as it is printed?

A pure module. It works on the HTML that readers would get, so that a preview cannot look different by accident.
Attributes in it are quoted and escaped: the templates and the sanitiser see to that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINK = re.compile(r"<(?:a|area)\s[^>]*>")
_OURS = re.compile(r'\s(?:href="|ping="(?:https?://[^"/]+)?)(/go/[^"?]*)(?:\?[^"]*)?"')
_HREF = re.compile(r'\shref="([^"]*)"')
_PING = re.compile(r'\sping="[^"]*"')
_JSON_LD = re.compile(r'<script type="application/ld\+json"[^>]*>.*?</script>', re.DOTALL)
_THEME_SCRIPT = re.compile(r'<script\s[^>]*src="[^"]*/theme\.[^"]*"[^>]*></script>')
_STYLESHEET = re.compile(r'(<link rel="stylesheet" href=")([^"]*)(")')


def uncounted(html: str) -> str:
    """Its paid links lead over our own address as trials, which is nobody's click; machines are told nothing."""
    return _LINK.sub(_as_trial, _JSON_LD.sub("", html))


def in_frame(html: str, *, look: str) -> str:
    """In this look ("light" or "dark"), whatever the browser prefers; links open beside the frame, not in it."""
    html = _THEME_SCRIPT.sub("", html).replace("<html ", f'<html data-theme="{look}" ', 1)
    return _LINK.sub(_opened_beside, html)


def with_styles(html: str, styles: Mapping[str, str]) -> str:
    """With other stylesheets: address before → address instead."""
    return _STYLESHEET.sub(lambda link: link[1] + styles.get(link[2], link[2]) + link[3], html)


def on_paper(css: str) -> str:
    """A stylesheet whose rules for paper hold on the screen."""
    return css.replace("@media print", "@media all")


def _as_trial(link: re.Match[str]) -> str:
    ours = _OURS.search(link[0])
    if ours is None:
        return link[0]
    return _HREF.sub(f' href="{ours[1]}?test=1"', _PING.sub("", link[0]))


def _opened_beside(link: re.Match[str]) -> str:
    href = _HREF.search(link[0])
    if href is None or href[1].startswith("#") or " target=" in link[0]:
        return link[0]
    return f'{link[0][:-1]} target="_blank">'
